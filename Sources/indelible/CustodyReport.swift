// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The chain of custody of a registration in words: each entry with the log's clock, what it says and who signed it.
///
/// It says what entries say. Where the document is, and who has it, is not shown.
struct CustodyReport {
    /// How far was looked.
    enum Extent {
        /// Through a ledger of this many entries.
        case ledger(entries: TreeSize)
        /// At so many proofs alone, the newest of which is as of a tree of this many entries.
        case proofs(count: Int, entries: TreeSize)
    }

    let chain: ChainOfCustody
    /// The registration; nil where only one of its custody entries is at hand.
    let registered: Entry?
    let origin: Origin
    let extent: Extent
    let language: Language

    var isEnglish: Bool { language == .english }

    /// What this is, in a line.
    var title: String {
        isEnglish
            ? "entry \(chain.registration.index) of the log \"\(Shown.bytes(origin.utf8))\": what custody entries say of what it registers"
            : "登记册“\(Shown.bytes(origin.utf8))”第 \(chain.registration.index) 号:保管条目就其材料所称"
    }

    /// The report, line by line: a table, and what is shown of details below the entry that has them.
    var lines: [String] {
        var rows = [
            isEnglish ? ["entry", "log's clock", "says of it", "signed with"] : ["条目", "登记册时钟", "就其称", "签署密钥"]
        ]
        var below: [[String]] = [[]]
        func add(_ first: [String], _ signers: [String], _ details: [String]) {
            for (number, signer) in signers.enumerated() {
                rows.append((number == 0 ? first : ["", "", ""]) + [signer])
                below.append(number == signers.count - 1 ? details : [])
            }
        }
        if let registered {
            add(
                ["\(chain.registration.index)", clock(registered), isEnglish ? "(registers it)" : "(登记)"],
                signers(of: registered), [])
        }
        for link in chain.links {
            add(["\(link.index)", clock(link.entry), event(link)], signers(of: link.entry), details(of: link))
        }
        let widths = (0..<3).map { column in rows.map { Self.width($0[column]) }.max() ?? 0 }
        var lines = [title]
        for (row, details) in zip(rows, below) {
            var line = "  "
            for column in 0..<3 {
                line += row[column] + String(repeating: " ", count: widths[column] - Self.width(row[column]) + 2)
            }
            lines.append(line + row[3])
            lines += details.map { "        " + $0 }
        }
        if chain.links.isEmpty { lines.append("  " + nothing) }
        return lines + limits.map { "  " + $0 }
    }

    /// The report for programs.
    var json: JSON {
        let isWhole: Bool
        let size: TreeSize
        switch extent {
        case .ledger(let entries): (isWhole, size) = (true, entries)
        case .proofs(_, let entries): (isWhole, size) = (false, entries)
        }
        return .object([
            JSON.Member("origin", .text(origin.utf8)), JSON.Member("entry", .number(chain.registration.index.value)),
            JSON.Member("leaf_hash", .text(chain.registration.leafHash.base64)),
            JSON.Member("registered", registered.map(Self.json) ?? .null),
            JSON.Member("custody", .array(chain.links.map(Self.json))),
            JSON.Member("tree_size", .number(size.value)), JSON.Member("ledger_looked_at", .bool(isWhole)),
        ])
    }

    // MARK: - Its parts

    func clock(_ entry: Entry) -> String { Moment(seconds: entry.time.seconds).text(in: language) }

    func event(_ link: ChainOfCustody.Link) -> String { EntryWords.event(link.custody.event, language) }

    /// Each key with what it calls itself.
    func signers(of entry: Entry) -> [String] {
        let words = EntryWords(entry, language: language)
        return entry.filing.signers.map(words.name)
    }

    /// What is shown of the details of an entry, and that there are others.
    func details(of link: ChainOfCustody.Link) -> [String] {
        guard link.custody.details != nil else { return [] }
        var lines: [String] = []
        for part in link.details?.parts ?? [] {
            if case .field(let field) = part.content {
                lines += field.lines(as: isEnglish ? "detail" : "细节").map { String($0.dropFirst(2)) }
            }
        }
        switch (link.details?.withheldCount, isEnglish) {
        case (nil, true): lines.append("details under seal, not shown here")
        case (nil, false): lines.append("有密封的细节,此处未显示")
        case (0?, _): break
        case (let count?, true): lines.append(EntryWords.count(count, "detail") + " under seal, not shown here")
        case (let count?, false): lines.append("另有 \(count) 项密封的细节,此处未显示")
        }
        return lines
    }

    /// What stands in the place of entries where there are none.
    var nothing: String {
        isEnglish ? "no custody entry of it was found" : "未见就其而作的保管条目"
    }

    /// How far was looked, and what is not shown.
    var limits: [String] {
        let looked: String
        switch extent {
        case .ledger(let size):
            let last = size.value - min(size.value, 1)
            looked = isEnglish ? "looked at up to entry \(last) of the ledger" : "查至第 \(last) 号"
        case .proofs(let count, let size):
            let last = size.value - min(size.value, 1)
            let proofs =
                count == 1
                ? (isEnglish ? "as of entry \(last), from this proof alone: it" : "截至第 \(last) 号,仅凭此凭证:")
                : (isEnglish
                    ? "from \(count) proofs alone, the newest as of entry \(last): they"
                    : "仅凭 \(count) 份凭证,最新者截至第 \(last) 号:")
            looked = proofs + (isEnglish ? " may omit some; later entries were not looked at" : "可能有遗漏;其后条目未查")
        }
        return [
            looked,
            isEnglish
                ? "these are the signers' words, at the log's clock (the log's own claim)" : "以上均为签署者所称;时钟为登记册自称",
            isEnglish
                ? "NOT shown: where the document is or who has it; whether what is said took place; who holds the keys"
                : "不说明:材料现在何处、在谁手中;所称是否属实;密钥由谁掌握",
        ]
    }

    private static func json(_ entry: Entry) -> JSON {
        .object([
            JSON.Member("log_time", .text(Moment(seconds: entry.time.seconds).rfc3339)),
            JSON.Member("signers", .array(entry.filing.signers.map { .text($0.utf8) })),
        ])
    }

    private static func json(_ link: ChainOfCustody.Link) -> JSON {
        var fields: [JSON] = []
        for part in link.details?.parts ?? [] {
            if case .field(let field) = part.content {
                fields.append(
                    .object([JSON.Member("name", .text(field.name.utf8)), JSON.Member("text", .text(field.text))]))
            }
        }
        var members = [
            JSON.Member("entry", .number(link.index.value)),
            JSON.Member("log_time", .text(Moment(seconds: link.entry.time.seconds).rfc3339)),
            JSON.Member("says", .text(link.custody.event.word)),
            JSON.Member("signers", .array(link.entry.filing.signers.map { .text($0.utf8) })),
            JSON.Member("has_details", .bool(link.custody.details != nil)),
        ]
        if link.custody.details != nil {
            members.append(JSON.Member("details", .array(fields)))
            members.append(
                JSON.Member("withheld", link.details.map { .number(UInt64($0.withheldCount)) } ?? .null))
        }
        return .object(members)
    }

    /// How many columns a text takes on a terminal: two for a wide character.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && !(0x2000...0x206F ~= $1.value) ? 2 : 1) }
    }
}
