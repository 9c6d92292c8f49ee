// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why there is no page: what the reader is told, with the status of the answer.
enum PageMissing: Error, Sendable, Hashable {
    /// No page is at this address.
    case noPage
    /// The log has no entry of this index.
    case noEntry
    /// Nothing in the log is by or about this key.
    case noKey
    /// The query is none that the page knows.
    case notUnderstood
    /// The log has no entry yet.
    case notBegun
    /// The log's files cannot be read now, or do not hold.
    case notNow

    /// The status.
    var status: Int {
        switch self {
        case .noPage, .noEntry, .noKey, .notBegun: 404
        case .notUnderstood: 400
        case .notNow: 503
        }
    }
}

extension PageMissing: Page {
    func title(_ words: PageWords) -> String {
        switch self {
        case .noPage: words("There is no such page", "没有此页")
        case .noEntry: words("There is no such entry", "没有此号登记")
        case .noKey: words("The log knows nothing of this key", "登记册没有关于此密钥的条目")
        case .notUnderstood: words("This request is not understood", "无法理解此请求")
        case .notBegun: words("The log has no entry yet", "登记册尚无条目")
        case .notNow: words("The log cannot be shown now", "此刻无法显示登记册")
        }
    }

    var mayBeKept: Bool { false }

    func content(_ words: PageWords) -> HTML {
        let advice =
            switch self {
            case .noPage:
                words("The address may be mistyped, or cut short.", "网址可能有误,或不完整。")
            case .noEntry:
                words(
                    "Its number may be mistyped. If somebody gave you a proof of an entry that is not here, keep the proof: the server may show another history than it signed.",
                    "号码可能有误。若有人给您的登记凭证所指之号不在此处,请保存该凭证:服务器所示可能不同于其所签。")
            case .noKey:
                words(
                    "No entry is signed by it, enrols it or revokes it. That shows nothing about what was signed with it elsewhere.",
                    "没有条目由其签署、接纳或撤销它。它在别处签署过什么,不得而知。")
            case .notUnderstood:
                words(
                    "A part of the address is not what this page reads: a number, or a key as 64 digits or as a vkey. Search finds entries and keys by what you have in hand.",
                    "网址中有本页不能读取的部分:应为数字,或以 64 位数字或 vkey 表示的密钥。可凭手边所有检索条目和密钥。")
            case .notBegun: words("It begins with its charter.", "登记册始于章程。")
            case .notNow:
                words(
                    "The server could not read its files, or they do not give what was signed. Try again later; a copy of the log can be audited without this server.",
                    "服务器无法读取其文件,或文件与所签不符。请稍后再试;登记册的副本可不经本服务器审核。")
            }
        return HTML([
            Tag.p(.class("lead")) { advice },
            Tag.p {
                Tag.a(.href(words.addresses.entries())) { words("The newest entries", "最新登记") }
                " · "
                Tag.a(.href(words.addresses.page("/search"))) { words("Search", "检索") }
            },
        ])
    }
}
