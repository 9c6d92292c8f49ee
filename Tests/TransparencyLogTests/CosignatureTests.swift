// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

// conformance 59 and 60 are of ML-DSA-44 signatures, which no library here can make or verify: their lines are ignored
// like those of any other unknown key, and their witnesses never count (see `TrustPolicyTests`).
// conformance 61: a time in the future is not refused here; this target has no clock. `bounds.json` has one.
// conformance 62 is a promise of the operator, not a rule about bytes.
@Suite("Cosignatures")
struct CosignatureTests {
    private let log = TestLog()

    // conformance 55, 56, 57
    @Test func messageAndLayoutAreThoseOfTheSpecification() throws {
        let checkpoint = try log.checkpoint(size: 7).verified(by: [log.signer.verifierKey])
        let witness = log.witnesses[0]
        let line = try witness.cosign(checkpoint, at: 1_700_000_092)
        #expect(line.name == witness.verifierKey.name)
        #expect(line.keyID == KeyID(name: line.name, type: .cosignature, key: witness.verifierKey.keyBytes))
        #expect(line.bytes.count == 72)
        #expect(Array(line.bytes[..<8]) == [0, 0, 0, 0, 0x65, 0x53, 0xF1, 0x5C])
        let message = Array("cosignature/v1\ntime 1700000092\n".utf8) + checkpoint.checkpoint.text
        #expect(witness.privateKey.publicKey.verifies(line.bytes[8...], over: message))
        let cosignature = try Cosignature(parsing: line.bytes)
        #expect(cosignature.time == 1_700_000_092)
        #expect(cosignature.bytes == line.bytes)
        #expect(cosignature.verifies(by: witness.privateKey.publicKey, over: checkpoint.checkpoint.text))
        #expect(!cosignature.verifies(by: log.witnesses[1].privateKey.publicKey, over: checkpoint.checkpoint.text))
    }

    // conformance 57: extension lines are covered
    @Test func everyByteOfTheTextAndTheTimeIsCovered() throws {
        let text = Array("a\n1\n\(MerkleTree.emptyRoot)\nextension\n".utf8)
        let key = log.witnesses[0].privateKey.publicKey
        let bytes = log.witnesses[0].line(over: text, time: 77).bytes
        #expect(try Cosignature(parsing: bytes).verifies(by: key, over: text))
        for index in text.indices {
            var altered = text
            altered[index] ^= 1
            #expect(try !Cosignature(parsing: bytes).verifies(by: key, over: altered))
        }
        for index in bytes.indices {
            for bit in 0..<8 where index > 0 || bit < 7 {
                var altered = bytes
                altered[index] ^= 1 << bit
                #expect(try !Cosignature(parsing: altered).verifies(by: key, over: text))
            }
        }
        #expect(try !Cosignature(parsing: bytes).verifies(by: key, over: text.dropLast()))
        #expect(try !Cosignature(parsing: bytes).verifies(by: key, over: text + [0x0A]))
    }

    // conformance 56
    @Test func otherLengthsAndTimesAreRefused() throws {
        for count in [0, 1, 8, 64, 71, 73, 2428] {
            #expect(throws: FormatError.self) { try Cosignature(parsing: Array(repeating: 0, count: count)) }
        }
        let latest = try Cosignature(parsing: [0x7F] + Array(repeating: 0xFF, count: 71))
        #expect(latest.time == UInt64(Int64.max))
        #expect(throws: FormatError.self) { try Cosignature(parsing: [0x80] + Array(repeating: 0, count: 71)) }
    }

    // conformance 86: a witness states a time
    @Test func witnessesStateATime() throws {
        let checkpoint = try log.checkpoint(size: 7).verified(by: [log.signer.verifierKey])
        for time in [0, 1 << 63, .max] as [UInt64] {
            #expect(throws: FormatError.self) { try log.witnesses[0].cosign(checkpoint, at: time) }
        }
        for time in [1, 1 << 63 - 1] as [UInt64] {
            #expect(try Cosignature(parsing: log.witnesses[0].cosign(checkpoint, at: time).bytes).time == time)
        }
    }
}
