// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Search by what a person has in hand: a document's hash, the number of an entry, a key, a key ID, a key's name.
///
///     /log/search?q=12
struct SearchPage: Page {
    /// The most results of a kind.
    static let maximum = 50

    private let asked: String
    private let results: SearchResults?
    private let size: TreeSize

    init(_ view: LogView, _ query: PageQuery) async throws {
        size = view.head.size
        asked = query["q"].map { Self.trimmed($0) } ?? ""
        results = asked.isEmpty ? nil : try await SearchResults(of: asked, view)
    }

    private static func trimmed(_ text: String) -> String {
        let space: (Character) -> Bool = { $0.isWhitespace }
        return String(text.drop(while: space).reversed().drop(while: space).reversed())
    }

    var section: PageSection? { .search }
    var mayBeKept: Bool { asked.isEmpty }
    var script: InlineFile? { InlineFile.hashScript }

    func title(_ words: PageWords) -> String { words("Search", "检索") }

    func content(_ words: PageWords) -> HTML {
        HTML([form(words), hint(words), results?.content(words, upTo: size) ?? .none])
    }

    private func form(_ words: PageWords) -> HTML {
        Tag.form(.action(words.addresses.file("/log/search")), .method("get"), .role("search")) {
            Tag.label(.for("q")) {
                words("Hash of a document, entry number, key, or name of a key", "文件散列值、登记号、密钥或密钥名称")
            }
            Tag.input.void(
                .id("q"), .name("q"), .type("text"), .value(Shown.bytes(asked.utf8)),
                .maxLength(PageQuery.maximumByteCount), .noCompletion, .noSpellCheck)
            if let language = words.addresses.chosen {
                Tag.input.void(.type("hidden"), .name("lang"), .value(language.rawValue))
            }
            Tag.div(.id("hash"), .hidden) {
                Tag.label(.for("file")) {
                    words(
                        "Or a document: its hash is computed in this page; the document is not sent",
                        "或选择文件:散列值在本页计算,文件不会发送")
                }
                Tag.input.void(.id("file"), .type("file"))
                Tag.p(
                    .id("hash-state"), .role("status"), .data("busy", words("computing the hash…", "正在计算散列值…")),
                    .data("done", words("The hash is in the field above; now search.", "散列值已填入上方,请检索。")),
                    .data("failed", words("The file cannot be read.", "无法读取该文件。"))
                ) { .none }
            }
            Tag.button(.type("submit"), .class("primary")) { words("Search", "检索") }
        }
    }

    private func hint(_ words: PageWords) -> HTML {
        Tag.p(.class("quiet")) {
            words(
                "Most registrations publish no hash: a sealed document cannot be found from the document alone, but from its proof. What you search for is seen by this server; a copy of the log can be searched without it (",
                "多数登记不公开散列值:密封的文件不能仅凭文件检索,须凭登记凭证。您检索的内容本服务器可见;登记册副本可不经本服务器检索(")
            Tag.code { "indelible show" }
            words(").", ")。")
        }
    }
}
