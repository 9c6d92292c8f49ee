// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage

/// A service over HTTP/1.1 with a bound on everything that a client could make it hold.
///
/// It speaks plain HTTP; a web server in front of it gives it TLS and a name. A body is read whole before it is answered:
/// one that is too long, or takes too long, is cut off. Connections are kept for the next request.
public struct HTTPService: Sendable {
    /// What a client may take.
    public struct Limits: Sendable {
        /// The longest body of a request, in bytes.
        public let body: Int
        /// How long a body may take to come.
        public let bodyTime: Duration
        /// How long a connection is kept on which nothing comes.
        public let idleTime: Duration
        /// How many connections there are at a time; others wait.
        public let connections: Int
        /// How long requests may take to be finished when the service ends.
        public let endTime: Duration

        /// The limits of a service whose requests have bodies of this length at most.
        public init(
            body: Int, bodyTime: Duration = .seconds(20), idleTime: Duration = .seconds(60), connections: Int = 512,
            endTime: Duration = .seconds(10)
        ) {
            self.body = body
            self.bodyTime = bodyTime
            self.idleTime = idleTime
            self.connections = connections
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
    private let respond: @Sendable (ServiceRequest) async -> ServiceAnswer

    /// A service that answers by a closure.
    public init(
        at address: ListenAddress, limits: Limits, respond: @escaping @Sendable (ServiceRequest) async -> ServiceAnswer
    ) {
        self.address = address
        self.limits = limits
        self.respond = respond
    }

    /// Serves until the process is told to end by SIGTERM or SIGINT, or the task is cancelled. `onReady` is told the
    /// address once requests are taken.
    public func run(untilSignalled: Bool = true, onReady: @escaping @Sendable (ListenAddress) -> Void) async throws {
        let silent = Logger(label: "http") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(limits.idleTime),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100))
        let application = Application(
            responder: CallbackResponder<ConnectionContext> { request, context in
                await answer(request, on: context.channel)
            },
            server: .http1(configuration: server),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: silent)),
            onServerRunning: { channel in
                onReady(ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port))
            },
            logger: silent)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: untilSignalled ? [.sigterm, .sigint] : [],
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
        // A client that sends a byte now and then is never idle.
        let cutting = channel.eventLoop.scheduleTask(in: TimeAmount(limits.bodyTime)) { channel.close(promise: nil) }
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: limits.body).readableBytesView)
        } catch {
            // What still comes is read for as long as a body may take, so that the client sees the answer, then cut off.
            return Self.response(.text(413, "longer than \(limits.body) bytes\n"), isHead: false)
        }
        cutting.cancel()
        let isHead = request.method.rawValue == "HEAD"
        let path = request.head.path.map { $0.prefix { $0 != "?" } } ?? ""
        return Self.response(
            await respond(ServiceRequest(isHead ? "GET" : request.method.rawValue, String(path), body: body)),
            isHead: isHead)
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
