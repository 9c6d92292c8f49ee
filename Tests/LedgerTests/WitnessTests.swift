// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

@Suite("A witness and its folder")
struct WitnessTests {
    private let folder: TemporaryFolder
    private let world: WitnessWorld

    init() throws {
        folder = try TemporaryFolder()
        world = try WitnessWorld()
    }

    private var place: FilePath { folder("witness").appending(world.originHash.hex) }

    // MARK: - One request after the other

    @Test func aLogGrows() throws {
        var witness = try world.open(folder("witness"))
        #expect(try witness.store.checkpoint(ofOriginHash: world.originHash) == nil)
        for (old, size, time, wanted) in [
            (1, 3, 10, 409), (0, 3, 10, 200), (0, 3, 11, 409), (3, 3, 11, 200), (3, 7, 11, 200), (7, 5, 12, 400),
            (3, 5, 12, 409), (5, 5, 12, 409), (7, 7, 12, 200), (7, 300, 12, 200),
        ] as [(Int, Int, UInt64, Int)] {
            let request = try world.request(old, size)
            witness = try world.open(folder("witness"), at: time)
            let answer = witness.addCheckpoint(request.bytes)
            #expect(answer.status == wanted, "\(old) to \(size)")
            guard let lines = answer.lines else { continue }
            #expect(try world.holds(lines, for: request))
            let kept = try #require(try witness.store.checkpoint(ofOriginHash: world.originHash))
            let cosigned = try world.policy().verify(SignedCheckpoint(parsing: kept))
            #expect(cosigned.isQuorumMet)
            #expect(cosigned.upperBound == time)
            #expect(cosigned.head == request.head)
            #expect(cosigned.verified.signed.note.signatures.count == 2)
        }
        let status = try #require(try witness.store.status().first)
        #expect(status.origin == world.origin)
        #expect(status.last?.unverified.head.size == 300)
        #expect(status.time == 12)
        #expect(try witness.store.conflictCount(of: world.origin) == 0)
        #expect(try folder.files(in: "witness/\(world.originHash.hex)") == ["checkpoint", "lock", "log"])
    }

    // conformance 76, 74
    @Test func whatIsNotKnownLeavesNothing() throws {
        let witness = try world.open(folder("witness"))
        let other = try WitnessWorld(origin: "other.example/log")
        #expect(witness.addCheckpoint(try other.request(0, 3)).status == 404)
        #expect(witness.addCheckpoint(Array("old 0\n\nnonsense".utf8)).status == 400)
        #expect(try witness.store.checkpoint(ofOriginHash: other.originHash) == nil)
        #expect(try DurableFile.names(in: folder("witness")).count == 1)
    }

    @Test func theEmptyTreeIsCosigned() throws {
        let witness = try world.open(folder("witness"))
        for _ in 0..<2 { #expect(witness.addCheckpoint(try world.request(0, 0)).status == 200) }
        #expect(try witness.store.checkpoint(ofOriginHash: world.originHash) != nil)
        #expect(witness.addCheckpoint(try world.request(0, 5)).status == 200)
    }

    // conformance 89: lines that nobody verified are no trouble, then or later
    @Test func forgedLinesAreNotKept() throws {
        let witness = try world.open(folder("witness"))
        let own = world.witness.verifierKey
        let forged = SignedNote.Signature(name: own.name, keyID: own.id, bytes: [UInt8](repeating: 1, count: 72))
        let large = try (0..<16).map { number in
            SignedNote.Signature(
                name: try #require(KeyName("witness.example/pq\(number)")), keyID: KeyID(rawValue: 7),
                bytes: [UInt8](repeating: 5, count: 2428))
        }
        let request = try world.request(0, 3, more: [forged] + large)
        #expect(try world.holds(try #require(witness.addCheckpoint(request.bytes).lines), for: request))
        let kept = try SignedCheckpoint(
            parsing: try #require(try witness.store.checkpoint(ofOriginHash: world.originHash)))
        #expect(kept.note.signatures.map(\.name) == [world.signer.verifierKey.name, own.name])
        #expect(!kept.note.signatures.contains(forged))
        #expect(try world.open(folder("witness")).addCheckpoint(try world.request(3, 5)).status == 200)
    }

    // MARK: - Time

    @Test func timeDoesNotRunBackwards() throws {
        #expect(try world.open(folder("witness"), at: 0).addCheckpoint(try world.request(0, 3)).status == 503)
        #expect(try world.open(folder("witness"), at: 100).addCheckpoint(try world.request(0, 3)).status == 200)
        let before = try folder.read("witness/\(world.originHash.hex)/checkpoint")
        for request in [try world.request(3, 3), try world.request(3, 5)] {
            guard case .unable(let error, _) = try world.open(folder("witness"), at: 99).addCheckpoint(request) else {
                Issue.record("not refused")
                continue
            }
            #expect(error as? WitnessStore.StoreError == .clockIsBehind(last: 100, now: 99))
        }
        #expect(try folder.read("witness/\(world.originHash.hex)/checkpoint") == before)
        #expect(try world.open(folder("witness"), at: 100).addCheckpoint(try world.request(3, 5)).status == 200)
    }

    // MARK: - Failing writes

    /// How far a write comes at which the process dies, or the disk is full.
    enum Moment: CaseIterable { case before, halfway, behind }

    /// Whatever a write leaves, no signature has left, and the next start goes on from it.
    @Test(arguments: Moment.allCases) func failingWrites(_ moment: Moment) throws {
        struct Death: Error {}
        for size in [5, 3] {
            let name = "witness \(size)"
            #expect(try world.open(folder(name), at: 10).addCheckpoint(try world.request(0, 3)).status == 200)
            let dying = try world.open(folder(name), at: 20) { bytes, path in
                // What stands there is written anew before anything follows from it.
                if try DurableFile.readIfPresent(path, limit: 1 << 20) == bytes {
                    return try DurableFile.write(bytes, to: path)
                }
                switch moment {
                case .before: break
                case .halfway:
                    try DurableFile.write(
                        Array(bytes.prefix(bytes.count / 2)), to: path.removingLastComponent().appending(".x.tmp"))
                case .behind: try DurableFile.write(bytes, to: path)
                }
                throw Death()
            }
            let request = try world.request(3, size)
            #expect(dying.addCheckpoint(request).status == 503)
            // The state is read anew, not remembered: the same value answers by what stands.
            let isStored = moment == .behind
            // What stands could be written anew; a second cosignature of the same second is that very one.
            #expect(dying.addCheckpoint(request).status == (isStored ? size == 5 ? 409 : 200 : 503))

            let witness = try world.open(folder(name), at: 30)
            let stands = isStored ? size : 3
            #expect(try witness.store.status().first?.last?.unverified.head == WitnessWorld.History.truth.head(stands))
            let fork = WitnessWorld.History(fork: stands - 1)
            #expect(witness.addCheckpoint(try world.request(stands, stands, of: fork)).status == 422)
            #expect(witness.addCheckpoint(try world.request(stands, stands + 2, of: fork)).status == 422)
            #expect(witness.addCheckpoint(try world.request(stands, stands + 2)).status == 200)
        }
    }

    @Test func readOnlyFolder() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        // A folder in the place of the file: the rename fails, for root too.
        try FileManager.default.removeItem(atPath: place.appending("checkpoint").string)
        try folder.makeFolder("witness/\(world.originHash.hex)/checkpoint/in the way")
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 503)
    }

    // MARK: - Two at one folder

    /// Two witnesses on one folder, each on threads of its own, are asked for the truth and for forks of it at once:
    /// every tree they cosign follows from the one before, whoever cosigned that.
    @Test func races() throws {
        let start = 5
        let requests = try [
            // The specification's A and B, from N to N and to N + K, and forks of both.
            world.request(start, start), world.request(start, start + 3), world.request(start, start + 1),
            world.request(start, start + 3, of: .init(fork: start)),
            world.request(start, start + 1, of: .init(fork: start)), world.request(start, start + 4),
        ]
        for round in 0..<30 {
            let path = folder("witness \(round)")
            let witnesses = try (0..<2).map { _ in try world.open(path) }
            #expect(witnesses[0].addCheckpoint(try world.request(0, start)).status == 200)
            let accepted = Mutex<[TreeHead]>([])
            DispatchQueue.concurrentPerform(iterations: requests.count) { index in
                let request = requests[(index + round) % requests.count]
                if case .cosigned(_, _, let head) = witnesses[index % 2].addCheckpoint(request.bytes) {
                    accepted.withLock { $0.append(head) }
                }
            }
            // One of those that grow, and that it stays the same as often as it comes before.
            let grown = accepted.withLock { $0 }.filter { $0.size.value > start }
            #expect(grown.count == 1)
            #expect(try witnesses[1].store.status().first?.last?.unverified.head == grown.first)
        }
    }

    // MARK: - Evidence

    @Test func splitViewsAreKept() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        let fork = try world.request(3, 3, of: .init(fork: 1))
        for _ in 0..<2 {
            guard case .refused(.sameSizeOtherRoot, world.origin, .kept(let evidence)?) = witness.addCheckpoint(fork)
            else {
                Issue.record("not kept")
                return
            }
            #expect(evidence == place.appending("conflicts"))
        }
        // Also where it is refused for something else first.
        guard
            case .refused(.oldDiffers, _, .kept?) = witness.addCheckpoint(try world.request(0, 3, of: .init(fork: 0)))
        else {
            Issue.record("not kept")
            return
        }
        let names = try DurableFile.names(in: place.appending("conflicts"))
        let notes = try names.map {
            try SignedCheckpoint(parsing: try folder.read("witness/\(world.originHash.hex)/conflicts/\($0.string)"))
        }
        #expect(Set(notes.map(\.unverified.head.root)).count == 3)
        for (name, note) in zip(names, notes) {
            #expect(name.string == note.noteHash.hex)
            #expect(try note.verified(by: [world.signer.verifierKey]).head.size == 3)
            #expect(note.note.signatures.count == 1)
        }
        #expect(try witness.store.conflictCount(of: world.origin) == 3)
        // A fork that is another size shows nothing by itself, and a proof that fails shows nothing either.
        #expect(witness.addCheckpoint(try world.request(3, 5, of: .init(fork: 1))).status == 422)
        #expect(try witness.store.conflictCount(of: world.origin) == 3)
    }

    @Test func evidenceIsBounded() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 40)).status == 200)
        for fork in 0..<40 {
            let answer = witness.addCheckpoint(try world.request(40, 40, of: .init(fork: fork)))
            guard case .refused(.sameSizeOtherRoot, _, let conflict?) = answer else {
                Issue.record("not refused")
                return
            }
            if case .tooMany = conflict { #expect(fork >= 31) } else { #expect(fork < 31) }
        }
        #expect(try witness.store.conflictCount(of: world.origin) == WitnessStore.maximumConflicts)
        #expect(witness.addCheckpoint(try world.request(40, 41)).status == 200)
    }

    @Test func evidenceThatCannotBeKeptChangesNothing() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        try folder.write("in the way", to: "witness/\(world.originHash.hex)/conflicts")
        guard
            case .refused(.sameSizeOtherRoot, _, .notKept?) = witness.addCheckpoint(
                try world.request(3, 3, of: .init(fork: 1)))
        else {
            Issue.record("not refused")
            return
        }
    }

    // MARK: - The folder

    @Test func foldersOfOthers() throws {
        #expect(throws: WitnessStore.StoreError.absent(folder("none"))) {
            try Witness(WitnessStore(folder: folder("none")), signer: world.witness, clock: { 1 })
        }
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        let other = WitnessSigner(name: world.witness.verifierKey.name, privateKey: try WitnessWorld.key(9))
        let path = place.appending("checkpoint")
        #expect(throws: WitnessStore.StoreError.cosignedByAnother(path)) {
            try Witness(witness.store, signer: other, clock: { 1_800_000_000 })
        }
    }

    /// A bit that flips anywhere in what is kept stops the witness for this log; it is never taken for another state.
    @Test func damageIsNoticed() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        let name = "witness/\(world.originHash.hex)/checkpoint"
        let whole = try folder.read(name)
        // The log's own signature is the log's matter; all the rest is covered by ours.
        let text = try SignedCheckpoint(parsing: whole).unverified.text
        let line = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
        for index in Array(text.indices) + Array(line..<whole.count) {
            var damaged = whole
            damaged[index] ^= 1
            try folder.write(damaged, to: name)
            #expect(throws: (any Error).self) { try world.open(folder("witness")) }
            #expect(witness.addCheckpoint(try world.request(3, 5)).status == 503)
        }
        for count in [0, 1, whole.count / 2, line, whole.count - 1] {
            try folder.write(Array(whole[..<count]), to: name)
            #expect(witness.addCheckpoint(try world.request(3, 5)).status == 503)
            #expect(witness.addCheckpoint(try world.request(0, 5)).status == 503)
        }
        try folder.write(whole, to: name)
        #expect(witness.addCheckpoint(try world.request(3, 5)).status == 200)
        for text in ["", "\n", "nonsense\n", "\(world.signer.verifierKey)", "\(world.witness.verifierKey)\n"] {
            try folder.write(text, to: "witness/\(world.originHash.hex)/log")
            #expect(witness.addCheckpoint(try world.request(5, 6)).status == 503)
        }
    }

    // MARK: - Keys of logs

    @Test func keysOfALog() throws {
        let store = WitnessStore(folder: folder("witness"))
        let first = world.signer.verifierKey
        let next = NoteSigner(name: first.name, privateKey: try WitnessWorld.key(9))
        #expect(try store.add([first]) == .added)
        #expect(try store.add([first]) == .unchanged)
        #expect(try store.add([first], rotating: true) == .unchanged)
        for keys in [[next.verifierKey], [first, next.verifierKey]] {
            #expect(throws: WitnessStore.StoreError.otherKeys(world.origin, known: [first])) { try store.add(keys) }
        }
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        #expect(witness.addCheckpoint(try world.request(3, 4, signers: [next])).status == 403)
        // Both for a while, then the new one alone; what was cosigned stays.
        #expect(try store.add([first, next.verifierKey], rotating: true) == .rotated(from: [first]))
        #expect(try store.add([first]) == .unchanged)
        #expect(witness.addCheckpoint(try world.request(3, 4, signers: [next])).status == 200)
        #expect(witness.addCheckpoint(try world.request(4, 5, signers: [world.signer, next])).status == 200)
        #expect(try store.add([next.verifierKey], rotating: true) == .rotated(from: [first, next.verifierKey]))
        #expect(witness.addCheckpoint(try world.request(5, 6)).status == 403)
        #expect(witness.addCheckpoint(try world.request(0, 6, signers: [next])).status == 409)
        #expect(witness.addCheckpoint(try world.request(5, 6, signers: [next])).status == 200)
        // Evidence that an old key signed is kept with its signature, though that key is no longer accepted.
        let fork = WitnessWorld.History(fork: 2)
        #expect(witness.addCheckpoint(try world.request(6, 6, of: fork, signers: [next])).status == 422)
        #expect(try store.conflictCount(of: world.origin) == 2)
        #expect(throws: FormatError.self) { try store.add([]) }
        #expect(throws: FormatError.self) { try store.add([world.witness.verifierKey]) }
    }
}
