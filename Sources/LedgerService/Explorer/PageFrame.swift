// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

/// What all pages have around them: head, links, what the page is and is not, and the headers of the answer.
struct PageFrame: Sendable {
    let words: PageWords
    private let version: String

    init(addresses: PageAddresses, language: Language, version: String) {
        words = PageWords(language: language, addresses: addresses)
        self.version = version
    }

    /// A page as an answer to a request.
    func answer(_ page: some Page, at path: String, _ query: PageQuery) -> ServiceAnswer {
        let style = InlineFile.explorerStyle
        var policy =
            "default-src 'none'; style-src \(style.source); img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        if let script = page.script { policy += "; script-src \(script.source)" }
        let html = Tag.html(.lang(words.language.rawValue)) {
            head(page, style)
            Tag.body {
                Tag.a(.class("skip"), .href(.place("main"))) { words("Skip to the content", "跳至内容") }
                header(page, at: path, query)
                Tag.p(.class("claims")) {
                    words("This page is what this server says: ", "本页是本服务器的说法:")
                    Tag.a(.href(.place("check"))) { words("how to check without trusting it", "如何不依赖它而核对") }
                }
                Tag.main(.id("main"), .tabIndex(-1)) {
                    Tag.h1 { page.title(words) }
                    page.content(words)
                }
                footer
                if let script = page.script { HTML.verbatim(script) }
            }
        }
        return ServiceAnswer(
            page.status,
            headers: [
                .init("content-type", "text/html; charset=utf-8"), .init("content-security-policy", policy),
                .init("content-language", words.language.rawValue), .init("vary", "accept-language"),
                .init("x-content-type-options", "nosniff"), .init("referrer-policy", "no-referrer"),
                .init(
                    "cache-control", !page.mayBeKept || page.status != 200 ? "no-store" : "public, max-age=10"),
            ], body: Array("<!DOCTYPE html>\n".utf8) + Array(html.markup.utf8) + [0x0A])
    }

    private func head(_ page: some Page, _ style: InlineFile) -> HTML {
        Tag.head {
            Tag.meta.void(.charset("utf-8"))
            Tag.meta.void(.name("viewport"), .content("width=device-width, initial-scale=1"))
            Tag.meta.void(.name("color-scheme"), .content("light dark"))
            Tag.meta.void(.name("robots"), .content("noindex"))
            Tag.title { page.title(words) + words(" – Indelible log", " – Indelible 登记册") }
            HTML.verbatim(style)
        }
    }

    private func header(_ page: some Page, at path: String, _ query: PageQuery) -> HTML {
        Tag.header(.class("top")) {
            Tag.p(.class("brand")) {
                Tag.a(.href(words.addresses.entries())) { words("Indelible log", "Indelible 登记册") }
            }
            Tag.nav(.class("sections"), .aria("label", words("The log", "登记册"))) {
                Tag.ul {
                    HTML(PageSection.allCases.map { link($0, isCurrent: page.section == $0) })
                }
            }
            Tag.nav(.class("languages"), .aria("label", "Language / 语言")) {
                Tag.ul {
                    HTML(Language.allCases.map { link($0, at: path, query) })
                }
            }
        }
    }

    private func link(_ section: PageSection, isCurrent: Bool) -> HTML {
        let attributes: [HTML.Attribute] =
            [.href(words.addresses.page(section.path))] + (isCurrent ? [.aria("current", "page")] : [])
        return Tag.li { Tag.a.element(attributes, HTML(section.name(words))) }
    }

    private func link(_ language: Language, at path: String, _ query: PageQuery) -> HTML {
        // An address that is none is not repeated.
        let isPage = path.utf8.allSatisfy {
            $0 == 0x2F || $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        }
        let address = words.addresses.page(isPage ? path : "", isPage ? query.kept : [], in: language)
        let name = language == .english ? "English" : "简体中文"
        return Tag.li {
            if language == words.language {
                Tag.span(.lang(language.rawValue), .aria("current", "true")) { name }
            } else {
                Tag.a(.href(address), .lang(language.rawValue)) { name }
            }
        }
    }

    private var footer: HTML {
        Tag.footer(.class("bottom")) {
            Tag.p {
                Tag.strong { words("What this page shows, and what not.", "本页说明什么,不说明什么。") }
                words(
                    " It is what this server says, and its readers have only its word for it. It does not show that any document is accurate, who holds a key, or whether others are shown another history. Names are the signers’ own words; times of entries are the log’s own claim.",
                    "本页是本服务器的说法,别无佐证。它不说明任何文件的内容是否属实、密钥由谁掌握、是否另有历史示人。名称是签署者自称;条目时间是登记册自称。")
            }
            Tag.p(.id("check")) {
                Tag.strong { words("To check without trusting it:", "不依赖本服务器的核对办法:") }
                words(" open ", "打开")
                Tag.a(.href(words.addresses.file("/verify.html"))) { Tag.code { "verify.html" } }
                words(
                    " with a document and its proof, better a copy that you keep; or replay the whole log with ",
                    "(最好用自己保存的副本),连同文件与登记凭证一并核对;或用以下命令重放整本登记册:")
                Tag.code { "indelible audit" }
                words(".", "。")
            }
            Tag.p {
                Tag.strong { words("For members, and those who hold a sheet of paper:", "成员及持有纸本者:") }
                words(" ", "")
                Tag.a(.href(words.addresses.file("/register"))) { words("register a document", "登记文件") }
                words(", ", "、")
                Tag.a(.href(words.addresses.file("/revoke"))) { words("revoke a key", "撤销密钥") }
                words(".", "。")
            }
            Tag.p(.class("quiet small")) { "Indelible \(version)" }
        }
    }
}
