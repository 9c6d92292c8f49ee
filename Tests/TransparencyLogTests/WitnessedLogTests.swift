// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("What a witness decides")
struct WitnessedLogTests {
    private static let log = TestLog()
    private static let tree = NaiveTree(size: 10)
    /// A tree of the same leaves with another one at the end.
    private static func forkRoot(_ size: Int) -> Hash {
        MerkleTree.root(of: tree.leafHashes[..<max(size - 1, 0)] + [MerkleTree.leafHash(Array("fork".utf8))])
    }

    private static func request(
        old: Int, path: [Hash] = [], size: Int, root: Hash? = nil, signers: [NoteSigner] = [log.signer],
        more: [SignedNote.Signature] = []
    ) throws -> AddCheckpoint {
        // By hand, since a checkpoint with a wrong root of the empty tree cannot be made otherwise.
        let text = Array("\(log.origin)\n\(size)\n\((root ?? tree.head(size).root).base64)\n".utf8)
        let note = try SignedNote(text: text, signatures: signers.map { $0.sign(text) } + more)
        let header = "old \(old)\n" + path.map { "\($0.base64)\n" }.joined() + "\n"
        return try AddCheckpoint(parsing: Array(header.utf8) + note.bytes)
    }

    private static func witnessed(_ last: Int?, _ keys: [VerifierKey] = [log.signer.verifierKey]) throws -> WitnessedLog
    {
        try WitnessedLog(keys: keys, last: last.map(tree.head))
    }

    private static func status(_ decision: WitnessDecision) -> Int {
        switch decision {
        case .accept: 200
        case .refuse(let refusal, _): refusal.statusCode
        }
    }

    /// The status by the words of the specification.
    private static func wanted(_ last: Int?, _ old: Int, _ size: Int, _ path: [Hash], isFork: Bool) -> Int {
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
            let witnessed = try Self.witnessed(last)
            for size in 0...8 {
                for isFork in [false, true] {
                    let root = isFork ? Self.forkRoot(size) : Self.tree.head(size).root
                    for old in 0...9 {
                        let right = (1..<max(size, 1)).contains(old) ? Self.tree.consistency(old, size) : []
                        var paths = [right, right + [root], right.dropLast(), right.reversed(), [], [root]]
                        for index in right.indices {
                            var path = right
                            path[index] = root
                            paths.append(path)
                        }
                        for path in Set(paths) {
                            let decision = witnessed.decide(
                                try Self.request(old: old, path: path, size: size, root: root))
                            let wanted = Self.wanted(last, old, size, path, isFork: isFork)
                            counts[wanted, default: 0] += 1
                            #expect(
                                Self.status(decision) == wanted,
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
        let other = NoteSigner(name: Self.log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let (three, seven) = (try Self.witnessed(3), try Self.witnessed(7))
        let forged = SignedNote.Signature(
            name: Self.log.signer.verifierKey.name, keyID: Self.log.signer.verifierKey.id,
            bytes: [UInt8](repeating: 1, count: 64))
        let path = Self.tree.consistency(3, 7)
        func refusal(_ log: WitnessedLog, _ request: AddCheckpoint) -> WitnessRefusal? {
            if case .refuse(let refusal, _) = log.decide(request) { refusal } else { nil }
        }
        #expect(refusal(three, try Self.request(old: 3, path: path, size: 7)) == nil)
        // conformance 77; who signs is looked at before any size
        for old in [0, 3, 8] {
            #expect(
                refusal(three, try Self.request(old: old, path: path, size: 7, signers: [other]))
                    == .noTrustedSignature)
            #expect(
                refusal(three, try Self.request(old: old, path: path, size: 7, signers: [other], more: [forged]))
                    == .badTrustedSignature)
        }
        let elsewhere = try WitnessedLog(keys: [TestLog("other.example", seed: Carried.logSeed).signer.verifierKey])
        #expect(refusal(elsewhere, try Self.request(old: 0, size: 7)) == .unknownOrigin)
        #expect(refusal(three, try Self.request(old: 8, size: 7)) == .oldAboveSize)
        #expect(refusal(three, try Self.request(old: 2, size: 7)) == .oldDiffers(last: 3))
        #expect(refusal(try Self.witnessed(nil), try Self.request(old: 2, size: 7)) == .oldDiffers(last: 0))
        #expect(
            refusal(try Self.witnessed(nil), try Self.request(old: 0, size: 0, root: Self.forkRoot(0)))
                == .emptyTreeOtherRoot)
        #expect(refusal(try Self.witnessed(0), try Self.request(old: 0, path: path, size: 7)) == .unwantedProof)
        #expect(refusal(seven, try Self.request(old: 7, size: 7, root: Self.forkRoot(7))) == .sameSizeOtherRoot)
        #expect(refusal(seven, try Self.request(old: 7, path: path, size: 7)) == .badProof(.notEmpty))
        #expect(refusal(three, try Self.request(old: 3, size: 7)) == .badProof(.tooShort))
        #expect(
            refusal(three, try Self.request(old: 3, path: path, size: 7, root: Self.forkRoot(7)))
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
        let next = NoteSigner(name: Self.log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let both = [Self.log.signer.verifierKey, next.verifierKey]
        let forged = SignedNote.Signature(
            name: next.verifierKey.name, keyID: next.verifierKey.id, bytes: [UInt8](repeating: 1, count: 64))
        for (signers, more, wanted) in [
            ([Self.log.signer], [], 200), ([next], [], 200), ([Self.log.signer, next], [], 200),
            ([next, Self.log.signer], [], 200), ([Self.log.signer], [forged], 403), ([], [forged], 403),
        ] as [([NoteSigner], [SignedNote.Signature], Int)] {
            let request = try Self.request(old: 0, size: 5, signers: signers, more: more)
            let decision = try Self.witnessed(nil, both).decide(request)
            #expect(Self.status(decision) == wanted)
            if case .accept(let accepted) = decision { #expect(accepted.signers == signers.map(\.verifierKey)) }
            // Before the rotation the new key is nobody's: its line is ignored, right or wrong.
            let known = signers.contains { $0.verifierKey == Self.log.signer.verifierKey }
            #expect(Self.status(try Self.witnessed(nil).decide(request)) == (known ? 200 : 403))
        }
    }

    @Test func keysThatNoLogHas() throws {
        let key = Self.log.signer.verifierKey
        let witness = Self.log.witnesses[0].verifierKey
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
        let witness = Self.log.witnesses[0]
        let forged = SignedNote.Signature(
            name: witness.verifierKey.name, keyID: witness.verifierKey.id, bytes: [UInt8](repeating: 1, count: 72))
        let grease = SignedNote.Signature(
            name: try #require(KeyName("grease.invalid")), keyID: KeyID(rawValue: 1), bytes: [1])
        let next = NoteSigner(name: Self.log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let request = try Self.request(old: 0, size: 5, signers: [Self.log.signer, next], more: [forged, grease])
        guard case .accept(let accepted) = try Self.witnessed(nil).decide(request) else {
            Issue.record("not accepted")
            return
        }
        let line = try accepted.cosignature(by: witness, at: 1_700_000_000)
        let record = try accepted.record(with: [line])
        #expect(record.note.signatures == [request.note.signatures[0], line])
        #expect(record.unverified.text == Array(request.note.unverifiedText))
        let text =
            "log \(Self.log.signer.verifierKey)\nwitness w \(witness.verifierKey)\nquorum w\n"
        let cosigned = try TrustPolicy(text: text).verify(record)
        #expect(cosigned.isQuorumMet)
        #expect(cosigned.upperBound == 1_700_000_000)
        for time in [0, 1 << 63] as [UInt64] {
            #expect(throws: FormatError.self) { try accepted.cosignature(by: witness, at: time) }
        }
    }

    /// Extension lines are the log's matter, and are covered by the cosignature.
    @Test func extensionLinesAreCosigned() throws {
        let text = Array("\(Self.log.origin)\n5\n\(Self.tree.head(5).root)\nextension\n".utf8)
        let note = try SignedNote(text: text, signatures: [Self.log.signer.sign(text)])
        let request = try AddCheckpoint(parsing: Array("old 0\n\n".utf8) + note.bytes)
        guard case .accept(let accepted) = try Self.witnessed(nil).decide(request) else {
            Issue.record("not accepted")
            return
        }
        let witness = Self.log.witnesses[0]
        let line = try accepted.cosignature(by: witness, at: 5)
        #expect(try Cosignature(parsing: line.bytes).verifies(by: witness.privateKey.publicKey, over: text))
    }
}
