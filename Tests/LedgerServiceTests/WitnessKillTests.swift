// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import LedgerService
import Synchronization
import SystemPackage
import Testing
import TransparencyLog
import TestSupport

/// A witness that is killed at any moment, again and again, while it is asked for many histories at once.
///
/// INDELIBLE_KILLS says how many times.
@Suite("A witness that is killed")
struct WitnessKillTests {
    private static let kills = ProcessInfo.processInfo.environment["INDELIBLE_KILLS"].flatMap { Int($0) } ?? 200
    /// So many times it is killed over one log: trees stay small, and what is not the witness takes little time.
    private static let killsOfALog = 25

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func neverTwoRootsAndNeverBack() async throws {
        try prepare(witness: WitnessWorld().witness)
        try await onOwnThread { try killAgainAndAgain() }
    }

    private func killAgainAndAgain() throws {
        var left = Self.kills
        while left > 0 {
            let log = KilledWitness(folder: folder, world: try WitnessWorld(origin: "ledger.example/\(left)"))
            _ = try WitnessStore(folder: folder("witness")).add([log.world.signer.verifierKey])
            let kills = min(left, Self.killsOfALog)
            for number in 0...kills { try log.live(isLast: number == kills) }
            left -= kills
            let story = log.story.value.withLock { $0 }
            #expect(story.failures == [])
            #expect(story.told.count > kills, "the witness was hardly asked")
            #expect(story.refused > kills / 2, "hardly a fork was tried")
            try log.check()
        }
    }

    /// The folder, and a key whose passphrase is quick to try: what makes that slow on purpose is not tested here.
    private func prepare(witness: WitnessSigner) throws {
        try folder.write("passphrase\n", to: "passphrase")
        let der: [UInt8] = [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ]
        try folder.write(der + witness.privateKey.withSeed { Array($0) }, to: "key.der")
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "pkcs8", "-topk8", "-inform", "DER", "-in", folder("key.der").string, "-out",
            folder("key.pem").string, "-v2", "aes-256-cbc", "-iter", "1", "-passout", "pass:passphrase",
        ]
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
        let name = KeyStore(folder: folder("home")).path(of: witness.verifierKey.name)
        let file = Array("indelible private key of \(witness.verifierKey)\n".utf8)
        try DurableFile.makeFolder(folder("home"))
        try DurableFile.write(try file + folder.read("key.pem"), to: name, mode: 0o600)
    }
}

/// The lives of one witness, as those see it who ask it about one log.
private struct KilledWitness: Sendable {
    /// What somebody was told, and when they asked and had it.
    struct Told {
        let head: TreeHead
        let time: UInt64
        let asked: ContinuousClock.Instant
        let answered: ContinuousClock.Instant
    }

    /// What all clients share: what was told, and the tree they believe to be the last one cosigned.
    struct Story {
        var told: [Told] = []
        /// The leaves of every tree that was asked for since the last start, by root.
        var asked: [Hash: [Hash]] = [:]
        var last: [Hash] = []
        var failures: [String] = []
        var refused = 0
        var answers: Int { told.count + refused }
    }

    final class StoryBox: Sendable {
        let value = Mutex(Story())
    }

    let folder: TemporaryFolder
    let world: WitnessWorld
    let story = StoryBox()

    /// The whole of what was promised, over all that was told in all lives of the witness.
    func check() throws {
        let told = story.value.withLock { $0.told }
        var roots: [TreeSize: Hash] = [:]
        for told in told {
            #expect(roots.updateValue(told.head.root, forKey: told.head.size) ?? told.head.root == told.head.root)
        }
        // Whatever was asked for after something was told is not smaller, nor earlier.
        let byAnswer = told.sorted { $0.answered < $1.answered }
        var index = 0
        var (size, time): (TreeSize, UInt64) = (0, 0)
        for told in told.sorted(by: { $0.asked < $1.asked }) {
            while index < byAnswer.count, byAnswer[index].answered < told.asked {
                size = max(size, byAnswer[index].head.size)
                time = max(time, byAnswer[index].time)
                index += 1
            }
            #expect(told.head.size >= size)
            #expect(told.time >= time)
        }
    }

    // MARK: - The witness

    /// One life: it starts, is looked at, asked by three clients at once, and killed.
    func live(isLast: Bool) throws {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")
        ).deletingLastPathComponent().appendingPathComponent("indelible")
        process.arguments = ["witness", "serve", "--folder", folder("witness").string, "--listen", "127.0.0.1:0"]
        process.environment = [
            "INDELIBLE_HOME": folder("home").string, "INDELIBLE_PASSPHRASE_FILE": folder("passphrase").string,
            "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0.dropLast()) }, "\(line)")
        try look(port)
        guard !isLast else { return }
        let group = DispatchGroup()
        for client in 0..<3 {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                do { try ask(port, as: client) } catch is RawConnection.Broken {} catch { fail("\(error)") }
            }
        }
        // Within the next request behind a few that were answered.
        let answers = story.value.withLock { $0.answers } + Int.random(in: 0...7)
        let deadline = ContinuousClock.now + .milliseconds(250)
        while story.value.withLock({ $0.answers }) < answers, ContinuousClock.now < deadline { poll(nil, 0, 1) }
        poll(nil, 0, Int32.random(in: 0...4))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        group.wait()
    }

    /// What the witness holds at its start is at least what it told anybody, and something that it was asked for.
    private func look(_ port: Int) throws {
        let asked = ContinuousClock.now
        let answer = try RawConnection(port: port).send("GET", "/\(world.originHash.hex)/checkpoint")
        guard answer.status == 200 else { return }
        let cosigned = try world.policy().verify(SignedCheckpoint(parsing: answer.body))
        let (head, time) = (cosigned.head, try #require(cosigned.upperBound))
        story.value.withLock { story in
            story.told.append(Told(head: head, time: time, asked: asked, answered: .now))
            if let leaves = story.asked[head.root] {
                story.last = leaves
            } else if MerkleTree.root(of: story.last) != head.root {
                story.failures.append("a tree that nobody asked for")
            }
            story.asked = [:]
        }
    }

    // MARK: - Those who ask

    /// Asks until the witness is gone: for the next tree, for another in its place, for the last one anew, and for one
    /// that came before.
    private func ask(_ port: Int, as client: Int) throws {
        let connection = try RawConnection(port: port)
        while true {
            let last = story.value.withLock { $0.last }
            var leaves = last
            var old = last.count
            switch Int.random(in: 0..<8) {
            case 0 where old > 0: leaves[old - 1] = leaf(old - 1, client)
            case 1 where old > 1:
                old = Int.random(in: 1..<old)
                leaves = Array(leaves[..<old])
            case 2: break
            default: for _ in 0..<Int.random(in: 1...3) { leaves.append(leaf(leaves.count, client)) }
            }
            let request = try request(old, leaves)
            story.value.withLock { $0.asked[request.head.root] = leaves }
            let asked = ContinuousClock.now
            let answer = try connection.send("POST", "/add-checkpoint", body: request.bytes)
            switch answer.status {
            case 200:
                let lines = try AddCheckpointAnswer(parsing: answer.body)
                guard try world.holds(lines, for: request) else { return fail("a cosignature does not verify") }
                let time = try Cosignature(parsing: lines.signatures[0].bytes).time
                story.value.withLock { story in
                    story.told.append(Told(head: request.head, time: time, asked: asked, answered: .now))
                    if leaves.count >= story.last.count { story.last = leaves }
                }
            case 400, 409, 422: story.value.withLock { $0.refused += 1 }
            default: fail("status \(answer.status): \(answer.text)")
            }
        }
    }

    private func leaf(_ index: Int, _ client: Int) -> Hash {
        MerkleTree.leafHash(Array("\(index) \(client) \(UInt64.random(in: .min ... .max))".utf8))
    }

    private func request(_ old: Int, _ leaves: [Hash]) throws -> AddCheckpoint {
        let size = try #require(TreeSize(UInt64(leaves.count)))
        let head = TreeHead(size: size, root: MerkleTree.root(of: leaves))
        let path = (1..<max(leaves.count, 1)).contains(old) ? WitnessWorld.consistency(old, leaves[...]) : []
        return try AddCheckpoint(
            old: try #require(TreeSize(UInt64(old))), proof: ConsistencyProof(path: path),
            checkpoint: Checkpoint(origin: world.origin, head: head).signed(by: [world.signer]))
    }

    private func fail(_ reason: String) {
        story.value.withLock { $0.failures.append(reason) }
    }
}
