// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// What a witness answers: request by request, as time goes, where writes fail, and two at one folder.
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
}
