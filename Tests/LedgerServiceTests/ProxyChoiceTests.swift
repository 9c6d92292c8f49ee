// SPDX-License-Identifier: Apache-2.0
import LedgerService
import Testing

struct ProxyChoiceTests {
    @Test func nothingAskedForGoesDirectly() throws {
        let choice = try ProxyChoice(environment: [:])
        #expect(choice.proxy(isSecure: true, host: "witness.example") == nil)
    }

    @Test func allProxyServesBothSchemes() throws {
        let choice = try ProxyChoice(environment: ["ALL_PROXY": "socks5h://127.0.0.1:9050"])
        for isSecure in [true, false] {
            #expect(choice.proxy(isSecure: isSecure, host: "a.example") == .socks(host: "127.0.0.1", port: 9050))
        }
    }

    @Test func aSchemesOwnProxyComesFirst() throws {
        let choice = try ProxyChoice(environment: [
            "all_proxy": "socks5://[::1]", "https_proxy": "http://proxy.example:3128/",
        ])
        #expect(choice.proxy(isSecure: true, host: "a.example") == .http(host: "proxy.example", port: 3128))
        #expect(choice.proxy(isSecure: false, host: "a.example") == .socks(host: "::1", port: 1080))
    }

    @Test func listedHostsAreReachedDirectly() throws {
        let choice = try ProxyChoice(environment: [
            "all_proxy": "socks5h://127.0.0.1", "no_proxy": "localhost, .inside.example",
        ])
        #expect(choice.proxy(isSecure: false, host: "LOCALHOST") == nil)
        #expect(choice.proxy(isSecure: false, host: "log.inside.example") == nil)
        #expect(choice.proxy(isSecure: false, host: "outinside.example") != nil)
    }

    @Test(arguments: [
        "socks4://a", "http://user:word@proxy.example", "http://proxy.example:0", "http://", "http://a/b",
    ])
    func whatCannotBeUsedIsRefused(_ value: String) {
        #expect(throws: ProxyChoice.Malformed.self) {
            try ProxyChoice(environment: ["https_proxy": value])
        }
    }
}
