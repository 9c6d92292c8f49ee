// SPDX-License-Identifier: Apache-2.0

/// Through what a client reaches the network, as the environment says: `all_proxy`, `https_proxy`, `http_proxy`, in
/// either case, with the hosts in `no_proxy` reached directly.
///
///     all_proxy=socks5h://127.0.0.1:9050          Tor, which resolves the names too
///     https_proxy=http://proxy.example:3128
///
/// A SOCKS proxy is always given names, never addresses, so that nothing is looked up outside of it.
public struct ProxyChoice: Sendable, Hashable {
    /// A proxy.
    public enum Proxy: Sendable, Hashable {
        /// SOCKS version 5, without a password.
        case socks(host: String, port: Int)
        /// HTTP, with CONNECT for https.
        case http(host: String, port: Int)
    }

    /// A variable that holds no address of a proxy.
    public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        /// Its name.
        public let variable: String

        public var description: String {
            "\(variable) names no proxy that can be used: want http:// or socks5h://HOST:PORT"
        }
    }

    private let forHTTP: Proxy?
    private let forHTTPS: Proxy?
    private let direct: [String]

    /// Reads the environment. Throws where a proxy is asked for that cannot be used: going around it could betray who
    /// asks.
    public init(environment: [String: String]) throws(Malformed) {
        let all = try Self.proxy("all_proxy", environment)
        forHTTP = try Self.proxy("http_proxy", environment) ?? all
        forHTTPS = try Self.proxy("https_proxy", environment) ?? all
        direct = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").lowercased()
            .split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map { String($0) }
    }

    /// Those that a request may go through.
    var proxies: Set<Proxy> { Set([forHTTP, forHTTPS].compactMap(\.self)) }

    /// The proxy for a request; nil to go directly.
    public func proxy(isSecure: Bool, host: String) -> Proxy? {
        let host = host.lowercased()
        let isDirect = direct.contains { entry in
            let name = entry.hasPrefix(".") ? String(entry.dropFirst()) : entry
            guard !name.isEmpty else { return false }
            return entry == "*" || host == name || host.hasSuffix("." + name)
        }
        return isDirect ? nil : isSecure ? forHTTPS : forHTTP
    }

    private static func proxy(_ variable: String, _ environment: [String: String]) throws(Malformed) -> Proxy? {
        guard let value = environment[variable] ?? environment[variable.uppercased()], !value.isEmpty else {
            return nil
        }
        let parts = value.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = parts.count == 2 ? parts[0].lowercased() : "http"
        var address = parts[parts.count - 1]
        if address.hasSuffix("/") { address.removeLast() }
        guard !address.contains("@"), !address.contains("/"), let (host, port) = split(address) else {
            throw Malformed(variable: variable)
        }
        switch scheme {
        case "socks5", "socks5h", "socks": return .socks(host: host, port: port ?? 1080)
        case "http": return .http(host: host, port: port ?? 80)
        default: throw Malformed(variable: variable)
        }
    }

    private static func split(_ address: Substring) -> (host: String, port: Int?)? {
        let host: Substring
        let rest: Substring
        if address.hasPrefix("["), let end = address.firstIndex(of: "]") {
            host = address[address.index(after: address.startIndex)..<end]
            rest = address[address.index(after: end)...]
        } else {
            let end = address.firstIndex(of: ":") ?? address.endIndex
            host = address[..<end]
            rest = address[end...]
        }
        guard !host.isEmpty else { return nil }
        guard !rest.isEmpty else { return (String(host), nil) }
        guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }
}
