// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct DetailsTests {
    private static let seed = SealedSeed(SHA256.hash(Array("details".utf8)))

    private func open(_ items: [SealedItem]) throws(DetailsError) -> DetailsOpening {
        let list = SealedList(.details, of: items, count: items.count, seed: Self.seed)
        return try DetailsOpening(list.opening(showing: RangeSet(0..<items.count)))
    }

    @Test func opensInAnyPart() throws {
        let fields = try ["receipt", "place", "handed over by"].map { try #require(SealedField($0, "x\($0)")) }
        let details = try Details(fields: fields)
        #expect(details.fields == [fields[2], fields[1], fields[0]])
        let digest = details.sealed(with: Self.seed).digest
        for subset in 0..<8 {
            let shown = (0..<3).filter { subset >> $0 & 1 == 1 }
            let opening = try DetailsOpening(
                details.opening(seed: Self.seed, showing: RangeSet(shown.map { $0..<($0 + 1) })))
            #expect(opening.digest == digest)
            #expect(opening.withheldCount == 3 - shown.count)
            let fields = opening.parts.compactMap { part -> SealedField? in
                if case .field(let field) = part.content { field } else { nil }
            }
            #expect(fields == shown.map { details.fields[$0] })
        }
    }

    @Test func refusesWhatCannotBeDetails() throws {
        #expect(throws: DetailsError.nothing) { try Details(fields: []) }
        let field = try #require(SealedField("a", "1"))
        #expect(throws: DetailsError.duplicateField(field.name)) { try Details(fields: [field, field]) }
        for text in [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            #expect(SealedField(name: "a".utf8, text: text) == nil)
        }
        for name in ["", "a\u{1B}", "a\n", "a\u{202E}"] { #expect(SealedField(name, "1") == nil) }
    }

    static let wrong: [(DetailsError, [SealedItem])] = [
        (.label(position: 0), [.text(label: Array("file/0/name".utf8), Array("a".utf8))]),
        (.label(position: 0), [.text(label: Array("exhibit".utf8), [])]),
        (.label(position: 1), [.text(label: Array("field/a".utf8), []), .text(label: Array("field/\u{1B}".utf8), [])]),
        (.order(position: 1), [.text(label: Array("field/b".utf8), []), .text(label: Array("field/a".utf8), [])]),
        (.order(position: 1), [.text(label: Array("field/a".utf8), []), .text(label: Array("field/a".utf8), [])]),
        (.form(position: 0), [.sha256(label: Array("field/a".utf8), SHA256.hash([]))]),
        (.form(position: 0), [.slice(file: 0, number: 0, [0x61])]),
    ]

    @Test(arguments: wrong) func refuses(error: DetailsError, items: [SealedItem]) throws {
        #expect(throws: error) { try open(items) }
    }
}
