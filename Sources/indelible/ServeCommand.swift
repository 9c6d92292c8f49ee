// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Glibc
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// Serves the log until it is told to end.
///
///     listening on http://127.0.0.1:8000        on standard output, once requests are taken
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the log: to be read by anyone, and to be filed in by those whom it admits.",
        discussion: """
            Runs on the machine that has the log's key. While it runs, it has the log to itself: commands on this machine \
            file through it, and those on others by its address, with --ledger http://... SIGTERM and SIGINT end it once those who wait are answered.
            It speaks plain HTTP; give it a certificate, or put a web server in front of it and say --behind-proxy.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Option(help: ArgumentHelp("Where to listen; port 0 takes one that is free.", valueName: "host:port"))
    var listen = "127.0.0.1:8000"
    @Option(
        help: ArgumentHelp("The server's certificates in PEM, its own first: it then speaks HTTPS.", valueName: "file"),
        completion: .file()) var tlsCertificate: String?
    @Option(help: ArgumentHelp("The private key of that certificate, in PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?
    @Flag(help: "Take the client's address from x-forwarded-for, as a proxy on this machine gives it.")
    var behindProxy = false
    @Flag(help: "Where the log admits anyone, ask nobody for an access token.") var withoutTokens = false
    @OptionGroup(title: "Whose time-stamps the pages judge") var authorities: TimestampAuthorityOptions
    @OptionGroup(title: "How much it takes") var limits: ServeLimits

    func run() async throws {
        let workplace = try Workplace(options)
        try workplace.requireFolder()
        guard let address = ListenAddress(listen) else {
            throw Failure(
                .usage, "\(Shown.bytes(listen.utf8)) is no address to listen on", hint: "such as 127.0.0.1:8000")
        }
        let certificate = try certificate()
        let trust = try workplace.trust(nil)
        guard let identity = try workplace.logIdentity() else {
            throw Failure(
                .cannotTell,
                "the key of the log \(Shown.bytes(try workplace.ownLog().origin.utf8)) is not on this machine",
                hint: "a copy is served by any web server, as it stands: see `indelible mirror --help`")
        }
        try limits.raiseDescriptorLimit()
        let log = try await workplace.openLog(identity, batchLimit: limits.batch)
        let note: @Sendable (String) -> Void = { Console.note("\(Moment(seconds: Moment.now()).rfc3339) \($0)") }
        let service = await LogService(
            log,
            as: LogService.Identity(
                policy: trust.policy, policyName: trust.name,
                authorities: try workplace.timestampAuthorities(authorities),
                version: Indelible.version),
            admission: limits.admission(withoutTokens ? nil : AccessTokens(of: workplace.ledger)), note: note)
        let server = HTTPService(
            at: address, limits: limits.http, certificate: certificate, isBehindProxy: behindProxy
        ) { await service.answer($0) }
        let mark = workplace.servingMark
        let keeping = Task {
            await LogKeeping(log: log, policy: trust.policy, note: note).run()
        }
        do {
            try await server.run { address in
                // Commands on this machine find the log by it.
                do {
                    try DurableFile.write(Array("\(address.url)\n".utf8), to: mark, mode: 0o600)
                } catch {
                    Console.note("\(error)")
                }
                Console.data("listening on \(address.url)")
            } whenEnding: {
                service.close()
            }
        } catch {
            keeping.cancel()
            try await log.close()
            throw error
        }
        keeping.cancel()
        await keeping.value
        try DurableFile.remove(mark)
        try await log.close()
    }

    private func certificate() throws -> ServerCertificate? {
        switch (tlsCertificate, tlsKey) {
        case (nil, nil): return nil
        case (let chain?, let key?):
            do {
                return try ServerCertificate(chain: FilePath(chain), key: FilePath(key))
            } catch let error as ServerCertificate.Malformed {
                throw Failure(.usage, "\(error)", hint: "both are PEM; the key is not encrypted")
            }
        default:
            throw Failure(
                .usage, "a certificate and its key go together", hint: "give both --tls-certificate and --tls-key")
        }
    }
}

/// How much a served log takes of those who come.
struct ServeLimits: ParsableArguments {
    @Option(help: "Filings a second from one address (of IPv6, from one /64); 0 for any number.") var addressRate = 20
    @Option(help: "Filings a second by one key; 0 for any number.") var keyRate = 20
    @Option(help: "Filings that may wait at a time.") var waiting = 2048
    @Option(help: "Filings that are signed at a time.") var batch = 512
    @Option(help: "Connections at a time.") var connections = 16_384
    @Option(help: "Connections at a time from one address.") var addressConnections = 256

    func validate() throws {
        guard (0...1_000_000).contains(addressRate), (0...1_000_000).contains(keyRate), (1...65_536).contains(waiting),
            (1...4096).contains(batch), (1...65_536).contains(connections), (1...65_536).contains(addressConnections)
        else {
            throw ValidationError(
                "rates are 0 to 1000000, waiting and connections 1 to 65536, and a batch 1 to 4096 filings")
        }
    }

    func admission(_ tokens: AccessTokens?) -> LogService.Admission {
        LogService.Admission(perAddress: addressRate, perKey: keyRate, waiting: waiting, tokens: tokens)
    }

    var http: HTTPService.Limits {
        HTTPService.Limits(
            body: LogService.maximumRequest, connections: connections, connectionsPerAddress: addressConnections,
            endTime: .seconds(60))
    }

    /// Asks the system for as many open files as connections need.
    func raiseDescriptorLimit() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = rlim_t(connections + 256)
        guard limit.rlim_cur < wanted else { return }
        guard limit.rlim_max >= wanted else {
            throw Failure(
                .usage, "this system allows \(limit.rlim_max) open files, too few for \(connections) connections",
                hint:
                    "say --connections \(max(1, Int(clamping: limit.rlim_max) - 256)), or raise the limit (LimitNOFILE)"
            )
        }
        limit.rlim_cur = wanted
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
