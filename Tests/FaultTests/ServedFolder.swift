// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TransparencyLog
import TestSupport

/// The lives of one served log: in each, clients file until it is killed; at the end, all that it answered is held
/// against what it has.
final class ServedFolder: Sendable {
    /// A proof that a client was given.
    private struct Answer {
        let filing: Int
        let index: LeafIndex
        let leaf: Hash
        let head: TreeHead
    }

    private struct Story {
        var answers: [Answer] = []
        var next = 0
        var failures: [String] = []
    }

    private let folder: FaultFolder
    private let program: WatchedProgram
    private let filings: [[UInt8]]
    private let policy: TrustPolicy
    private let story = Mutex(Story())

    init(_ folder: FaultFolder, _ program: WatchedProgram, filings: [[UInt8]]) throws {
        self.folder = folder
        self.program = program
        self.filings = filings
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.world + "/keys/policy"))
        policy = try TrustPolicy(parsing: [UInt8](bytes))
    }

    /// How many answers were given.
    var answers: Int { story.withLock { $0.answers.count } }

    /// One life: it starts, is filed in by several clients at once, and is killed within the next filing behind some
    /// that were answered.
    func live(clients: Int, untilAnswers more: Int, thenMilliseconds milliseconds: Int) throws {
        guard let (server, port) = try start() else { return }
        defer { Self.end(server, with: SIGKILL) }
        let wanted = answers + more
        let group = DispatchGroup()
        for client in 0..<clients {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                do { try file(port, as: client) } catch is RawConnection.Broken {} catch { fail("\(error)") }
            }
        }
        let deadline = ContinuousClock.now + .seconds(5)
        while answers < wanted, story.withLock({ $0.next < filings.count }), ContinuousClock.now < deadline {
            poll(nil, 0, 1)
        }
        poll(nil, 0, Int32(milliseconds))
        Self.end(server, with: SIGKILL)
        group.wait()
    }

    /// One life in which a filing fails halfway, and then what the log does to open itself again, before it succeeds by
    /// itself. Ends with a kill. Gives what the server said.
    ///
    /// `environment` says which calls fail.
    func live(throughFailure environment: [String: String]) throws -> String {
        let log = folder.scratch + "/log"
        guard FileManager.default.createFile(atPath: log, contents: nil),
            let errors = FileHandle(forWritingAtPath: log), let (server, port) = try start(environment, errors)
        else { return "" }
        defer { Self.end(server, with: SIGKILL) }
        story.withLock { $0.next = 1 }
        let answer = try RawConnection(port: port).send("POST", "/entries", body: filings[0])
        if answer.status < 500 { fail("a filing that failed is answered with \(answer.status): \(answer.text)") }
        // It looks every ten seconds.
        let deadline = ContinuousClock.now + .seconds(120)
        func said() throws -> String { try String(contentsOfFile: log, encoding: .utf8) }
        while try !said().contains("the log goes on"), ContinuousClock.now < deadline { poll(nil, 0, 50) }
        try file(0, over: try RawConnection(port: port))
        Self.end(server, with: SIGKILL)
        return try said()
    }

    /// Starts the server and waits until it listens; nil, and a failure, if it does not.
    private func start(
        _ environment: [String: String] = [:], _ errors: FileHandle = .nullDevice
    ) throws -> (server: Process, port: Int)? {
        let server = Process()
        server.executableURL = URL(fileURLWithPath: program.path)
        server.arguments = ["serve", "--listen", "127.0.0.1:0", "--address-rate", "0", "--key-rate", "0"]
        server.currentDirectoryURL = URL(fileURLWithPath: folder.world)
        server.environment = folder.environment.merging(environment) { $1 }
        let output = Pipe()
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = output
        server.standardError = errors
        try server.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        if let port = line.split(separator: "\n").first?.split(separator: ":").last.flatMap({ Int($0) }) {
            return (server, port)
        }
        Self.end(server, with: SIGKILL)
        fail("it does not start again: \(line)")
        return nil
    }

    private static func end(_ server: Process, with signal: Int32) {
        if server.isRunning { kill(server.processIdentifier, signal) }
        server.waitUntilExit()
    }

    /// Files until the server is gone. One in eight filings is one that was filed before.
    private func file(_ port: Int, as client: Int) throws {
        let connection = try RawConnection(port: port)
        var random = SeededGenerator(seed: UInt64(client))
        while true {
            let repeats = random.once(in: 8)
            let number = story.withLock { story -> Int? in
                if repeats, let earlier = story.answers.last { return earlier.filing }
                guard story.next < filings.count else { return nil }
                story.next += 1
                return story.next - 1
            }
            guard let number else { return }
            try file(number, over: connection)
        }
    }

    private func file(_ number: Int, over connection: RawConnection) throws {
        let answer = try connection.send("POST", "/entries", body: filings[number])
        guard answer.status == 200 else { return fail("it answers \(answer.status): \(answer.text)") }
        let proof = try LogProof(parsing: answer.body)
        guard let entry = proof.extra else { return fail("a proof without its entry") }
        let leaf = MerkleTree.leafHash(entry)
        let head = try proof.verify(leaf, under: policy).head
        if entry.suffix(filings[number].count) != filings[number][...] { fail("the proof of another filing") }
        story.withLock { $0.answers.append(Answer(filing: number, index: proof.index, leaf: leaf, head: head)) }
    }

    private func fail(_ what: String) {
        story.withLock { $0.failures.append(what) }
    }

    /// What does not hold of all that was answered in all lives.
    func check() throws -> [String] {
        // What was filed and not answered is filed again, and so is what was answered.
        try refile(Array(0..<story.withLock { $0.next }))
        var promises = Promises(in: folder)
        let audit = try program.run(["audit"], in: folder)
        if audit.code != 0 { fail("the audit ends with \(audit.code ?? -1): \(audit.output)\(audit.errors)") }
        let story = story.withLock { $0 }
        for answer in story.answers { promises.see(answer.head) }
        let leaves = try promises.compare()
        var failures = story.failures + promises.broken
        var places: [Int: LeafIndex] = [:]
        for answer in story.answers {
            if leaves.indices.contains(Int(answer.index.value)), leaves[Int(answer.index.value)] == answer.leaf {
                if places.updateValue(answer.index, forKey: answer.filing) ?? answer.index != answer.index {
                    failures.append("filing \(answer.filing) has two entries")
                }
            } else {
                failures.append("entry \(answer.index) was answered, and is not there")
            }
        }
        if places.count != story.next { failures.append("\(story.next) filings, \(places.count) entries") }
        if Set(places.values).count != places.count { failures.append("two filings have one entry") }
        return failures
    }

    private func refile(_ numbers: [Int]) throws {
        guard let (server, port) = try start() else { return }
        defer { Self.end(server, with: SIGTERM) }
        let connection = try RawConnection(port: port)
        for number in numbers { try file(number, over: connection) }
    }
}
