// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import LedgerService
import TransparencyLog

/// Serves a witness until it is told to end.
///
///     listening on http://127.0.0.1:8001        on standard output, once requests are taken
struct WitnessServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the witness until SIGTERM or SIGINT.",
        discussion: """
            Prints the address it listens on, and on standard error a line for each request that was cosigned or \
            refused. It speaks plain HTTP: put a web server in front of it that has a certificate.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var witness: WitnessOptions
    @Option(help: ArgumentHelp("The name of the witness's key (default: the only one there is).", valueName: "name"))
    var key: String?
    @Option(help: ArgumentHelp("Where to listen; port 0 takes one that is free.", valueName: "host:port"))
    var listen = "127.0.0.1:8001"
    @Option(help: ArgumentHelp("The path before all others, such as /w1.", valueName: "path"))
    var prefix = ""

    func run() async throws {
        let workplace = try Workplace(options)
        guard let address = ListenAddress(listen) else {
            throw Failure(
                .usage, "\(Shown.bytes(listen.utf8)) is no address to listen on", hint: "such as 127.0.0.1:8001")
        }
        let prefix = try path()
        let logs = try witness.store.status()
        let signer = try workplace.witnessKey(key)
        let opened = try Witness(witness.store, signer: signer, clock: { Moment.now() })
        Console.note("witness \(Shown.bytes(signer.verifierKey.utf8))")
        if logs.isEmpty { Console.note("it knows no log yet: `indelible witness add-log VKEY`, at any time") }
        for log in logs {
            Console.note("log \(Shown.bytes(log.origin.utf8)) at size \(log.last?.unverified.head.size ?? 0)")
        }
        let service = WitnessService(opened, prefix: prefix) { line in
            Console.note("\(Moment(seconds: Moment.now()).rfc3339) \(line)")
        }
        let server = HTTPService(at: address, limits: .init(body: WitnessService.maximumRequest)) {
            await service.answer($0)
        }
        try await server.run { Console.data("listening on \($0.url)\(prefix)") }
    }

    /// The prefix with one slash before it and none behind; "" for none.
    private func path() throws -> String {
        var path = prefix[...]
        while path.hasSuffix("/") { path.removeLast() }
        if path.isEmpty { return "" }
        if !path.hasPrefix("/") { path = "/" + path }
        let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#%\"<>\\".utf8.contains($0) }
        guard isPlain, !path.contains("//"), !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else {
            throw Failure(.usage, "\(Shown.bytes(prefix.utf8)) is no path of a URL", hint: "such as /w1")
        }
        return String(path)
    }
}
