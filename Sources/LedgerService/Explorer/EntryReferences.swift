// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What refers to an entry, and what it refers to: each in its signers' words, none of them believed or doubted.
struct EntryReferences: Sendable {
    /// The most of either that are shown.
    static let maximum = 200

    fileprivate struct Line: Sendable {
        let item: LogView.Item
        let saying: @Sendable (Language) -> Phrase
    }

    private var later: [Line] = []
    private var earlier: [Line] = []
    private var omitted = 0
    private let size: TreeSize

    init(_ item: LogView.Item, _ view: LogView) async throws {
        size = view.head.size
        let reference = EntryReference(index: item.index, leafHash: item.entry.leafHash)
        var places = try view.places(under: .reference(item.index))
        if case .charter = item.entry.filing.action {
            // What amends a charter comes next among the charters.
            places += try view.places(under: .charter).first { $0 > item.index }.map { [$0] } ?? []
        }
        omitted = max(places.count - Self.maximum, 0)
        for other in try await view.items(places.sorted().prefix(Self.maximum)) {
            let bearings = reference.map { Bearing.of(other.entry, on: $0, keys: []) } ?? []
            if bearings.isEmpty { later.append(Line(other)) }
            for bearing in bearings { later.append(Line(other, bearing)) }
        }
        for reference in Self.references(of: item.entry) where view.head.size.contains(reference.index) {
            let other = try await view.item(reference.index)
            earlier.append(Line(other))
        }
    }

    /// The entries that an entry names.
    private static func references(of entry: Entry) -> [EntryReference] {
        if case .charter(let charter) = entry.filing.action { return charter.amends.map { [$0] } ?? [] }
        var seen: Set<LeafIndex> = []
        return entry.filing.action.references.filter { seen.insert($0.index).inserted }
    }

    func content(_ words: PageWords) -> HTML {
        HTML([
            words.section("later", words("What later entries say of it", "后续条目就此所称")) {
                if later.isEmpty {
                    Tag.p {
                        words(
                            "As far as entry \(size.value - 1), nothing refers to it.",
                            "截至第 \(size.value - 1) 号,无条目提及本条目。")
                    }
                } else {
                    EntryLine.list(later.map { $0.line(words) }, words)
                }
                if omitted > 0 {
                    Tag.p {
                        words(
                            "\(omitted) more refer to it; they are not shown here.",
                            "另有 \(omitted) 条提及本条目,此处未列。")
                    }
                }
            },
            earlier.isEmpty
                ? .none
                : words.section("earlier", words("What it refers to", "所提及的条目")) {
                    EntryLine.list(earlier.map { $0.line(words) }, words)
                },
        ])
    }
}

extension EntryReferences.Line {
    fileprivate init(_ item: LogView.Item) {
        self.init(item: item, saying: { EntryWords(item.entry, language: $0).says })
    }

    fileprivate init(_ item: LogView.Item, _ bearing: Bearing) {
        self.init(item: item, saying: { EntryWords(item.entry, language: $0).says(bearing) })
    }

    fileprivate func line(_ words: PageWords) -> EntryLine { EntryLine(item: item, saying: saying(words.language)) }
}
