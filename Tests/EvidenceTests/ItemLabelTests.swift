// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct ItemLabelTests {
    static let ascending = [
        "field/!", "field/A", "field/a", "field/a/b", "field/aa", "field/e\u{301}", "field/é", "field/证词 001",
        "file/0/name", "file/0", "file/0#0", "file/0#1", "file/0#2", "file/0#10", "file/1/name", "file/1", "file/1#0",
        "file/2#0", "file/10/name", "file/10", "file/9007199254740991", "file/9007199254740991#9007199254740991",
    ]

    @Test func sortAsTheItemsOfAnExhibit() throws {
        let labels = try Self.ascending.map { try #require(ItemLabel(Array($0.utf8))) }
        for (label, text) in zip(labels, Self.ascending) { #expect(label.utf8 == Array(text.utf8)) }
        for (index, label) in labels.enumerated() {
            for (other, second) in labels.enumerated() {
                #expect((label < second) == (index < other))
                #expect((label == second) == (index == other))
            }
        }
    }

    static let refused: [String] = [
        "", "field", "field/", "Field/a", "field/\n", "field/a\u{1B}[31m", "field/\u{7F}", "field/\u{85}",
        "field/\u{202E}a",
        "field/a\u{2028}", "field/\u{FEFF}", "field/\u{61C}", "field/\u{200E}", "field/\u{2066}", "file", "file/",
        "file/a",
        "file/00", "file/01", "file/-1", "file/+1", "file/0/", "file/0/Name", "file/0/names", "file/0/name/", "file/0#",
        "file/0#a", "file/0#01", "file/0#0#0", "file/0#0/name", "file/0 ", " file/0", "file/0x1", "file/１",
        "file/9007199254740992", "file/0#9007199254740992", "file//name", "file/#0", "exhibit", "attestation/1",
        "attested by the court", "files/0", "file/0\0",
    ]

    @Test(arguments: refused) func refuses(text: String) {
        #expect(ItemLabel(Array(text.utf8)) == nil)
    }

    @Test func boundsTheLength() {
        let longest = Array("field/".utf8) + [UInt8](repeating: 0x61, count: 4090)
        #expect(ItemLabel(longest) != nil)
        #expect(ItemLabel(longest + [0x61]) == nil)
        #expect(ItemLabel(field: [UInt8](repeating: 0x61, count: 4090)) != nil)
        #expect(ItemLabel(field: [UInt8](repeating: 0x61, count: 4091)) == nil)
        #expect(ItemLabel(Array("field/".utf8) + [0xFF]) == nil)
    }

    /// A slice's leaf is over the same label, whether it is written out or put together on the way.
    @Test(arguments: [(0, 0), (7, 10), (123_456, 9_007_199_254_740_991), (9_007_199_254_740_991, 99)])
    func slicesHashTheLabelTheyHave(file: Int, number: Int) {
        let seed = SealedSeed(SHA256.hash([]))
        let text = Array("a".utf8)
        let label = Array("file/\(file)#\(number)".utf8)
        let slice = SealedItem.slice(file: file, number: number, text[...])
        #expect(slice.label == label)
        func root(_ item: SealedItem) -> Hash { SealedList(.exhibit, of: [item], count: 1, seed: seed).root }
        #expect(root(slice) == root(.text(label: label, text)))
    }
}
