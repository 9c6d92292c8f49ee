// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import LedgerService

@Suite("Whom a connection counts for")
struct ClientNetworkTests {
    @Test(
        "An IPv4 address is one client; an IPv6 address is one with all those of its first 64 bits",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("::1", "0:0:0:0::/64"),
        ])
    func networks(_ address: String, _ network: String) throws {
        #expect(ClientNetwork(try SocketAddress(ipAddress: address, port: 1)).description == network)
        #expect(ClientNetwork(forwarded: " \(address) "[...]).description == network)
    }

    @Test("What a proxy names otherwise stands for itself, and is bounded")
    func names() {
        #expect(ClientNetwork(forwarded: " unknown").description == "unknown")
        #expect(ClientNetwork(forwarded: String(repeating: "x", count: 100)[...]).description.count == 64)
        #expect(ClientNetwork(nil).description == "")
    }
}
