// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import SystemPackage
import TransparencyLog

/// A served log under load from this machine: filings, signed beforehand, and tiles.
///
/// The load comes from wrk, which takes a part of the processor itself. What a filing costs the log is what is left.
struct ServiceBenchmark {
    let folder: FilePath
    let tool: String
    private static let seconds = 60
    private static let clients = 1024
    /// As many as a machine of this kind could answer, and some.
    private static let filings = 700_000
    private static let signers = 64
    private static let address = "127.0.0.1:18411"

    func run() throws -> [Measured] {
        guard (try? Benchmarks.run("wrk", ["--version"], expecting: 1)) != nil else {
            print("wrk is not installed: the service is not measured")
            return []
        }
        try Benchmarks.run("mkdir", ["-p", folder.string])
        try Data("benchmark\n".utf8).write(to: url("passphrase"))
        try indelible(["init", "--origin", "benchmark.example/service", "--admission", "anyone"])
        try writeRequests()
        let server = try serve()
        defer { server.terminate() }
        let before = try size()
        let report = try wrk(script: filingScript, clients: Self.clients, path: "/entries")
        let answered = report.answered
        let grown = try size() - before
        let memory = resident(server)
        let lone = try wrk(script: filingScript, clients: 1, path: "/entries", seconds: 5, file: "lone")
        let tiles = try wrk(script: nil, clients: 64, path: "/tile/0/000", seconds: 10)
        server.terminate()
        server.waitUntilExit()
        try indelible(["audit"])
        guard grown >= answered else {
            print("\(answered) filings were answered and the log has grown by \(grown)")
            exit(1)
        }
        return [
            Measured(
                what: "filings over HTTP, \(Self.clients) clients, \(Self.seconds) s",
                figure: "\(Int(report.perSecond)) /s (\(report.refused) refused)",
                against: "the log grew by \(grown), \(answered) were answered, and it audits", ratio: nil,
                wanted: "at least 8,000 /s"),
            Measured(
                what: "a lone filing over HTTP", figure: "p50 \(lone.median)", against: "-", ratio: nil,
                wanted: "under 10 ms"),
            Measured(
                what: "tile reads, 64 clients", figure: "\(Int(tiles.perSecond)) /s", against: "-", ratio: nil,
                wanted: "at least 20,000 /s"),
            Measured(
                what: "memory of the server after it", figure: "\(memory / 1024) MB", against: "-", ratio: nil,
                wanted: "under 300 MB"),
        ]
    }

    // MARK: - The server

    private func serve() throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = [
            "serve", "--listen", Self.address, "--address-rate", "0", "--key-rate", "0", "--without-tokens",
            "--address-connections", "20000",
        ]
        process.currentDirectoryURL = url("")
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        return process
    }

    private var environment: [String: String] {
        [
            "INDELIBLE_HOME": folder.appending("home").string,
            "INDELIBLE_PASSPHRASE_FILE": folder.appending("passphrase").string,
            "INDELIBLE_LEDGER": folder.appending("ledger").string, "INDELIBLE_KEYS": folder.appending("keys").string,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
        ]
    }

    private func indelible(_ arguments: [String]) throws {
        try Benchmarks.run(tool, arguments, environment: environment)
    }

    private func size() throws -> Int {
        let text = try Benchmarks.run("curl", ["-s", "http://\(Self.address)/checkpoint"])
        return text.split(separator: "\n").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// The most memory that the server had, in kB.
    private func resident(_ server: Process) -> Int {
        let status = try? String(contentsOfFile: "/proc/\(server.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            ?? line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    // MARK: - The load

    private struct Load {
        var perSecond = 0.0
        var requests = 0
        var refused = 0
        var median = "?"
        var answered: Int { requests - refused }
    }

    private func wrk(
        script: String?, clients: Int, path: String, seconds: Int = seconds, file: String = "requests"
    ) throws -> Load {
        var arguments = ["-t1", "-c\(clients)", "-d\(seconds)s", "--latency", "--timeout", "30s"]
        if let script {
            try Data(script.utf8).write(to: url("load.lua"))
            arguments += ["-s", folder.appending("load.lua").string]
        }
        arguments += ["http://\(Self.address)\(path)", "--", folder.appending(file).string]
        let text = try Benchmarks.run("wrk", arguments)
        var load = Load()
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.contains("requests in"), let count = words.first.flatMap({ Int($0) }) { load.requests = count }
            if line.contains("Non-2xx"), let count = words.last.flatMap({ Int($0) }) { load.refused = count }
            if words.first == "50%", words.count == 2 { load.median = String(words[1]) }
        }
        load.perSecond = Double(load.answered) / Double(seconds)
        return load
    }

    private var filingScript: String {
        """
        local requests, place = nil, 0
        function init(args)
            local file = assert(io.open(args[1], "rb"))
            requests = {}
            while true do
                local head = file:read(8)
                if not head then break end
                requests[#requests + 1] = file:read(tonumber(head))
            end
        end
        function request()
            place = place + 1
            return requests[place] or "GET /nothing-left HTTP/1.1\\r\\nhost: load\\r\\n\\r\\n"
        end
        """
    }

    /// Filings as whole requests, each behind its length in eight digits: some to be offered by many, some by one alone.
    private func writeRequests() throws {
        guard let origin = Origin("benchmark.example/service".utf8) else { return }
        let signers = (0..<Self.signers).compactMap { number -> NoteSigner? in
            guard let name = KeyName("signer-\(number)"),
                let key = Ed25519.PrivateKey(seed: [UInt8](repeating: UInt8(number), count: 32))
            else { return nil }
            return NoteSigner(name: name, privateKey: key)
        }
        for (file, numbers) in [("requests", 0..<Self.filings), ("lone", Self.filings..<Self.filings + 20_000)] {
            try Data().write(to: url(file))
            let handle = try FileHandle(forWritingTo: url(file))
            var buffer = Data()
            for number in numbers {
                let dossier = SHA256.hash(Array("filing \(number)".utf8))
                let text = try FilingText(
                    log: origin, after: nil, signers: [signers[number % Self.signers].verifierKey],
                    action: .register(try Registration(dossier: dossier)))
                let filing = try Filing(text, signedBy: [signers[number % Self.signers]])
                let request =
                    Array("POST /entries HTTP/1.1\r\nhost: load\r\ncontent-length: \(filing.bytes.count)\r\n\r\n".utf8)
                    + filing.bytes
                buffer.append(Data(String(format: "%08d", request.count).utf8))
                buffer.append(contentsOf: request)
                if buffer.count > 1 << 22 {
                    try handle.write(contentsOf: buffer)
                    buffer.removeAll(keepingCapacity: true)
                }
            }
            try handle.write(contentsOf: buffer)
            try handle.close()
        }
    }

    private func url(_ name: String) -> URL { URL(fileURLWithPath: folder.appending(name).string) }
}
