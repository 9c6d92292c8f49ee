// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import LedgerService
import TransparencyLog

/// The chain of custody as a picture: an SVG that loads nothing and runs nothing, for a screen and for paper.
///
///     ■  entry 41   2026-11-22 13:05 UTC     registered
///     │
///     ○  entry 57   2026-11-23 09:10 UTC     received
///     │
///     ◎  entry 58   2026-11-24 17:00 UTC     handed-over, signed by two
///
/// Black on white, with shapes in the place of colours. The fonts are whatever the reader has for the script; since
/// their widths are not known, text is measured generously, broken, and cut with an ellipsis.
struct CustodyPicture {
    private static let width = 800.0
    private static let margin = 40.0
    private static let axis = 56.0
    private static let left = 88.0
    /// The most lines of details that one entry gets.
    private static let maximumDetails = 40

    private let report: CustodyReport
    private var elements: [String] = []
    private var bottom = 0.0
    /// Where the line between two marks begins.
    private var lastMark: Double?

    init(_ report: CustodyReport) {
        self.report = report
        draw()
    }

    /// The file.
    var svg: String {
        let height = Self.number(bottom + Self.margin)
        let width = Self.number(Self.width)
        let description = description.map(Markup.escaped).joined(separator: "\n")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            role="img" aria-labelledby="title description" xml:lang="\(report.language.rawValue)" \
            font-family="sans-serif" fill="#000">
            <title id="title">\(Markup.escaped(report.title))</title>
            <desc id="description">\(description)</desc>
            <rect width="\(width)" height="\(height)" fill="#fff"/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }

    /// The same in words, for those who do not see the picture.
    private var description: [String] {
        let words = report.chain.links.map { link in
            LaterEntries.line(
                link.entry, at: link.index, saying: EntryWords.ofIt(link.custody.event, report.language),
                report.language)
        }
        return (words.isEmpty ? [report.nothing] : words) + report.limits
    }

    // MARK: - Drawing

    private mutating func draw() {
        bottom = Self.margin
        write(report.title, at: Self.margin, size: 19, lines: 4, isBold: true)
        bottom += 14
        let index = report.chain.registration.index
        mark(.registration)
        if let registered = report.registered {
            heading(index, registered, report.isEnglish ? "registered" : "登记")
            report.signers(of: registered).forEach { write($0, at: Self.left, size: 13, lines: 3) }
        } else {
            write(number(index), at: Self.left, size: 15, lines: 1, isBold: true)
            write(
                report.isEnglish ? "the registration itself is not in this proof" : "此凭证不含该登记本身", at: Self.left,
                size: 13,
                lines: 2)
        }
        for link in report.chain.links {
            bottom += 22
            mark(link.entry.filing.signers.count > 1 ? .several : .one)
            heading(link.index, link.entry, report.event(link))
            report.signers(of: link.entry).forEach { write($0, at: Self.left, size: 13, lines: 3) }
            draw(report.details(of: link))
        }
        if report.chain.links.isEmpty {
            bottom += 22
            write(report.nothing, at: Self.left, size: 13, lines: 2)
        }
        bottom += 22
        elements.append(
            "<line x1=\"\(Self.number(Self.margin))\" y1=\"\(Self.number(bottom))\" x2=\"\(Self.number(Self.width - Self.margin))\" y2=\"\(Self.number(bottom))\" stroke=\"#000\" stroke-width=\"0.5\"/>"
        )
        bottom += 8
        for line in report.limits + [key] { write(line, at: Self.margin, size: 12, lines: 4) }
    }

    private var key: String {
        report.isEnglish
            ? "■ the registration   ○ an entry that one signed   ◎ an entry that several signed"
            : "■ 登记   ○ 一人签署   ◎ 多人签署"
    }

    private func number(_ index: LeafIndex) -> String { report.isEnglish ? "entry \(index)" : "第 \(index) 号" }

    private mutating func heading(_ index: LeafIndex, _ entry: Entry, _ word: String) {
        let says = report.isEnglish ? "\(number(index)) says of it: " : "\(number(index))就其称:"
        let isRegistration = index == report.chain.registration.index
        write(
            isRegistration ? "\(number(index)): \(word)" : says + word, at: Self.left, size: 15, lines: 2, isBold: true)
        write(
            (report.isEnglish ? "log's clock " : "登记册时钟 ") + report.clock(entry), at: Self.left, size: 13, lines: 1)
    }

    private mutating func draw(_ details: [String]) {
        guard !details.isEmpty else { return }
        bottom += 4
        let top = bottom
        var rest = Self.maximumDetails
        for (number, line) in details.enumerated() where rest > 0 {
            let isCut = rest == 1 && number < details.count - 1
            rest -= write(isCut ? "…" : line, at: Self.left + 12, size: 12, lines: rest)
        }
        elements.append(
            "<line x1=\"\(Self.number(Self.left + 3))\" y1=\"\(Self.number(top))\" x2=\"\(Self.number(Self.left + 3))\" y2=\"\(Self.number(bottom))\" stroke=\"#000\" stroke-width=\"1\"/>"
        )
    }

    private enum Mark {
        case registration, one, several
    }

    private mutating func mark(_ mark: Mark) {
        let center = bottom + 12
        let x = Self.number(Self.axis)
        let y = Self.number(center)
        if let lastMark {
            elements.append(
                "<line x1=\"\(x)\" y1=\"\(Self.number(lastMark + 8))\" x2=\"\(x)\" y2=\"\(Self.number(center - 8))\" stroke=\"#000\" stroke-width=\"1.5\"/>"
            )
        }
        switch mark {
        case .registration:
            elements.append(
                "<rect x=\"\(Self.number(Self.axis - 7))\" y=\"\(Self.number(center - 7))\" width=\"14\" height=\"14\"/>"
            )
        case .one, .several:
            elements.append(
                "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"7\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"1.5\"/>")
            if mark == .several { elements.append("<circle cx=\"\(x)\" cy=\"\(y)\" r=\"3\"/>") }
        }
        lastMark = center
    }

    /// Writes a text below what is there, broken into lines and cut after so many. Gives the number of its lines.
    @discardableResult
    private mutating func write(
        _ text: String, at x: Double, size: Double, lines: Int, isBold: Bool = false
    ) -> Int {
        // Bold letters are wider by about a tenth.
        let room = (Self.width - Self.margin - x) / size / (isBold ? 1.1 : 1)
        let broken = SVGText.broken(text, room: room, lines: lines)
        for line in broken {
            bottom += size * 1.45
            elements.append(
                "<text x=\"\(Self.number(x))\" y=\"\(Self.number(bottom - size * 0.35))\" font-size=\"\(Self.number(size))\"\(isBold ? " font-weight=\"bold\"" : "")>\(Markup.escaped(line))</text>"
            )
        }
        return broken.count
    }

    /// A length with one decimal, in ASCII whatever the locale.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
