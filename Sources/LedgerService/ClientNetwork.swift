// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Whom a connection counts for: an IPv4 address, or the 64 bits of an IPv6 address that one household or machine has for
/// itself, within which it can take a new address for every connection (RFC 6177, RFC 8981).
struct ClientNetwork: Sendable, Hashable, CustomStringConvertible {
    /// The address, or `2001:db8:1:2::/64`; empty where the connection has none.
    let description: String

    private init(description: String) { self.description = description }

    init(_ address: SocketAddress?) {
        guard case .v6(let six)? = address else {
            description = address?.ipAddress ?? ""
            return
        }
        let bytes = withUnsafeBytes(of: six.address.sin6_addr) { Array($0) }
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            // An IPv4 client of a socket that takes both.
            description = bytes.suffix(4).map { String($0) }.joined(separator: ".")
        } else {
            let groups = stride(from: 0, to: 8, by: 2).map {
                String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
            }
            description = groups.joined(separator: ":") + "::/64"
        }
    }

    /// The one that a proxy names; what is no address stands for itself.
    init(forwarded text: Substring) {
        let text = String(text.filter { $0 != " " }.prefix(64))
        do {
            self = ClientNetwork(try SocketAddress(ipAddress: text, port: 0))
        } catch {
            self = ClientNetwork(description: text)
        }
    }
}
