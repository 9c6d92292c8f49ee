// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("What a witness decides")
struct WitnessedLogTests {
    private let log = TestLog()
    private let tree = NaiveTree(size: 10)
    /// A tree of the same leaves with another one at the end.
    private func forkRoot(_ size: Int) -> Hash {
        MerkleTree.root(of: tree.leafHashes[..<max(size - 1, 0)] + [MerkleTree.leafHash(Array("fork".utf8))])
    }

    private func request(
        old: Int, path: [Hash] = [], size: Int, root: Hash? = nil, signers: [NoteSigner]? = nil,
        more: [SignedNote.Signature] = []
    ) throws -> AddCheckpoint {
        // By hand, since a checkpoint with a wrong root of the empty tree cannot be made otherwise.
        let text = Array("\(log.origin)\n\(size)\n\((root ?? tree.head(size).root).base64)\n".utf8)
        let note = try SignedNote(text: text, signatures: (signers ?? [log.signer]).map { $0.sign(text) } + more)
        let header = "old \(old)\n" + path.map { "\($0.base64)\n" }.joined() + "\n"
        return try AddCheckpoint(parsing: Array(header.utf8) + note.bytes)
    }

    private func witnessed(_ last: Int?, _ keys: [VerifierKey]? = nil) throws -> WitnessedLog {
        try WitnessedLog(keys: keys ?? [log.signer.verifierKey], last: last.map(tree.head))
    }

    private func status(_ decision: WitnessDecision) -> Int {
        switch decision {
        case .accept: 200
        case .refuse(let refusal, _): refusal.statusCode
        }
    }

    /// The status by the words of the specification.
    private func wanted(_ last: Int?, _ old: Int, _ size: Int, _ path: [Hash], isFork: Bool) -> Int {
        if old > size { return 400 }
        if old != last ?? 0 { return 409 }
        if size == 0, isFork { return 422 }
        if old == 0 { return path.isEmpty ? 200 : 422 }
        if isFork { return 422 }
        return path == tree.consistency(old, size) ? 200 : 422
    }

    // conformance 78 to 83, 87, 90: every last tree, old size, size and root, each with proofs right and wrong
    @Test func wholeTable() throws {
        var counts: [Int: Int] = [:]
        for last in [nil] + (0...8).map(Optional.some) {
            let known = try witnessed(last)
            for size in 0...8 {
                for isFork in [false, true] {
                    let root = isFork ? forkRoot(size) : tree.head(size).root
                    for old in 0...9 {
                        let right = (1..<max(size, 1)).contains(old) ? tree.consistency(old, size) : []
                        var paths = [right, right + [root], right.dropLast(), right.reversed(), [], [root]]
                        for index in right.indices {
                            var path = right
                            path[index] = root
                            paths.append(path)
                        }
                        for path in Set(paths) {
                            let decision = known.decide(
                                try self.request(old: old, path: path, size: size, root: root))
                            let code = wanted(last, old, size, path, isFork: isFork)
                            counts[code, default: 0] += 1
                            #expect(
                                status(decision) == code,
                                "last \(last.map(String.init) ?? "none"), old \(old), size \(size), fork \(isFork)")
                            if case .refuse(let refusal, let isSplitView) = decision {
                                #expect(isSplitView == (isFork && (size == 0 || size == last)))
                                if case .oldDiffers(let known) = refusal { #expect(known.value == UInt64(last ?? 0)) }
                            }
                            if case .accept(let accepted) = decision {
                                #expect(accepted.head == TreeHead(size: TreeSize(UInt64(size))!, root: root))
                            }
                        }
                    }
                }
            }
        }
        #expect(Set(counts.keys) == [200, 400, 409, 422])
    }

    /// Each refusal by its own name, once.
    @Test func refusals() throws {
        let other = NoteSigner(name: log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let (three, seven) = (try witnessed(3), try witnessed(7))
        let forged = SignedNote.Signature(
            name: log.signer.verifierKey.name, keyID: log.signer.verifierKey.id,
            bytes: [UInt8](repeating: 1, count: 64))
        let path = tree.consistency(3, 7)
        func refusal(_ log: WitnessedLog, _ request: AddCheckpoint) -> WitnessRefusal? {
            if case .refuse(let refusal, _) = log.decide(request) { refusal } else { nil }
        }
        #expect(refusal(three, try request(old: 3, path: path, size: 7)) == nil)
        // conformance 77; who signs is looked at before any size
        for old in [0, 3, 8] {
            #expect(
                refusal(three, try request(old: old, path: path, size: 7, signers: [other]))
                    == .noTrustedSignature)
            #expect(
                refusal(three, try request(old: old, path: path, size: 7, signers: [other], more: [forged]))
                    == .badTrustedSignature)
        }
        let elsewhere = try WitnessedLog(keys: [TestLog("other.example", seed: Carried.logSeed).signer.verifierKey])
        #expect(refusal(elsewhere, try request(old: 0, size: 7)) == .unknownOrigin)
        #expect(refusal(three, try request(old: 8, size: 7)) == .oldAboveSize)
        #expect(refusal(three, try request(old: 2, size: 7)) == .oldDiffers(last: 3))
        #expect(refusal(try witnessed(nil), try request(old: 2, size: 7)) == .oldDiffers(last: 0))
        #expect(
            refusal(try witnessed(nil), try request(old: 0, size: 0, root: forkRoot(0)))
                == .emptyTreeOtherRoot)
        #expect(refusal(try witnessed(0), try request(old: 0, path: path, size: 7)) == .unwantedProof)
        #expect(refusal(seven, try request(old: 7, size: 7, root: forkRoot(7))) == .sameSizeOtherRoot)
        #expect(refusal(seven, try request(old: 7, path: path, size: 7)) == .badProof(.notEmpty))
        #expect(refusal(three, try request(old: 3, size: 7)) == .badProof(.tooShort))
        #expect(
            refusal(three, try request(old: 3, path: path, size: 7, root: forkRoot(7)))
                == .badProof(.wrongRoot))
    }

    @Test func statusCodes() {
        let codes: [(WitnessRefusal, Int)] = [
            (.malformed(FormatError("x", "y")), 400), (.unknownOrigin, 404), (.noTrustedSignature, 403),
            (.badTrustedSignature, 403), (.oldAboveSize, 400), (.oldDiffers(last: 5), 409), (.emptyTreeOtherRoot, 422),
            (.unwantedProof, 422), (.sameSizeOtherRoot, 422), (.badProof(.tooLong), 422),
        ]
        for (refusal, code) in codes { #expect(refusal.statusCode == code) }
        // Only one of them has a size for a body.
        #expect(codes.filter { WitnessRefusal.lastSize(parsing: $0.0.body) != nil }.map(\.1) == [409])
    }

    // MARK: - Keys

    /// Old key, new key and both: each is enough, and none may fail.
    @Test func twoKeysOfALog() throws {
        let next = NoteSigner(name: log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let both = [log.signer.verifierKey, next.verifierKey]
        let forged = SignedNote.Signature(
            name: next.verifierKey.name, keyID: next.verifierKey.id, bytes: [UInt8](repeating: 1, count: 64))
        for (signers, more, wanted) in [
            ([log.signer], [], 200), ([next], [], 200), ([log.signer, next], [], 200),
            ([next, log.signer], [], 200), ([log.signer], [forged], 403), ([], [forged], 403),
        ] as [([NoteSigner], [SignedNote.Signature], Int)] {
            let request = try self.request(old: 0, size: 5, signers: signers, more: more)
            let decision = try witnessed(nil, both).decide(request)
            #expect(status(decision) == wanted)
            if case .accept(let accepted) = decision { #expect(accepted.signers == signers.map(\.verifierKey)) }
            // Before the rotation the new key is nobody's: its line is ignored, right or wrong.
            let known = signers.contains { $0.verifierKey == log.signer.verifierKey }
            #expect(status(try witnessed(nil).decide(request)) == (known ? 200 : 403))
        }
    }

    @Test func keysThatNoLogHas() throws {
        let key = log.signer.verifierKey
        let witness = log.witnesses[0].verifierKey
        let named = TestLog("other.example", seed: Carried.logSeed).signer.verifierKey
        let many = (0..<17).map { NoteSigner(name: key.name, privateKey: TestLog.key($0 + 20)).verifierKey }
        for keys in [[], [witness], [key, witness], [key, named], [key, key], many] {
            #expect(throws: FormatError.self) { try WitnessedLog(keys: keys) }
        }
        #expect(try WitnessedLog(keys: Array(many.dropLast())).keys.count == 16)
        // Two keys found to have one name and one ID.
        let name = try #require(KeyName("colliding.example"))
        let colliding = [17_566, 65_575].map { NoteSigner(name: name, privateKey: TestLog.key($0)).verifierKey }
        #expect(throws: FormatError.self) { try WitnessedLog(keys: colliding) }
    }

    // MARK: - What is kept

    // conformance 89: a line forged under the witness's own name, and others, are neither trouble nor kept
    @Test func onlyVerifiedLinesAreKept() throws {
        let witness = log.witnesses[0]
        let forged = SignedNote.Signature(
            name: witness.verifierKey.name, keyID: witness.verifierKey.id, bytes: [UInt8](repeating: 1, count: 72))
        let grease = SignedNote.Signature(
            name: try #require(KeyName("grease.invalid")), keyID: KeyID(rawValue: 1), bytes: [1])
        let next = NoteSigner(name: log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let request = try self.request(old: 0, size: 5, signers: [log.signer, next], more: [forged, grease])
        guard case .accept(let accepted) = try witnessed(nil).decide(request) else {
            Issue.record("not accepted")
            return
        }
        let line = try accepted.cosignature(by: witness, at: 1_700_000_000)
        let record = try accepted.record(with: [line])
        #expect(record.note.signatures == [request.note.signatures[0], line])
        #expect(record.unverified.text == Array(request.note.unverifiedText))
        let text =
            "log \(log.signer.verifierKey)\nwitness w \(witness.verifierKey)\nquorum w\n"
        let cosigned = try TrustPolicy(text: text).verify(record)
        #expect(cosigned.isQuorumMet)
        #expect(cosigned.upperBound == 1_700_000_000)
        for time in [0, 1 << 63] as [UInt64] {
            #expect(throws: FormatError.self) { try accepted.cosignature(by: witness, at: time) }
        }
    }

    /// Extension lines are the log's matter, and are covered by the cosignature.
    @Test func extensionLinesAreCosigned() throws {
        let text = Array("\(log.origin)\n5\n\(tree.head(5).root)\nextension\n".utf8)
        let note = try SignedNote(text: text, signatures: [log.signer.sign(text)])
        let request = try AddCheckpoint(parsing: Array("old 0\n\n".utf8) + note.bytes)
        guard case .accept(let accepted) = try witnessed(nil).decide(request) else {
            Issue.record("not accepted")
            return
        }
        let witness = log.witnesses[0]
        let line = try accepted.cosignature(by: witness, at: 5)
        #expect(try Cosignature(parsing: line.bytes).verifies(by: witness.privateKey.publicKey, over: text))
    }
}
