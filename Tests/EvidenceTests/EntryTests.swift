// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct EntryTests {
    private typealias World = RegistryWorld
    private static let anna = World.person("anna")

    private func filing() throws -> Filing { try World.filing(World.register(1), by: [Self.anna]) }

    @Test func readsWhatItWrites() throws {
        let filing = try filing()
        for seconds in [0, 9, 1_700_000_000, 1 << 53 - 1] as [UInt64] {
            let time = try #require(EntryTime(seconds: seconds))
            let entry = try Entry(time: time, filing: filing)
            #expect(entry.bytes == Array("time \(seconds)\n".utf8) + filing.bytes)
            #expect(entry.leafHash == SHA256.hash([0x00] + entry.bytes))
            #expect(try Entry(parsing: entry.bytes) == entry)
            #expect(try entry.verified() == VerifiedEntry(time: time, filing: filing.verified()))
        }
    }

    @Test func timeLineIsStrict() throws {
        let filing = try filing().bytes
        for line in [
            "", "time\n", "time \n", "time 01\n", "time +1\n", "time 1 \n", "time  1\n", "Time 1\n", "time -1\n",
            "time 9007199254740992\n", "time 1\r\n", "\ntime 1\n", "time 1", "x 1\n",
        ] {
            #expect(throws: FormatError("entry", line: 1, "want a time line with seconds below 2^53")) {
                try Entry(parsing: Array(line.utf8) + filing)
            }
        }
        #expect(throws: FormatError.self) { try Entry(parsing: Array("time 1\n\n".utf8) + filing) }
        #expect(throws: FormatError.self) { try Entry(parsing: Array("time 1\n".utf8) + filing + [0x0A]) }
    }

    @Test func sizeIsBoundedFirst() throws {
        let long = Array("time 1\n".utf8) + [UInt8](repeating: 0x61, count: 65_529)
        #expect(throws: FormatError("entry", "longer than 65,535 bytes")) { try Entry(parsing: long) }
        #expect(throws: FormatError("signed note", "no signature block")) { try Entry(parsing: long.dropLast()) }
    }

    /// An unverified entry still has one signature line for each signer.
    @Test func skippingSignaturesSkipsNoLines() throws {
        let text = try filing().text
        let time = try #require(EntryTime(seconds: 1))
        let wrong = SignedNote.Signature(
            name: Self.anna.verifierKey.name, keyID: Self.anna.verifierKey.id, bytes: [UInt8](repeating: 0, count: 64))
        let unsigned = try Entry(
            time: time, filing: Filing(parsing: SignedNote(text: text.bytes, signatures: [wrong]).bytes))
        #expect(throws: FilingError.invalidSignature(Self.anna.verifierKey)) { try unsigned.verified() }
        #expect(try unsigned.skippingSignatures().entry == unsigned)
        let other = World.person("other").sign(text.bytes)
        let strange = try Entry(
            time: time, filing: Filing(parsing: SignedNote(text: text.bytes, signatures: [other]).bytes))
        #expect(throws: FilingError.signatureLinesDiffer) { try strange.skippingSignatures() }
    }
}
