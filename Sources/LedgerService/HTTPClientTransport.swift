// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Glibc
public import Ledger
import NIOCore
import NIOPosix
import NIOSSL

/// Sends requests over the network, with proxies and certificates as the environment says.
///
/// No redirect is followed: an address is what a policy or a person gave. Certificates are those of the system, or of the file that
/// SSL_CERT_FILE names.
public enum HTTPClientTransport {
    private static let connectLimit = TimeAmount.seconds(10)

    /// Runs `body` with a transport that is shut down afterwards.
    public static func with<Value: Sendable>(
        environment: [String: String], isolation: isolated (any Actor)? = #isolation,
        _ body: (HTTPTransport) async throws -> Value
    ) async throws -> Value {
        let choice = try ProxyChoice(environment: environment)
        let roots = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let direct = client(through: nil, trusting: roots)
        var proxied: [ProxyChoice.Proxy: HTTPClient] = [:]
        for proxy in choice.proxies { proxied[proxy] = client(through: proxy, trusting: roots) }
        let transport = HTTPTransport { [proxied] request in
            let target = try Target(request.url)
            guard let proxy = choice.proxy(isSecure: target.isSecure, host: target.host) else {
                return try await send(request, by: direct)
            }
            guard let client = proxied[proxy] else { preconditionFailure("a proxy that was chosen is one of them") }
            return try await send(request, by: client)
        }
        let clients = [direct] + proxied.values
        do {
            let value = try await body(transport)
            for client in clients { try await client.shutdown() }
            return value
        } catch {
            for client in clients { try? await client.shutdown() }
            throw error
        }
    }

    private static func client(through proxy: ProxyChoice.Proxy?, trusting roots: String?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connectLimit),
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        if let roots {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(roots)
            configuration.tlsConfiguration = tls
        }
        configuration.connectionPool.retryConnectionEstablishment = false
        switch proxy {
        case .socks(let host, let port): configuration.proxy = .socksServer(host: host, port: port)
        case .http(let host, let port): configuration.proxy = .server(host: host, port: port)
        case nil: break
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func send(_ request: HTTPRequest, by client: HTTPClient) async throws -> HTTPAnswer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = .RAW(value: request.method.rawValue)
        for field in request.headers { outgoing.headers.add(name: field.name, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        let milliseconds = request.deadline / .milliseconds(1)
        let deadline = NIODeadline.now() + .milliseconds(Int64(milliseconds))
        do {
            let answer = try await client.execute(outgoing, deadline: deadline)
            let body = try await answer.body.collect(upTo: request.maximumAnswer)
            return HTTPAnswer(
                status: Int(answer.status.code), contentType: answer.headers.first(name: "content-type"),
                body: Array(body.readableBytesView))
        } catch let error as HTTPClientError {
            throw failure(error)
        } catch is NIOTooManyBytesError {
            throw HTTPFailure("the answer is longer than \(request.maximumAnswer) bytes", isTooLong: true)
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as NIOConnectionError {
            throw HTTPFailure(error.dnsAError != nil ? "no such host" : "the connection is refused")
        } catch let error as IOError {
            throw HTTPFailure(
                error.errnoCode == ECONNREFUSED
                    ? "the connection is refused" : "the connection broke (errno \(error.errnoCode))")
        } catch {
            throw HTTPFailure("no answer (\(type(of: error)))")
        }
    }

    private static func failure(_ error: HTTPClientError) -> HTTPFailure {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
            HTTPFailure("no answer in time")
        case .connectTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout:
            HTTPFailure("no connection in time")
        case .remoteConnectionClosed: HTTPFailure("the connection was closed")
        default: HTTPFailure(error.shortDescription)
        }
    }
}

/// The scheme and host of an address.
private struct Target {
    let isSecure: Bool
    let host: String

    init(_ url: String) throws(HTTPFailure) {
        let lower = url.lowercased()
        let rest: Substring
        if lower.hasPrefix("https://") {
            isSecure = true
            rest = lower.dropFirst(8)
        } else if lower.hasPrefix("http://") {
            isSecure = false
            rest = lower.dropFirst(7)
        } else {
            throw HTTPFailure("the address is neither http:// nor https://")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw HTTPFailure("an address with a password in it is refused") }
        host =
            authority.hasPrefix("[")
            ? String(authority.dropFirst().prefix { $0 != "]" }) : String(authority.prefix { $0 != ":" })
        guard !host.isEmpty else { throw HTTPFailure("the address names no host") }
    }
}
