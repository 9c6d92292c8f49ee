// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Cosigned checkpoints and the bounds on their time")
struct CosignedCheckpointTests {
    private let log = TestLog()

    /// The two bounds by their words, tried at every T, over every choice of times of three witnesses and every quorum.
    @Test func boundsAreThoseOfTheirDefinition() throws {
        let three = Carried.policy.split(separator: "\n")[..<4].joined(separator: "\n") + "\n"
        let policies = try [
            "group g any w1 w2 w3\nquorum g\n", "group g 2 w1 w2 w3\nquorum g\n", "group g all w1 w2 w3\nquorum g\n",
            "quorum w2\n", "group g all w1 w3\nquorum g\n", "group g any w1 w2\ngroup h all g w3\nquorum h\n",
        ].map { try TrustPolicy(text: three + $0) }
        let checkpoint = try log.checkpoint(size: 7)
        let choices: [UInt64?] = [nil, 0, 1, 2, 3]
        for first in choices {
            for second in choices {
                for third in choices {
                    let cosigned = try log.cosigned(checkpoint, [first, second, third])
                    for policy in policies {
                        let result = try policy.verify(cosigned)
                        let times = [first, second, third]
                        func isMet(_ range: ClosedRange<UInt64>) -> Bool {
                            policy.isQuorumMet(
                                by: zip(policy.witnesses, times).filter { $0.1.map(range.contains) ?? false }.map(\.0))
                        }
                        #expect(result.isQuorumMet == isMet(0...9))
                        #expect(result.upperBound == (1...4).first { isMet(1...$0) })
                        #expect(result.lowerBound == (1...4).last { isMet($0...9) })
                    }
                }
            }
        }
    }

    @Test func withoutAQuorumThereAreNoBounds() throws {
        let three = Carried.policy.split(separator: "\n")[..<4].joined(separator: "\n") + "\nquorum none\n"
        let cosigned = try TrustPolicy(text: three).verify(log.cosigned(log.checkpoint(size: 7), [5, 6, 7]))
        #expect(cosigned.cosigners.count == 3)
        #expect(cosigned.isQuorumMet)
        #expect(cosigned.upperBound == nil)
        #expect(cosigned.lowerBound == nil)
        let alone = try TrustPolicy(text: three).verify(log.checkpoint(size: 7))
        #expect(alone.isQuorumMet)
    }

    @Test func cosignersAreInTheOrderOfTheLines() throws {
        let policy = try TrustPolicy(text: Carried.policy)
        let checkpoint = try log.checkpoint(size: 7)
        let text = Array(checkpoint.note.unverifiedText)
        let lines = [2, 0].map { log.witnesses[$0].line(over: text, time: UInt64(10 + $0)) }
        let cosigned = try policy.verify(checkpoint.adding(lines))
        #expect(cosigned.cosigners.map(\.witness.name.description) == ["w3", "w1"])
        #expect(cosigned.cosigners.map(\.time) == [12, 10])
    }

    /// A witness's signature over another text, or under its key as a note signature, is not a cosignature.
    @Test func signaturesOfOtherKindsAreNoCosignatures() throws {
        let policy = try TrustPolicy(text: Carried.policy)
        let checkpoint = try log.checkpoint(size: 7)
        let text = Array(checkpoint.note.unverifiedText)
        let witness = log.witnesses[0]
        let elsewhere = witness.line(over: Array(try log.checkpoint(size: 8).note.unverifiedText), time: 5)
        let plain = SignedNote.Signature(
            name: elsewhere.name, keyID: elsewhere.keyID, bytes: witness.privateKey.sign(text))
        for line in [elsewhere, plain] {
            #expect(throws: CheckpointError.invalidCosignature(elsewhere.name)) {
                try policy.verify(checkpoint.adding([line]))
            }
        }
        // Under the key ID of type 0x01 the same key is another, unknown one.
        let signer = NoteSigner(name: elsewhere.name, privateKey: witness.privateKey)
        let cosigned = try policy.verify(checkpoint.adding([signer.sign(text)]))
        #expect(cosigned.cosigners.isEmpty)
    }

    /// A log key that the policy does not list, as after a rotation: the caller verifies, the policy judges.
    @Test func judgesWhatAnotherKeyHasVerified() throws {
        let policy = try TrustPolicy(text: Carried.policy)
        let next = NoteSigner(name: log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let checkpoint = try log.cosigned(Checkpoint(origin: log.origin, head: .empty).signed(by: [next]), [5, 6])
        #expect(throws: CheckpointError.notSignedByLog(log.origin)) { try policy.verify(checkpoint) }
        let cosigned = try policy.judge(checkpoint.verified(by: [next.verifierKey]))
        #expect(cosigned.isQuorumMet)
        #expect(cosigned.upperBound == 6)
    }
}
