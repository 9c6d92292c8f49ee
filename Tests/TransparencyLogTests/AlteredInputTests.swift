// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// A parser refuses what it would not itself write: every small change to a sample is refused, or is read as something
/// that is written with exactly those bytes.
@Suite("Altered inputs")
struct AlteredInputTests {
    @Test func whatIsReadIsWhatIsWritten() throws {
        let proof = try LogProof(parsing: Array(Carried.proof.utf8))
        try check(proof.checkpoint.bytes) { bytes in
            let note = try SignedNote(parsing: bytes)
            return try SignedNote(text: Array(note.unverifiedText), signatures: note.signatures).bytes
        }
        try check(proof.checkpoint.unverified.text) { bytes in
            let checkpoint = try Checkpoint(parsing: bytes)
            return Checkpoint(origin: checkpoint.origin, head: checkpoint.head).text
                + checkpoint.extensionLines.flatMap { $0 + [0x0A] }
        }
        try check(proof.bytes) { bytes in
            let proof = try LogProof(parsing: bytes)
            return try LogProof(
                extra: proof.extra, index: proof.index, inclusion: proof.inclusion, checkpoint: proof.checkpoint
            ).bytes
        }
        try check(Array(Carried.exampleKey.utf8)) { try VerifierKey(parsing: $0).utf8 }
        try check(Array("tile/3/x001/x234/067.p/12".utf8)) { Array(try Tile(parsing: $0).path.utf8) }
        try check(Array("tile/entries/x001/067".utf8)) { Array(try Tile(parsing: $0).path.utf8) }
        try check(TestLog().witnesses[0].line(over: [1], time: 5).bytes) { try Cosignature(parsing: $0).bytes }
        let bundle = try EntryBundle([[1, 2], [], [3, 4, 5]])
        try check(bundle.bytes) {
            try EntryBundle(EntryBundle(parsing: $0, of: Tile(.entries, index: 0, width: 3)!).map { Array($0) }).bytes
        }
    }

    private func check(_ sample: [UInt8], _ rewrite: ([UInt8]) throws -> [UInt8]) throws {
        #expect(try rewrite(sample) == sample)
        for altered in alterations(of: sample) {
            do {
                #expect(try rewrite(altered) == altered)
            } catch is FormatError {
                continue
            }
        }
    }

    /// The sample with one byte changed, removed, doubled or put in, and every beginning of it.
    private func alterations(of sample: [UInt8]) -> [[UInt8]] {
        let odd: [UInt8] = [0x00, 0x0A, 0x0D, 0x20, 0x2B, 0x30, 0x3D, 0x41, 0x80, 0xFF]
        let step = max(1, sample.count / 400)
        return stride(from: 0, to: sample.count, by: step).flatMap { place in
            var results = odd.map { sample[..<place] + [$0] + sample[(place + 1)...] }
            results += odd.map { sample[..<place] + [$0] + sample[place...] }
            results.append(sample[..<place] + sample[(place + 1)...])
            results.append(sample[...place] + sample[place...])
            results.append(sample[..<place])
            return results.map { Array($0) }
        }
    }
}
