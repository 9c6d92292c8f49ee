// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What a path of the service is about.
enum Route: Sendable, Hashable {
    case file(String)
    case submit
    case entry(LeafIndex)
    case proof(LeafIndex)
    case find, policy, health, metrics, description
    /// A page that works on its own.
    case page(String)
    /// The log as web pages: the path below "/log".
    case explorer(String)
    /// Where a person begins.
    case root
    case nothing

    /// Reads a path as it was sent.
    init(_ path: String) {
        guard path.hasPrefix("/") else {
            self = .nothing
            return
        }
        let path = path.dropFirst()
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first ?? "", parts.dropFirst().first) {
        case ("entries", nil): self = .submit
        case ("entries", let number?): self = Self.index(number.utf8).map { .entry($0) } ?? .nothing
        case ("proof", let number?): self = Self.index(number.utf8).map { .proof($0) } ?? .nothing
        case ("find", nil): self = .find
        case ("policy", nil): self = .policy
        case ("health", nil): self = .health
        case ("metrics", nil): self = .metrics
        case ("openapi.json", nil): self = .description
        case ("", nil): self = .root
        case ("verify.html", nil), ("register", nil), ("revoke", nil): self = .page(String(path))
        case ("log", let rest): self = .explorer(rest.map { "/\($0)" } ?? "")
        case ("checkpoint", nil), ("tile", .some), ("cosigned", .some), ("timestamp", .some):
            self = .file(String(path))
        default: self = .nothing
        }
    }

    /// The one method that it takes; HEAD is answered as GET is.
    var method: String { self == .submit ? "POST" : "GET" }

    /// What it is counted as.
    var name: String {
        switch self {
        case .file(let path): path.hasPrefix("tile/") ? "tile" : path.hasPrefix("checkpoint") ? "checkpoint" : "file"
        case .submit: "submit"
        case .entry: "entry"
        case .proof: "proof"
        case .find: "find"
        case .policy: "policy"
        case .health: "health"
        case .metrics: "metrics"
        case .description: "description"
        case .page: "page"
        case .explorer, .root: "log"
        case .nothing: "nothing"
        }
    }

    /// An index in an address: a canonical decimal below 2^53, as in the formats' JSON.
    static func index(_ text: some Collection<UInt8>) -> LeafIndex? {
        Decimal.parse(text, below: 1 << 53).flatMap { LeafIndex($0) }
    }
}
