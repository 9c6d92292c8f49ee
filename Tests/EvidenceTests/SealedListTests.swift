// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct SealedListTests {
    /// Made by an independent implementation, from seed 00 01 ... 1F and values "", "a", "bc".
    @Test func knownAnswers() throws {
        let seed = try #require(SealedSeed(Array(0..<32)))
        let items: [SealedItem] = [
            .text(label: Array("field/a".utf8), []),
            .sha256(label: Array("file/0".utf8), SHA256.hash(Array("a".utf8))),
            .slice(file: 0, number: 120, Array("bc".utf8)[...]),
        ]
        let list = SealedList(.exhibit, of: items, count: 3, seed: seed)
        #expect(list.root.hex == "cf1fa2393badce2d12c7f7efe1e607ed53c76977a598de0aff944ff7eda1ceb4")
        #expect(list.digest.hex == "6f0d3fed717ec50ac7f82903c6931a5c326bbb12a3c8e61ef2d7745a416992d9")
        #expect(SealedList(.dossier, of: items, count: 3, seed: seed).digest != list.digest)
        #expect(SealedList(.details, of: items, count: 3, seed: seed).digest != list.digest)
    }

    @Test(.enabled(if: JSONVectors.arePresent))
    func vectors() throws {
        let lists = try JSONVectors.json("sealed-lists.json").elements()
        #expect(lists.count == 13)
        for list in lists {
            let seed = SealedSeed(try list.at("seed").hexHash())
            let items = try list.at("items").elements().map { item in
                let pair = try item.elements()
                return SealedItem.sha256(label: try pair[0].bytes(), try pair[1].hexHash())
            }
            var shown = RangeSet<Int>()
            for position in try list.at("show").elements() {
                let position = try position.integer()
                shown.insert(contentsOf: position..<(position + 1))
            }
            for domain in SealedDomain.allCases {
                let sealed = SealedList(domain, of: items, count: items.count, seed: seed)
                #expect(try sealed.root == list.at("root").hexHash())
                #expect(try sealed.digest == list.at("\(domain)").hash())
                let opening = sealed.opening(showing: shown)
                let published = JSON.object([
                    JSON.Member("count", .number(UInt64(items.count))),
                    JSON.Member("tree", try list.at("opening")),
                ])
                #expect(opening.json == published)
                #expect(try Opening(parsing: JSONCursor(published, format: "opening")) == opening)
                #expect(opening.digest(domain) == sealed.digest)
            }
        }
    }

    @Test func differsByEverythingItCommitsTo() throws {
        let seed = SealedSeed(SHA256.hash(Array("seed".utf8)))
        func root(_ items: [SealedItem], _ seed: SealedSeed) -> Hash {
            SealedList(.exhibit, of: items, count: items.count, seed: seed).root
        }
        let a = SealedItem.text(label: Array("a".utf8), Array("1".utf8))
        let b = SealedItem.text(label: Array("b".utf8), Array("1".utf8))
        let c = SealedItem.text(label: Array("a".utf8), Array("2".utf8))
        let roots = [
            root([a], seed), root([b], seed), root([c], seed), root([a, b], seed), root([b, a], seed),
            root([a, a], seed), root([a, a, a], seed), root([a], SealedSeed(SHA256.hash([1]))),
        ]
        #expect(Set(roots).count == roots.count)
        // The form in which a value is shown is no part of the commitment.
        #expect(root([.sha256(label: Array("a".utf8), SHA256.hash(Array("1".utf8)))], seed) == roots[0])
    }

    @Test func seedsDoNotPrint() throws {
        let seed = SealedSeed(SHA256.hash([]))
        #expect("\(seed)" == "sealed seed")
    }
}
