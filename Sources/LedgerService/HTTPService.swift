// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import SystemPackage

/// A service over HTTP/1.1 with a bound on everything that a client could make it hold.
///
/// It speaks plain HTTP, or HTTPS with a certificate of its own. A body is read whole before it is answered: one that is
/// too long, or takes too long, is cut off, as is who does not take an answer. Connections are kept for the next request.
public struct HTTPService: Sendable {
    /// What a client may take.
    public struct Limits: Sendable {
        /// The longest body of a request, in bytes.
        public let body: Int
        /// How long a body may take to come.
        public let bodyTime: Duration
        /// How long a connection is kept on which nothing comes.
        public let idleTime: Duration
        /// How long an answer may take, its way to the client with it.
        public let answerTime: Duration
        /// How many connections there are at a time; others wait.
        public let connections: Int
        /// How many connections there are at a time from one address; more are closed at once.
        public let connectionsPerAddress: Int
        /// How long requests may take to be finished when the service ends.
        public let endTime: Duration

        /// The limits of a service whose requests have bodies of this length at most.
        public init(
            body: Int, bodyTime: Duration = .seconds(20), idleTime: Duration = .seconds(60),
            answerTime: Duration = .seconds(300), connections: Int = 512, connectionsPerAddress: Int = .max,
            endTime: Duration = .seconds(10)
        ) {
            self.body = body
            self.bodyTime = bodyTime
            self.idleTime = idleTime
            self.answerTime = answerTime
            self.connections = connections
            self.connectionsPerAddress = connectionsPerAddress
            self.endTime = endTime
        }
    }

    /// Why a service could not begin.
    public struct StartError: Error, Sendable, CustomStringConvertible {
        /// In words.
        public let description: String
    }

    /// Where it listens.
    public let address: ListenAddress
    private let limits: Limits
    private let certificate: ServerCertificate?
    private let isBehindProxy: Bool
    private let book: AddressGuard.Book
    private let respond: @Sendable (ServiceRequest) async -> ServiceAnswer

    /// A service that answers by a closure.
    ///
    /// Behind a proxy on this machine, the client's address is the last one in `x-forwarded-for`, and connections are not
    /// counted by address.
    public init(
        at address: ListenAddress, limits: Limits, certificate: ServerCertificate? = nil, isBehindProxy: Bool = false,
        respond: @escaping @Sendable (ServiceRequest) async -> ServiceAnswer
    ) {
        self.address = address
        self.limits = limits
        self.certificate = certificate
        self.isBehindProxy = isBehindProxy
        book = AddressGuard.Book(limit: isBehindProxy ? .max : limits.connectionsPerAddress)
        self.respond = respond
    }

    /// Serves until the process is told to end by SIGTERM or SIGINT, or the task is cancelled. `onReady` is told the
    /// address once requests are taken; `whenEnding` is called when it is told to end, while the last ones are answered.
    public func run(
        untilSignalled: Bool = true, onReady: @escaping @Sendable (ListenAddress) -> Void,
        whenEnding: @escaping @Sendable () -> Void = {}
    ) async throws {
        let silent = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                AddressGuard(book), RequestClock(body: limits.bodyTime, answer: limits.answerTime),
            ], idleTimeout: TimeAmount(limits.idleTime),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100))
        let server: HTTPServerBuilder =
            if let certificate {
                try .tls(.http1(configuration: http), tlsConfiguration: certificate.configuration)
            } else {
                .http1(configuration: http)
            }
        let application = Application(
            responder: CallbackResponder<ConnectionContext> { request, context in
                await answer(request, on: context.channel)
            },
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: silent)),
            onServerRunning: { channel in
                onReady(
                    ListenAddress(
                        host: address.host, port: channel.localAddress?.port ?? address.port,
                        isSecure: certificate != nil))
            },
            logger: silent)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: application),
                // It is told first, and that it has nothing more to do ends nobody else.
                .init(service: EndingNotice(tell: whenEnding), successTerminationBehavior: .ignore),
            ],
            gracefulShutdownSignals: untilSignalled ? [.sigterm, .sigint] : [],
            logger: silent)
        configuration.maximumGracefulShutdownDuration = limits.endTime
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            let reason = Errno(rawValue: error.errnoCode).description.lowercased()
            throw StartError(description: "cannot listen on \(address): \(reason)")
        } catch let error where error is SocketAddressError || error is SocketAddressError.UnknownHost {
            throw StartError(description: "cannot listen on \(address): no such host")
        } catch is CancellationError {
            return
        }
    }

    /// Reads a request whole and answers it.
    private func answer(_ request: Request, on channel: any Channel) async -> Response {
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: limits.body).readableBytesView)
        } catch {
            // What still comes is read for as long as a body may take, so that the client sees the answer, then cut off.
            return Self.response(.text(413, "longer than \(limits.body) bytes\n"), isHead: false)
        }
        let isHead = request.method.rawValue == "HEAD"
        let answer = await respond(
            ServiceRequest(
                isHead ? "GET" : request.method.rawValue, request.head.path ?? "", fields: request.headers, body: body,
                client: client(of: request, on: channel)))
        return Self.response(answer, isHead: isHead)
    }

    private func client(of request: Request, on channel: any Channel) -> String {
        if isBehindProxy, let name = HTTPField.Name("x-forwarded-for"), let last = request.headers[name] {
            return ClientNetwork(forwarded: last.split(separator: ",").last ?? "").description
        }
        return ClientNetwork(channel.remoteAddress).description
    }

    private static func response(_ answer: ServiceAnswer, isHead: Bool) -> Response {
        var headers = HTTPFields()
        for field in answer.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            headers.append(HTTPField(name: name, value: field.value))
        }
        headers[.contentLength] = String(answer.body.count)
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: isHead || answer.body.isEmpty
                ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

/// A request's context that lets its connection be closed.
private struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Tells when the services are to end.
private struct EndingNotice: Service {
    let tell: @Sendable () -> Void

    func run() async throws {
        try? await gracefulShutdown()
        tell()
    }
}
