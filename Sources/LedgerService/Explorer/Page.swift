// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// A page of the explorer: all that it shows has been read when it is made.
protocol Page {
    /// Its title and first heading.
    func title(_ words: PageWords) -> String
    /// What it shows below that heading.
    func content(_ words: PageWords) -> HTML
    /// The part of the site that it belongs to, if it is one of those that every page links to.
    var section: PageSection? { get }
    /// The status of the answer.
    var status: Int { get }
    /// Whether it may be kept on the way, for seconds: not where it tells what a reader looked for.
    var mayBeKept: Bool { get }
    /// The script that it runs.
    var script: InlineFile? { get }
}

extension Page {
    var section: PageSection? { nil }
    var status: Int { 200 }
    var mayBeKept: Bool { true }
    var script: InlineFile? { nil }
}

/// The parts of the site.
enum PageSection: CaseIterable, Sendable {
    case newest, keys, checkpoints, search, status

    var path: String {
        switch self {
        case .newest: ""
        case .keys: "/keys"
        case .checkpoints: "/checkpoints"
        case .search: "/search"
        case .status: "/status"
        }
    }

    func name(_ words: PageWords) -> String {
        switch self {
        case .newest: words("Entries", "条目")
        case .keys: words("Keys", "密钥")
        case .checkpoints: words("Checkpoints", "检查点")
        case .search: words("Search", "检索")
        case .status: words("Status", "状况")
        }
    }
}
