// SPDX-License-Identifier: Apache-2.0

/// Where a service listens.
///
///     127.0.0.1:8001      [::1]:8001      localhost:0        port 0: any that is free
public struct ListenAddress: Sendable, Hashable {
    /// The name or address, without brackets.
    public let host: String
    /// The port; 0 for any.
    public let port: Int
    /// Whether what listens there speaks HTTPS.
    public let isSecure: Bool

    /// Reads HOST:PORT; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...].utf8
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
            return nil
        }
        self.init(host: String(host), port: Int(port))
    }

    /// A host and a port.
    public init(host: String, port: Int, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// The address as the beginning of a URL.
    public var url: String { "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension ListenAddress: CustomStringConvertible {
    public var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
