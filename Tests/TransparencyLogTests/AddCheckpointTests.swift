// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Requests to a witness, and its answers")
struct AddCheckpointTests {
    private let log = TestLog()

    /// The example of the specification, with a valid form and keys that nobody here knows.
    private static let example = """
        old 20852014
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

        example.com/behind-the-sofa
        20852163
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=

        """
    private static let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    private static let checkpoint = example.split(separator: "\n\n", maxSplits: 1)[1]

    @Test func exampleOfTheSpecification() throws {
        let request = try AddCheckpoint(parsing: Array(Self.example.utf8))
        #expect(request.old == 20_852_014)
        #expect(request.proof.path.count == 4)
        #expect(request.origin.description == "example.com/behind-the-sofa")
        #expect(request.head.size == 20_852_163)
        #expect(request.note.signatures.count == 2)
        #expect(request.bytes == Array(Self.example.utf8))
    }

    @Test func whatIsWrittenIsRead() throws {
        for size in 0...9 {
            let checkpoint = try log.checkpoint(size: size)
            for old in 0...size {
                let path = old == 0 ? [] : NaiveTree(size: size).consistency(old, size)
                let old = try #require(TreeSize(UInt64(old)))
                let request = try AddCheckpoint(old: old, proof: ConsistencyProof(path: path), checkpoint: checkpoint)
                #expect(try AddCheckpoint(parsing: request.bytes) == request)
                #expect(request.head == checkpoint.unverified.head)
            }
        }
    }

    // conformance 74, 75
    @Test(arguments: [
        "", "\n", "old 0", "old 0\n", "old 0\n\n", "\n\(checkpoint)", "\(checkpoint)", "old 0\n\(checkpoint)",
        "old\n\n\(checkpoint)", "old \n\n\(checkpoint)", "old  0\n\n\(checkpoint)", " old 0\n\n\(checkpoint)",
        "old 0 \n\n\(checkpoint)", "old 00\n\n\(checkpoint)", "old 01\n\n\(checkpoint)", "old +1\n\n\(checkpoint)",
        "old -1\n\n\(checkpoint)", "old 1e3\n\n\(checkpoint)", "old 0x1\n\n\(checkpoint)", "Old 0\n\n\(checkpoint)",
        "old 9223372036854775808\n\n\(checkpoint)", "old 18446744073709551616\n\n\(checkpoint)",
        "old 0\r\n\r\n\(checkpoint)", "old 0\n \n\(checkpoint)", "\nold 0\n\n\(checkpoint)", "size 0\n\n\(checkpoint)",
        "old 0\n\n\n\(checkpoint)", "old 0\nx\n\n\(checkpoint)", "old 0\n\(hash.dropLast(2))\n\n\(checkpoint)",
        "old 0\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n\n\(checkpoint)",
        "old 0\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkQ==\n\n\(checkpoint)",
        "old 0\n\(String(repeating: hash, count: 64))\n\(checkpoint)",
        "old 0\n\n\(checkpoint.dropLast())", "old 0\n\n\(checkpoint)\n", "old 0\n\n\(checkpoint)x\n",
        "old 0\n\na\n1\n\n\(checkpoint)", "old 0\n\n\(checkpoint.replacing("20852163", with: "020852163"))",
        "old 0\n\n\(checkpoint.replacing("\n20852163", with: ""))",
        "old 0\n\n\(checkpoint.replacing("20852163", with: "9223372036854775808"))",
        "old 0\n\n\(checkpoint.replacing("—", with: "-"))",
        "old 0\n\nlog\n0\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\n",
        "old 0\n\nlog\n0\n\n— log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4Q==\n",
        "old 0\n\nlog\n0\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\nx\n\n— log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurm\n",
    ])
    func malformedRequestsAreRefused(_ text: String) {
        #expect(throws: FormatError.self) { try AddCheckpoint(parsing: Array(text.utf8)) }
    }

    @Test func sixtyThreeHashesAreRead() throws {
        let text = "old 5\n\(String(repeating: Self.hash, count: 63))\n\(Self.checkpoint)"
        let request = try AddCheckpoint(parsing: Array(text.utf8))
        #expect(request.proof.path.count == 63)
        let long = ConsistencyProof(path: request.proof.path + request.proof.path.prefix(1))
        #expect(throws: FormatError.self) {
            try AddCheckpoint(old: 5, proof: long, checkpoint: try log.checkpoint(size: 7))
        }
    }

    @Test func everyCutIsRefused() throws {
        let bytes = try AddCheckpoint(
            old: 0, proof: ConsistencyProof(path: []), checkpoint: log.cosigned(log.checkpoint(size: 7), [5])
        ).bytes
        // A cut behind the first of two signature lines leaves a whole request.
        let whole = try #require(bytes.dropLast().lastIndex(of: 0x0A)) + 1
        for count in 0..<bytes.count where count != whole {
            #expect(throws: FormatError.self) { try AddCheckpoint(parsing: Array(bytes[..<count])) }
        }
        #expect(try AddCheckpoint(parsing: Array(bytes[..<whole])).note.signatures.count == 1)
    }

    /// What a log states of an empty tree is for the decision, not for the parser.
    @Test func emptyTreeWithAnotherRootIsRead() throws {
        let text = "old 0\n\nlog\n0\n\(Self.hash)extension\n\n— log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurm\n"
        let request = try AddCheckpoint(parsing: Array(text.utf8))
        #expect(request.origin.description == "log")
        #expect(request.head == TreeHead(size: 0, root: try #require(Hash(base64: Self.hash.utf8.dropLast()))))
        #expect(request.bytes == Array(text.utf8))
    }

    /// Sixteen lines of the size of ML-DSA-44, and more, pass through as they are.
    @Test(arguments: [1, 16, 63]) func largeSignatureLinesAreKept(_ count: Int) throws {
        let large = try (0..<count).map { number in
            SignedNote.Signature(
                name: try #require(KeyName("witness.example/pq\(number)")), keyID: KeyID(rawValue: 7),
                bytes: [UInt8](repeating: UInt8(number), count: 8 + 2420))
        }
        let checkpoint = try log.checkpoint(size: 7).adding(large)
        let request = try AddCheckpoint(old: 0, proof: ConsistencyProof(path: []), checkpoint: checkpoint)
        let read = try AddCheckpoint(parsing: request.bytes)
        #expect(read.note.signatures.dropFirst() == large[...])
        let answer = try AddCheckpointAnswer(parsing: large.flatMap(\.line))
        #expect(answer.signatures == large)
    }

    @Test func tooLongRequestsAreRefused() {
        let long = "old 0\n\n\(Self.checkpoint)" + String(repeating: "x", count: AddCheckpoint.maximumByteCount)
        #expect(throws: FormatError("add-checkpoint", "longer than its limit")) {
            try AddCheckpoint(parsing: Array(long.utf8))
        }
    }

    // MARK: - Answers

    // conformance 86
    @Test func answers() throws {
        let lines: [String] = Self.example.split(separator: "\n").suffix(2).map { "\($0)\n" }
        let (line, other): (String, String) = (lines[0], lines[1])
        for text in [line, line + other] {
            let answer = try AddCheckpointAnswer(parsing: Array(text.utf8))
            #expect(answer.bytes == Array(text.utf8))
            #expect(try AddCheckpointAnswer(answer.signatures) == answer)
        }
        let malformed: [String] = [
            "", "\n", "x", "\n\(line)", "\(line)\n", "\(line)\n\(line)", "x\n\(line)", "x\n\n\(line)", "\(line)x\n",
            String(line.dropLast()), "\(line)\(line)", line.replacing("—", with: "--"), " \(line)",
            line.replacing("\n", with: "\r\n"),
        ]
        for text in malformed {
            #expect(throws: FormatError.self) { try AddCheckpointAnswer(parsing: Array(text.utf8)) }
        }
        #expect(throws: FormatError.self) { try AddCheckpointAnswer([]) }
        #expect(throws: FormatError.self) {
            try AddCheckpointAnswer(
                parsing: [UInt8](repeating: 0x41, count: AddCheckpointAnswer.maximumByteCount + 1))
        }
    }

    // conformance 79
    @Test func sizesInConflicts() {
        let body = WitnessRefusal.oldDiffers(last: 20_852_014).body
        #expect(body == Array("20852014\n".utf8))
        #expect(WitnessRefusal.lastSize(parsing: body) == 20_852_014)
        #expect(WitnessRefusal.lastSize(parsing: Array("0\n".utf8)) == 0)
        for text in ["", "\n", "1", "01\n", "1\n\n", " 1\n", "1 \n", "9223372036854775808\n", "x\n"] {
            #expect(WitnessRefusal.lastSize(parsing: Array(text.utf8)) == nil)
        }
    }

    /// The longest request there can be: the longest note, behind 63 hashes and the longest size.
    @Test func theLongestRequestIsRead() throws {
        let head = "ledger.example/vectors\n5\n\(Self.hash)"
        let tail = Array("\n".utf8) + log.signer.sign([]).line
        let count = SignedNote.maximumByteCount - head.utf8.count - tail.count - 1
        let text = Array("\(head)\(String(repeating: "x", count: count))\n".utf8)
        let checkpoint = try SignedCheckpoint(SignedNote(text: text, signatures: [log.signer.sign(text)]))
        let path = try Array(repeating: #require(Hash(base64: Self.hash.utf8.dropLast())), count: 63)
        let old = try #require(TreeSize(UInt64.max >> 1))
        let request = try AddCheckpoint(old: old, proof: ConsistencyProof(path: path), checkpoint: checkpoint)
        #expect(request.bytes.count == AddCheckpoint.maximumByteCount)
        #expect(try AddCheckpoint(parsing: request.bytes) == request)
    }

    @Test func theLongestAnswerIsRead() throws {
        func lines(_ first: String) throws -> [SignedNote.Signature] {
            try (0..<32).map { number in
                SignedNote.Signature(
                    name: try #require(KeyName(number == 0 ? first : "\(10 + number)")), keyID: KeyID(rawValue: 7),
                    bytes: [UInt8](repeating: 1, count: 12_278))
            }
        }
        let answer = try AddCheckpointAnswer(lines("10"))
        #expect(answer.bytes.count == AddCheckpointAnswer.maximumByteCount)
        #expect(throws: FormatError.self) { try AddCheckpointAnswer(lines("100")) }
    }
}
