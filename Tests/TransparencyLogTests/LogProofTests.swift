// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Proofs of logging")
struct LogProofTests {
    private let log = TestLog()
    private let naive = NaiveTree(size: 20)

    private func policy() throws -> TrustPolicy { try TrustPolicy(text: Carried.policy) }

    // conformance 47 to 51: one made by an independent implementation
    @Test func carriedProofHolds() throws {
        let bytes = Array(Carried.proof.utf8)
        let proof = try LogProof(parsing: bytes)
        #expect(proof.bytes == bytes)
        #expect(proof.index == 4)
        #expect(proof.inclusion.path.count == 10)
        let leafHash = MerkleTree.leafHash(try #require(proof.extra))
        let cosigned = try proof.verify(leafHash, under: policy())
        #expect(cosigned.head.size == 600)
        #expect(cosigned.cosigners.map(\.time) == Carried.proofTimes)
        #expect(cosigned.cosigners.map(\.witness) == (try policy().witnesses))
        #expect(cosigned.upperBound == Carried.proofTimes[1])
        #expect(cosigned.lowerBound == Carried.proofTimes[1])
        let remade = try LogProof(
            extra: proof.extra, index: proof.index, inclusion: proof.inclusion, checkpoint: proof.checkpoint)
        #expect(remade == proof)
    }

    // conformance 52: every size to 20 and every index; a leaf that is another's
    @Test func proofsOfSmallLogsHold() throws {
        let policy = try policy()
        for size in 1...20 {
            let checkpoint = try log.cosigned(log.checkpoint(size: size), [5, 6])
            for index in 0..<size {
                let proof = try LogProof(
                    index: LeafIndex(UInt64(index))!, inclusion: InclusionProof(path: naive.inclusion(index, size)),
                    checkpoint: checkpoint)
                #expect(proof.extra == nil)
                let parsed = try LogProof(parsing: proof.bytes)
                #expect(parsed == proof)
                try parsed.verify(naive.leafHashes[index], under: policy)
                #expect(throws: LogProofError.inclusion(.wrongRoot)) {
                    try parsed.verify(naive.leafHashes[(index + 1) % 20], under: policy)
                }
            }
        }
    }

    // conformance 51: each step that fails has its own error, and an earlier one goes before a later
    @Test func stepsAreTakenInTheirOrder() throws {
        let policy = try policy()
        let leafHash = naive.leafHashes[3]
        let text = Array(try log.checkpoint(size: 7).note.unverifiedText)
        let (l, w) = (log.signer.sign(text), log.witnesses.map { $0.line(over: text, time: 9) })
        let path = naive.inclusion(3, 7)
        func outcome(_ lines: [SignedNote.Signature], _ path: [Hash], _ index: LeafIndex = 3) -> LogProofError? {
            do {
                let checkpoint = try SignedCheckpoint(SignedNote(text: text, signatures: lines))
                let proof = try LogProof(index: index, inclusion: InclusionProof(path: path), checkpoint: checkpoint)
                try proof.verify(leafHash, under: policy)
                return nil
            } catch {
                return error as? LogProofError
            }
        }
        func damaged(_ line: SignedNote.Signature) -> SignedNote.Signature {
            var bytes = line.bytes
            bytes[bytes.count - 1] ^= 1
            return SignedNote.Signature(name: line.name, keyID: line.keyID, bytes: bytes)
        }
        let badLog = LogProofError.checkpoint(.invalidLogSignature(l.name))
        let badWitness = LogProofError.checkpoint(.invalidCosignature(w[2].name))
        #expect(outcome([l, w[0], w[1]], path) == nil)
        #expect(outcome([w[0], w[1], l, w[2]], path) == nil)
        #expect(outcome([w[0], w[1]], path) == .checkpoint(.notSignedByLog(log.origin)))
        #expect(outcome([damaged(l), w[0], w[1]], path) == badLog)
        #expect(outcome([damaged(w[2]), damaged(l)], []) == badLog)
        // A known witness that fails refuses the proof, though the others would do.
        #expect(outcome([l, w[0], w[1], damaged(w[2])], path) == badWitness)
        #expect(outcome([l, damaged(w[2])], []) == badWitness)
        let malformed: [[UInt8]] = [[1], Array(w[2].bytes[8...]), w[2].bytes + [0], [0x80] + w[2].bytes[1...]]
        for bytes in malformed {
            let line = SignedNote.Signature(name: w[2].name, keyID: w[2].keyID, bytes: bytes)
            #expect(outcome([l, w[0], w[1], line], path) == badWitness)
        }
        #expect(outcome([l], path) == .quorumNotMet)
        #expect(outcome([l, w[0]], []) == .quorumNotMet)
        #expect(outcome([l, w[0], w[1]], []) == .inclusion(.tooShort))
        #expect(outcome([l, w[0], w[1]], path + [leafHash]) == .inclusion(.tooLong))
        #expect(outcome([l, w[0], w[1]], path, 2) == .inclusion(.wrongRoot))
        #expect(outcome([l, w[0], w[1]], path, 7) == .inclusion(.indexBeyondSize))
        let stranger = try TestLog("other.example").checkpoint(size: 7)
        let foreign = try LogProof(index: 3, inclusion: InclusionProof(path: path), checkpoint: stranger)
        #expect(throws: LogProofError.checkpoint(.unknownOrigin(stranger.unverified.origin))) {
            try foreign.verify(leafHash, under: policy)
        }
    }

    // What is put together can be read again, or is not put together.
    @Test func whatCannotBeReadIsNotPutTogether() throws {
        let checkpoint = try log.checkpoint(size: 7)
        func proof(_ extra: [UInt8]?, _ count: Int, at index: LeafIndex = 3) throws -> LogProof {
            let path = Array(repeating: naive.leafHashes[0], count: count)
            return try LogProof(
                extra: extra, index: index, inclusion: InclusionProof(path: path), checkpoint: checkpoint)
        }
        for (extra, count) in [(nil, 0), ([0], 63), (Array(0...255), 1)] as [([UInt8]?, Int)] {
            let made = try proof(extra, count)
            #expect(try LogProof(parsing: made.bytes) == made)
        }
        #expect(throws: FormatError("tlog-proof", "extra: empty")) { try proof([], 1) }
        #expect(throws: FormatError("tlog-proof", "more than 63 hashes")) { try proof([0], 64) }
        let lines = try proof([0], 63).bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let more = Array((lines[..<4] + lines[3...]).joined(separator: [0x0A]))
        #expect(throws: FormatError("tlog-proof", line: 67, "more than 63 hashes")) { try LogProof(parsing: more) }
        // With an index of so many digits that groups of four characters end at the limit.
        let index = try #require(
            try [3, 33, 333, 3333].first { (try proof([0, 0, 0], 0, at: $0).bytes.count) % 4 == 0 } as LeafIndex?)
        let rest = try proof([0, 0, 0], 0, at: index).bytes.count - 4
        let limit = (LogProof.maximumByteCount - rest) / 4 * 3
        let longest = try proof([UInt8](repeating: 0, count: limit), 0, at: index)
        #expect(longest.bytes.count == LogProof.maximumByteCount)
        #expect(try LogProof(parsing: longest.bytes) == longest)
        #expect(throws: FormatError("tlog-proof", "longer than 2 MiB")) {
            try proof([UInt8](repeating: 0, count: limit + 1), 0, at: index)
        }
        let head = Array("c2sp.org/tlog-proof@v1\nextra ".utf8)
        let longer = head + Array("AAAA".utf8) + longest.bytes.dropFirst(head.count)
        #expect(throws: FormatError("tlog-proof", "longer than 2 MiB")) { try LogProof(parsing: longer) }
    }

    // conformance 52: of an empty log nothing is proved
    @Test func emptyLogProvesNothing() throws {
        let checkpoint = try log.cosigned(log.checkpoint(size: 0), [5, 6])
        let proof = try LogProof(index: 0, inclusion: InclusionProof(path: []), checkpoint: checkpoint)
        #expect(throws: LogProofError.inclusion(.emptyTree)) {
            try proof.verify(MerkleTree.emptyRoot, under: policy())
        }
    }

    // conformance 53: whatever the times, the proof holds; they only move the bounds
    @Test func timesDoNotMakeAProofInvalid() throws {
        for times in [[0, 0], [1, 1 << 63 - 1], [1 << 63 - 1, 1 << 63 - 1]] as [[UInt64]] {
            let checkpoint = try log.cosigned(log.checkpoint(size: 7), times)
            let proof = try LogProof(
                index: 3, inclusion: InclusionProof(path: naive.inclusion(3, 7)), checkpoint: checkpoint)
            try proof.verify(naive.leafHashes[3], under: policy())
        }
    }

    // conformance 47, 48, 49, 50, 54
    @Test func otherTextsAreRefused() throws {
        let good = Carried.proof
        let hash = "TUnC+EIsqkSxprSeL2BhARQ8PlNi3eD3Din6ZNU+aKk=\n"
        let extra = String(good.split(separator: "\n")[1]) + "\n"
        func with(_ part: String, _ other: String) -> String {
            precondition(good.contains(part))
            return good.replacing(part, with: other, maxReplacements: 1)
        }
        let refused = [
            "", "\n", good + "\n", good + "x", good + good, String(good.dropLast()), " " + good, "\n" + good,
            with("@v1", "@v2"), with("@v1", "@v1 "), with("c2sp.org/tlog-proof@v1\n", ""), with("c2sp", "C2SP"),
            with(extra, extra + extra), with(extra, "extra \n"), with(extra, "extra\n"), with(extra, "Extra AAAA\n"),
            with(extra, "extra  AAAA\n"), with(extra, "extra AAA\n"), with(extra, "extra AAB=\n"),
            with(extra, "extra AA__\n"),
            with(extra, "\n" + extra), with(extra + "index 4\n", "index 4\n" + extra), with("index 4\n", ""),
            with("index 4\n", "index 4\nindex 4\n"), with("index 4", "index 04"), with("index 4", "index +4"),
            with("index 4", "index  4"), with("index 4", "index 4 "), with("index 4", "index -4"),
            with("index 4", "index"),
            with("index 4", "index "), with("index 4", "Index 4"), with("index 4", "index 9223372036854775808"),
            with("index 4", "index 4\r"), with(hash, "\n" + hash), with(hash, hash.dropLast(2) + "\n"),
            with(hash, "TUnC+EIsqkSxprSeL2BhARQ8PlNi3eD3Din6ZNU+aKl=\n"), with(hash, " " + hash), with(hash, "AAAA\n"),
            with(hash, "# comment\n"), with("\n\nledger", "\nledger"), with("\n\nledger", "\n\n\nledger"),
            with("\n600\n", "\n0600\n"), with("\n\n—", "\n—"), good.replacing("\n", with: "\r\n"),
            String(good.split(separator: "\n\n", maxSplits: 1)[0]) + "\n\n",
        ]
        for text in refused {
            #expect(throws: FormatError.self, "\(text.prefix(80))") { try LogProof(parsing: Array(text.utf8)) }
        }
        for text in [with(extra, ""), with(extra, "extra AAA=\n"), with("index 4", "index 0"), with(hash, "")] {
            _ = try LogProof(parsing: Array(text.utf8))
        }
    }

    // conformance 50, 54: at most 63 hashes, and a bound on the whole
    @Test func boundsAreKept() throws {
        let checkpoint = try log.checkpoint(size: 7)
        for (count, isRefused) in [(0, false), (63, false), (64, true)] {
            let inclusion = InclusionProof(path: Array(repeating: MerkleTree.emptyRoot, count: count))
            if isRefused {
                #expect(throws: FormatError.self) {
                    try LogProof(index: 0, inclusion: inclusion, checkpoint: checkpoint)
                }
            } else {
                _ = try LogProof(index: 0, inclusion: inclusion, checkpoint: checkpoint)
            }
        }
        let empty = InclusionProof(path: [])
        let large = [UInt8](repeating: 0, count: 3 << 19)
        #expect(throws: FormatError.self) {
            try LogProof(extra: large, index: 0, inclusion: empty, checkpoint: checkpoint)
        }
        #expect(throws: FormatError.self) {
            try LogProof(extra: [], index: 0, inclusion: empty, checkpoint: checkpoint)
        }
        let entry = [UInt8](repeating: 7, count: 65_535)
        #expect(try LogProof(extra: entry, index: 0, inclusion: empty, checkpoint: checkpoint).extra == entry)
    }

    /// Every byte of the carried proof altered: it is refused, or it is another proof that says so.
    @Test func everyAlteredByteIsNoticed() throws {
        let policy = try policy()
        let original = try LogProof(parsing: Array(Carried.proof.utf8))
        let leafHash = MerkleTree.leafHash(try #require(original.extra))
        for index in original.bytes.indices {
            for change in [0x01, 0x20, 0x80] as [UInt8] {
                var altered = original.bytes
                altered[index] ^= change
                guard let proof = parsed(altered) else { continue }
                // What may change unnoticed: the extra data, and the line of a witness that the quorum does not need, where
                // it comes to name nobody known.
                guard let cosigned = verified(proof, leafHash, policy) else { continue }
                #expect(proof.extra != original.extra || cosigned.cosigners.count == 2, "byte \(index)")
            }
        }
    }

    private func verified(_ proof: LogProof, _ leafHash: Hash, _ policy: TrustPolicy) -> CosignedCheckpoint? {
        do { return try proof.verify(leafHash, under: policy) } catch { return nil }
    }

    private func parsed(_ bytes: [UInt8]) -> LogProof? {
        do { return try LogProof(parsing: bytes) } catch { return nil }
    }

    @Test func theLongestProofIsRead() throws {
        let checkpoint = try TestLog().checkpoint(size: 7)
        func proof(_ index: LeafIndex, extra count: Int) throws -> LogProof {
            try LogProof(
                extra: [UInt8](repeating: 0, count: count), index: index, inclusion: InclusionProof(path: []),
                checkpoint: checkpoint)
        }
        let indices: [LeafIndex] = [1, 10, 100, 1000, 10_000]
        let room = try indices.map { LogProof.maximumByteCount - (try proof($0, extra: 3)).bytes.count }
        let number = try #require(room.firstIndex { $0 % 4 == 0 })
        let count = 3 + room[number] / 4 * 3
        #expect(try proof(indices[number], extra: count).bytes.count == LogProof.maximumByteCount)
        #expect(throws: FormatError.self) { try proof(indices[number + 1], extra: count) }
    }
}
