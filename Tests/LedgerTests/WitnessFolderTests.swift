// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// What a witness keeps: evidence of two histories, the last checkpoint, and the keys of each log.
@Suite("What a witness keeps")
struct WitnessFolderTests {
    private let folder: TemporaryFolder
    private let world: WitnessWorld

    init() throws {
        folder = try TemporaryFolder()
        world = try WitnessWorld()
    }

    private var place: FilePath { folder("witness").appending(world.originHash.hex) }

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
