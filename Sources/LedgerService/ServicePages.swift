// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The web pages that a log's service hands out whole: each is one file that works on its own from then on.
///
///     /verify.html    checks documents against proofs, with the server's trust list in it, and asks nobody
///     /register       makes a key, registers documents
///     /revoke         revokes a key by a sheet of paper
struct ServicePages: Sendable {
    private let pages: [String: (page: SelfContainedPage, tag: String)]

    /// The pages of the log that a trust list is of.
    init(of origin: Origin, policy: TrustPolicy, named name: String, admission: Charter.Admission) {
        let log = JSON.object([
            JSON.Member("origin", .text(origin.utf8)),
            JSON.Member("vkey", policy.logKeys(for: origin).first.map { .text($0.utf8) } ?? .null),
            JSON.Member("policy", .text(Base64.encode(policy.bytes))), JSON.Member("policy_name", .text(name)),
            JSON.Member("admission", .text(admission == .anyone ? "anyone" : "members")),
            JSON.Member("submit", .text("/entries")),
        ])
        let asking = "connect-src 'self'; media-src blob:; "
        let made: [(String, SelfContainedPage)] = [
            ("verify.html", .verifier(with: [.trust(policy, name: name)])),
            ("register", SelfContainedPage("register.html", [.json(log, in: "log")], allowing: asking)),
            ("revoke", SelfContainedPage("revoke.html", [.json(log, in: "log")], allowing: asking)),
        ]
        pages = Dictionary(
            uniqueKeysWithValues: made.map { ($0.0, (page: $0.1, tag: "\"\($0.1.hash.hex.prefix(32))\"")) })
    }

    /// The page of this name, or that the client has it.
    func answer(_ name: String, to request: ServiceRequest) -> ServiceAnswer {
        guard let (page, tag) = pages[name] else { return .text(404, "nothing here\n") }
        let headers: [ServiceAnswer.Field] = [
            .init("content-type", "text/html; charset=utf-8"), .init("cache-control", "no-cache"), .init("etag", tag),
            .init("content-security-policy", page.securityPolicy), .init("referrer-policy", "no-referrer"),
            .init("x-content-type-options", "nosniff"), .init("cross-origin-opener-policy", "same-origin"),
        ]
        if request.header("if-none-match") == tag { return ServiceAnswer(304, headers: headers) }
        return ServiceAnswer(200, headers: headers, body: page.bytes)
    }
}
