// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// A log whose checkpoints witnesses cosign before they are served: what they may answer, and what comes of it.
struct CosigningTests {
    typealias Log = Sequencer<CountingRules>

    /// Three witnesses, two of whom are a quorum.
    struct World {
        let store: MemoryStore
        let witnesses: [WitnessDouble]
        let policy: TrustPolicy

        init(_ contents: MemoryStore.Contents = MemoryStore.Contents(), sharing others: [WitnessDouble]? = nil) throws {
            store = MemoryStore(contents)
            let keys = SequencerWorld.identity.verifierKeys
            witnesses = others ?? ["w1", "w2", "w3"].map { WitnessDouble($0, of: keys) }
            policy = try WitnessDouble.policy(witnesses, quorum: 2)
        }
    }

    private static func patience() -> WitnessClient.Patience {
        var patience = WitnessClient.Patience()
        patience.deadline = .seconds(30)
        patience.grace = .milliseconds(1)
        patience.firstPause = .milliseconds(1)
        return patience
    }

    private func open(
        _ world: World, mode: CheckpointPublisher.Mode = .required,
        keeping: @escaping @Sendable (SignedCheckpoint, OtherHistory) -> Void = { _, _ in }
    ) async throws -> Log {
        let client = WitnessClient(
            policy: world.policy, transport: WitnessDouble.transport(world.witnesses), patience: Self.patience())
        let publisher = CheckpointPublisher.cosigned(
            CheckpointPublisher.Cosigning(under: world.policy, by: client, mode: mode, report: { _ in }),
            source: world.store, keeping: keeping)
        // Recovery first: what was signed and not applied is applied.
        _ = try await Sequencer(
            store: world.store, identity: SequencerWorld.identity, rules: OpaqueEntries(), clock: { 1_700_000_000 })
        let entries = try Self.signedEntries(world.store.contents)
        return try await Sequencer(
            store: world.store, identity: SequencerWorld.identity, rules: CountingRules(replaying: entries),
            publisher: publisher, clock: { 1_700_000_000 })
    }

    /// The entries under the signed checkpoint, whether it is served or not.
    private static func signedEntries(_ contents: MemoryStore.Contents) throws -> [[UInt8]] {
        var signed = contents
        signed.files["checkpoint"] = contents.signed
        return try signed.entries()
    }

    /// What is served: the log's checkpoint, with a quorum, and no line that does not verify.
    private func served(_ world: World) throws -> CosignedCheckpoint {
        let bytes = try #require(world.store.contents.files["checkpoint"])
        let checkpoint = try world.policy.verify(SignedCheckpoint(parsing: bytes))
        #expect(checkpoint.isQuorumMet)
        return checkpoint
    }

    private func audit(_ world: World) async throws {
        let report = try await Audit(of: world.store.contents, under: world.policy, depth: .tree).run().report
        #expect(report.holds, "\(report.faults) \(report.gaps)")
    }

    @Test func allCosign() async throws {
        let world = try World()
        let log = try await open(world)
        for number in 1...5 {
            let receipt = try await log.submit("entry \(number)")
            let checkpoint = try world.policy.verify(SignedCheckpoint(receipt.checkpoint))
            #expect(checkpoint.isQuorumMet)
            let quote = try #require(Quote(of: checkpoint.verified.signed))
            #expect(world.store.contents.files[quote.path] == receipt.checkpoint.bytes)
            try await audit(world)
        }
        #expect(world.witnesses.allSatisfy { $0.last?.unverified.head.size == 5 })
    }

    /// Whatever one of three answers, the log is published by the other two, and nothing of the one is in it that does
    /// not verify.
    @Test(arguments: lies.indices) func oneLies(_ number: Int) async throws {
        let (words, conduct) = Self.lies[number]
        let world = try World()
        let log = try await open(world)
        _ = try await log.submit("before")
        world.witnesses[2].conduct = conduct
        for text in ["first", "second"] {
            _ = try await log.submit(text)
            let checkpoint = try served(world)
            #expect(checkpoint.cosigners.count == 2, "\(words)")
            #expect(checkpoint.verified.signed.note.signatures.count == 3, "\(words)")
            try await audit(world)
        }
        world.witnesses[2].conduct = .honest
        _ = try await log.submit("third")
        #expect(try served(world).cosigners.count >= 2)
        try await log.publish()
        #expect(world.witnesses[2].last?.unverified.head.size == 4, "\(words)")
    }

    static let lies: [(words: String, conduct: WitnessDouble.Conduct)] = [
        ("refused connection", .refusedConnection),
        ("no answer", .silent),
        ("nothing", .saying(200, [])),
        ("rubbish", .saying(200, Array("<html>\n".utf8))),
        ("a line by a stranger", .saying(200, strangersLine)),
        ("a cosignature of another tree", .saying(200, cosignatureOfAnotherTree)),
        ("time 0", .changing { _ in HTTPAnswer(status: 200, contentType: nil, body: timeless) }),
        ("flipped bits", .changing { HTTPAnswer(status: $0.status, contentType: nil, body: flipped($0.body)) }),
        ("a page for an error", .saying(500, Array("<html>".utf8))),
        ("too many requests", .saying(429, [])),
        ("unknown log", .saying(404, [])),
        ("moved", .saying(301, [])),
        ("409 with rubbish", .saying(409, Array("many\n".utf8))),
        ("409 without an end", .saying(409, Array("1".utf8))),
        ("409 with a huge number", .saying(409, Array("18446744073709551616\n".utf8))),
        ("409 round in circles", .saying(409, Array("0\n".utf8))),
        ("a larger tree that it does not show", .claiming(1_000, nil)),
        ("a larger tree by another key", .claiming(1_000, largerByAnotherKey)),
        ("a larger tree, showing rubbish", .claiming(1_000, [0x0A])),
        ("another root that it does not show", .saying(422, [])),
        ("another root by another key", .knowingAnother(largerByAnotherKey)),
    ]

    /// A witness's answers by keys that are made up for them.
    private static let stranger = WitnessSigner(
        name: KeyName("witness.example/w4")!, privateKey: SequencerWorld.person("w4").privateKey)
    private static let third = WitnessSigner(
        name: KeyName("witness.example/w3")!, privateKey: SequencerWorld.person("w3").privateKey)
    private static let otherTree = Array("log.example/world\n3\n\(MerkleTree.leafHash([]).base64)\n".utf8)
    private static let strangersLine = stranger.line(over: otherTree, time: 1).line
    private static let cosignatureOfAnotherTree = third.line(over: otherTree, time: 1).line
    private static let timeless = third.line(over: otherTree, time: 0).line
    private static let largerByAnotherKey: [UInt8] = {
        let signer = NoteSigner(
            name: KeyName("log.example/world")!, privateKey: SequencerWorld.person("somebody").privateKey)
        let text = Array("log.example/world\n1000\n\(MerkleTree.leafHash([]).base64)\n".utf8)
        return text + [0x0A] + signer.sign(text).line
    }()

    private static func flipped(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.count > 60 { bytes[60] = bytes[60] == 0x41 ? 0x42 : 0x41 }
        return bytes
    }

    /// Without the quorum nothing is served and nobody has an answer; with it all is made good, and the witnesses that
    /// were away are brought up from where they were.
    @Test func heldBackAndCaughtUp() async throws {
        let world = try World()
        let log = try await open(world)
        _ = try await log.submit("first")
        let before = world.store.contents.files["checkpoint"]
        for witness in world.witnesses[1...] { witness.conduct = .refusedConnection }
        for text in ["second", "third"] {
            let error = await #expect(throws: CheckpointPublisher.HeldBack.self) { try await log.submit(text) }
            #expect(error?.cosigners == [world.witnesses[0].name])
            #expect(error?.missing == world.witnesses[1...].map(\.name))
            #expect(world.store.contents.files["checkpoint"] == before)
            try await audit(world)
        }
        // Also where it is opened anew meanwhile.
        let again = try await open(world)
        await #expect(throws: CheckpointPublisher.HeldBack.self) { try await again.publish() }
        #expect(world.store.contents.files["checkpoint"] == before)
        for witness in world.witnesses { witness.conduct = .honest }
        let receipt = try await again.submit("third")
        #expect(receipt.wasPresent)
        #expect(receipt.index == 2)
        #expect(try served(world).head.size == 3)
        #expect(try Self.signedEntries(world.store.contents).count == 3)
        try await again.publish()
        #expect(world.witnesses.allSatisfy { $0.last?.unverified.head.size == 3 })
        try await audit(world)
    }

    /// Who asks for it goes on without the quorum, and nothing can be quoted of it.
    @Test func bestEffortGoesOn() async throws {
        let world = try World()
        for witness in world.witnesses[1...] { witness.conduct = .refusedConnection }
        let log = try await open(world, mode: .bestEffort)
        let receipt = try await log.submit("first")
        #expect(world.store.contents.files["checkpoint"] == receipt.checkpoint.bytes)
        #expect(!world.store.contents.files.keys.contains { $0.hasPrefix("cosigned/") })
        world.witnesses[1].conduct = .honest
        try await log.publish()
        #expect(try served(world).head.size == 1)
        #expect(world.store.contents.files.keys.contains { $0.hasPrefix("cosigned/") })
    }

    /// An old copy of everything, the private state too: the witnesses know more, and it signs nothing.
    @Test func anOldCopySignsNothing() async throws {
        let world = try World()
        let log = try await open(world)
        _ = try await log.submit("first")
        let backup = world.store.contents
        _ = try await log.submit("second")

        let restored = try World(backup, sharing: world.witnesses)
        let kept = Mutex<[OtherHistory]>([])
        let old = try await open(restored, keeping: { own, other in kept.withLock { $0.append(other) } })
        let error = await #expect(throws: OtherHistory.self) { try await old.publish() }
        #expect(error?.isLarger == true)
        #expect(error?.found.unverified.head.size == 2)
        #expect(kept.withLock { $0 } == [error])
        await #expect(throws: SequencerError.self) { try await old.submit("another second") }
        #expect(restored.store.contents == backup)
        #expect(restored.store.signedEver.isEmpty)
    }

    /// Two copies that sign different entries: the second gets no quorum, and shows both checkpoints.
    @Test func aSecondHistoryIsNotCosigned() async throws {
        let world = try World()
        let log = try await open(world)
        _ = try await log.submit("first")
        let second = try World(world.store.contents, sharing: world.witnesses)
        let kept = Mutex<[(SignedCheckpoint, OtherHistory)]>([])
        let copy = try await open(second, keeping: { own, other in kept.withLock { $0.append((own, other)) } })
        _ = try await log.submit("second")
        let error = await #expect(throws: OtherHistory.self) { try await copy.submit("another second") }
        #expect(error?.isLarger == false)
        let (own, other) = try #require(kept.withLock { $0.first })
        #expect(other.found.unverified.head.size == own.unverified.head.size)
        #expect(other.found.unverified.head.root != own.unverified.head.root)
        for checkpoint in [own, other.found] {
            #expect(throws: Never.self) { try checkpoint.verified(by: SequencerWorld.identity.verifierKeys) }
        }
        #expect(second.store.contents.files["checkpoint"] != second.store.contents.signed)
        #expect(try served(second).head.size == 1)
        await #expect(throws: SequencerError.self) { try await copy.submit("third") }
        try await audit(world)
    }

    /// Lines by keys of other kinds that a witness sends along stay in the checkpoint, byte for byte.
    @Test func linesOfOtherKindsPassThrough() async throws {
        let world = try World()
        let name = world.witnesses[0].signer.verifierKey.name
        let postQuantum = SignedNote.Signature(
            name: name, keyID: KeyID(rawValue: 0x0601_0203), bytes: [UInt8](repeating: 0x5A, count: 8 + 2_420))
        world.witnesses[0].conduct = .changing { answer in
            HTTPAnswer(status: answer.status, contentType: nil, body: answer.body + postQuantum.line)
        }
        let log = try await open(world)
        for text in ["first", "second"] {
            let receipt = try await log.submit(text)
            #expect(receipt.checkpoint.signatures.contains(postQuantum))
            #expect(try served(world).cosigners.count == 3)
        }
    }

    /// Every write on the way of a batch that is cosigned fails once, twice, done or not: the log opens again, holds,
    /// and has what it has answered for.
    @Test(arguments: MemoryStore.Operation.allCases, MemoryStore.Extent.allCases)
    func failures(_ operation: MemoryStore.Operation, _ extent: MemoryStore.Extent) async throws {
        for first in 1...3 {
            let world = try World()
            let log = try await open(world)
            var answered: [String] = []
            for text in ["first", "second"] where (try? await log.submit(text)) != nil { answered.append(text) }
            world.store.fail(MemoryStore.Fault(operation: operation, first: first, count: 2, extent: extent))
            if (try? await log.submit("third")) != nil { answered.append("third") }
            world.store.fail(nil)
            let again = try await open(world)
            try await again.publish()
            _ = try await again.submit("fourth")
            try await audit(world)
            let texts = try Self.signedEntries(world.store.contents).compactMap { CountingRules.text(of: $0) }
            #expect(Set(answered + ["fourth"]).isSubset(of: texts), "\(operation) \(extent) \(first)")
            #expect(world.witnesses.allSatisfy { $0.last?.unverified.head.size.value ?? 0 <= UInt64(texts.count) })
            #expect(try served(world).head.size.value == UInt64(texts.count))
        }
    }

    /// Lines in what is served that do not verify are as good as none; those that do stay while their witness is away.
    @Test func whatIsServedIsNotTrusted() async throws {
        let world = try World()
        let log = try await open(world)
        let receipt = try await log.submit("first")
        for witness in world.witnesses[1...] { witness.conduct = .refusedConnection }
        // The cosignatures of those who are away are still there.
        try await log.publish()
        #expect(try served(world).cosigners.count == 3)

        let line = try #require(receipt.checkpoint.signature(claiming: world.witnesses[2].signer.verifierKey))
        let forged = SignedNote.Signature(
            name: line.name, keyID: line.keyID, bytes: line.bytes.dropLast() + [line.bytes[71] ^ 1])
        world.store.contents.files["checkpoint"] = try receipt.checkpoint.replacing([forged]).bytes
        let again = try await open(world)
        await #expect(throws: CheckpointPublisher.HeldBack.self) { try await again.publish() }
        world.witnesses[1].conduct = .honest
        try await again.publish()
        #expect(try served(world).cosigners.count == 2)
    }

    /// Who was silent is asked once in the next round, and as often as others once it has answered again.
    @Test func theSilentAreAskedOnce() async throws {
        let world = try World()
        let witness = world.witnesses[2]
        let log = try await open(world)
        for other in world.witnesses[..<2] { other.conduct = .refusedConnection }
        witness.conduct = .saying(503, [])
        _ = try? await log.submit("first")
        for other in world.witnesses { other.conduct = .refusedConnection }
        let before = world.witnesses.map(\.requests)
        _ = try? await log.submit("second")
        #expect(zip(world.witnesses, before).map { $0.requests - $1 } == [1, 1, 4])
    }
}
