// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct OpeningTests {
    /// A list of every form: texts, hashes, and slices of two files.
    static func items(_ count: Int) -> [SealedItem] {
        (0..<count).map { position in
            switch position {
            case 0: .text(label: Array("field/名".utf8), Array("值\n".utf8))
            case 1: .sha256(label: Array("file/0".utf8), SHA256.hash([7]))
            case 2, 3, 4, 5: .slice(file: 0, number: position - 2, Array("a\(position)\u{1F600}".utf8)[...])
            case 6: .text(label: Array("file/1/name".utf8), [])
            default: .slice(file: 1, number: position, Array("b".utf8)[...])
            }
        }
    }

    static func list(_ count: Int, _ seed: UInt8 = 1) -> SealedList<[SealedItem]> {
        SealedList(.exhibit, of: items(count), count: count, seed: SealedSeed(SHA256.hash([seed])))
    }

    static func positions(_ subset: Int, _ count: Int) -> RangeSet<Int> {
        RangeSet((0..<count).filter { subset >> $0 & 1 == 1 }.map { $0..<($0 + 1) })
    }

    static func read(_ json: JSON) throws(FormatError) -> Opening {
        try Opening(parsing: JSONCursor(json, format: "opening"))
    }

    /// Every set of positions of every list of 1 to 10 items: made, written, read, and the same.
    @Test(arguments: 1...10) func everySubset(count: Int) throws {
        let list = Self.list(count)
        let digest = list.digest
        var seen: Set<Opening> = []
        for subset in 0..<(1 << count) {
            let positions = Self.positions(subset, count)
            let opening = list.opening(showing: positions)
            #expect(opening.digest(.exhibit) == digest)
            #expect(try Self.read(JSON(parsing: opening.json.encoded())) == opening)
            #expect(seen.insert(opening).inserted)
            try expectParts(of: opening, toShow: positions, of: Self.items(count))
        }
    }

    /// Shown items are those asked for, hidden parts have their places, and nothing is left over.
    private func expectParts(of opening: Opening, toShow positions: RangeSet<Int>, of items: [SealedItem]) throws {
        var next = 0
        for part in opening.parts {
            switch part {
            case .withheld(let position, let count):
                #expect(position == next)
                #expect(positions.intersection(RangeSet(position..<(position + count))).isEmpty)
                next += count
            case .shown(let position, let item):
                #expect(position == next)
                #expect(RangeSet(position..<(position + item.count)).isSubset(of: positions))
                switch (item, items[position]) {
                case (.text(let label, let text), .text(let expected, let value)):
                    #expect(label == expected && text == value)
                case (.sha256(let label, let hash), .sha256(let expected, let value)):
                    #expect(label == expected && hash == value)
                case (.run(let run), .slice):
                    var text: [UInt8] = []
                    for (offset, length) in run.lengths.enumerated() {
                        guard case .slice(run.file, run.from + offset, let slice) = items[position + offset] else {
                            Issue.record("a run holds what is no slice of its file")
                            return
                        }
                        #expect(slice.count == length)
                        text += slice
                    }
                    #expect(text == run.text)
                default: Issue.record("an item is shown in another form")
                }
                next += item.count
            }
        }
        #expect(next == items.count)
    }

    /// Of all trees over a shape, the reader takes exactly one for each set of shown items.
    @Test(arguments: 1...8) func acceptsOnlyWhatIsCanonical(count: Int) throws {
        func trees(_ range: Range<Int>) -> [JSON] {
            let seed = JSON.Member("seed", .base64(SHA256.hash([UInt8(range.lowerBound)])))
            let items = range.map { position in
                JSON.object([JSON.Member("label", .text("field/\(position)")), JSON.Member("text", .text(""))])
            }
            var all: [JSON] = [
                .object([JSON.Member("hash", .base64(SHA256.hash([])))]),
                .object([seed, JSON.Member("items", .array(items))]),
            ]
            guard range.count > 1 else { return all }
            var left = 1
            while left * 2 < range.count { left *= 2 }
            let middle = range.lowerBound + left
            for left in trees(range.lowerBound..<middle) {
                for right in trees(middle..<range.upperBound) { all.append(.array([left, right])) }
            }
            return all
        }
        let accepted = trees(0..<count).compactMap { tree in
            try? Self.read(.object([JSON.Member("count", .number(UInt64(count))), JSON.Member("tree", tree)]))
        }
        #expect(accepted.count == 1 << count)
        let shown = accepted.map { opening in
            opening.parts.compactMap { if case .shown(let position, _) = $0 { position } else { nil } }
        }
        #expect(Set(shown).count == 1 << count)
    }

    /// Whatever is changed in an opening, it is refused or opens another list.
    @Test(arguments: [(1, 0), (1, 1), (2, 1), (2, 3), (3, 4), (4, 13), (7, 0b0111101), (9, 0b101111111)])
    func everyChangeShows(count: Int, subset: Int) throws {
        let list = Self.list(count)
        let opening = list.opening(showing: Self.positions(subset, count))
        let digest = list.digest
        var changes = 0
        for changed in Self.changes(of: opening.json) {
            changes += 1
            guard let changed = try? Self.read(changed) else { continue }
            #expect(changed.digest(.exhibit) != digest, "\(changed)")
        }
        #expect(changes > 100)
    }

    /// The value with one bit of one text flipped, or one number changed by one, or two elements of an array swapped,
    /// or one taken out or put in twice.
    private static func changes(of json: JSON) -> [JSON] {
        switch json {
        case .text(let text):
            return text.indices.flatMap { index in
                (0..<8).map { bit in
                    var changed = text
                    changed[index] ^= 1 << bit
                    return .text(changed)
                }
            } + [.text(text + [0x61]), .text(text.dropLast())].filter { $0 != json }
        case .number(let number):
            return [number &+ 1, number &- 1, number &* 2].filter { $0 != number && $0 < 1 << 53 }.map { .number($0) }
        case .array(let elements):
            var all: [JSON] = []
            for index in elements.indices {
                all += changes(of: elements[index]).map { changed in
                    var elements = elements
                    elements[index] = changed
                    return .array(elements)
                }
                all.append(.array(elements.enumerated().filter { $0.offset != index }.map(\.element)))
                all.append(.array(elements + [elements[index]]))
                if index > 0, elements[index] != elements[index - 1] {
                    var swapped = elements
                    swapped.swapAt(index, index - 1)
                    all.append(.array(swapped))
                }
            }
            return all
        case .object(let members):
            return members.indices.flatMap { index in
                changes(of: members[index].value).map { changed in
                    var members = members
                    members[index] = JSON.Member(name: members[index].name, value: changed)
                    return .object(members)
                }
            }
        case .null, .bool: return []
        }
    }

    private static let hash = "{\"hash\":\"\(SHA256.hash([]))\"}"
    private static let seed = "\"seed\":\"\(SHA256.hash([]))\""
    private static let item = "{\"label\":\"field/a\",\"text\":\"\"}"
    private static func run(_ file: Int = 0, _ from: Int, _ text: String, _ lengths: [UInt8]) -> String {
        "{\"file\":\(file),\"from\":\(from),\"text\":\"\(text)\",\"lengths\":\"\(Base64.encode(lengths))\"}"
    }
    private static func shown(_ items: String...) -> String {
        "{\(seed),\"items\":[\(items.joined(separator: ","))]}"
    }

    static let wellFormed: [String] = [
        "{\"count\":4294967296,\"tree\":\(hash)}",
        "{\"tree\":\(hash),\"count\":1}",
        "{\"count\":2,\"tree\":[\(hash),\(shown(item))]}",
        "{\"count\":3,\"tree\":[\(hash),\(shown(item))]}",
        "{\"count\":2,\"tree\":\(shown(item, item))}",
        "{\"count\":3,\"tree\":\(shown(run(0, 5, "aéb", [1, 2, 1])))}",
        "{\"count\":2,\"tree\":\(shown(run(0, 0, "a", [1]), run(1, 1, "b", [1])))}",
        "{\"count\":2,\"tree\":\(shown(run(0, 0, "a", [1]), run(0, 2, "b", [1])))}",
        "{\"count\":2,\"tree\":\(shown(run(0, 1, "a", [1]), run(0, 1, "b", [1])))}",
        "{\"count\":1,\"tree\":\(shown(run(0, 9_007_199_254_740_991, "a", [1])))}",
        "{\"count\":1,\"tree\":\(shown("{\"label\":\"\(String(repeating: "l", count: 4096))\",\"text\":\"\"}"))}",
    ]

    @Test(arguments: wellFormed) func accepts(text: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(try Self.read(json).parts.count > 0)
        _ = try Self.read(json).digest(.exhibit)
    }

    static let malformed: [(String, String)] = [
        ("want 1 to 2^32 items", "{\"count\":0,\"tree\":\(hash)}"),
        ("want 1 to 2^32 items", "{\"count\":4294967297,\"tree\":\(hash)}"),
        ("no member count", "{\"tree\":\(hash)}"),
        ("no member tree", "{\"count\":1}"),
        ("unknown member", "{\"count\":1,\"tree\":\(hash),\"root\":1}"),
        ("want a number", "{\"count\":\"1\",\"tree\":\(hash)}"),
        ("want an object", "[]"),
        ("want 32 bytes", "{\"count\":1,\"tree\":{\"hash\":\"AAAA\"}}"),
        ("unknown member", "{\"count\":1,\"tree\":{\"hash\":\"\(SHA256.hash([]))\",\"x\":1}}"),
        ("unknown member", "{\"count\":1,\"tree\":{\"hash\":\"\(SHA256.hash([]))\",\(seed)}}"),
        ("unknown member", "{\"count\":1,\"tree\":{\(seed)}}"),
        ("want an array", "{\"count\":2,\"tree\":\"x\"}"),
        ("an array of 0", "{\"count\":1,\"tree\":{\(seed),\"items\":[]}}"),
        ("an array of 1", "{\"count\":2,\"tree\":[\(hash)]}"),
        ("an array of 3", "{\"count\":3,\"tree\":[\(hash),\(shown(item)),\(hash)]}"),
        ("an array of 0", "{\"count\":3,\"tree\":[]}"),
        ("the list has one item", "{\"count\":1,\"tree\":[\(hash),\(shown(item))]}"),
        ("the list has one item", "{\"count\":3,\"tree\":[\(hash),[\(hash),\(shown(item))]]}"),
        ("two hidden parts", "{\"count\":2,\"tree\":[\(hash),\(hash)]}"),
        ("two hidden parts", "{\"count\":3,\"tree\":[[\(hash),\(hash)],\(shown(item))]}"),
        ("two shown parts", "{\"count\":2,\"tree\":[\(shown(item)),\(shown(item))]}"),
        ("fewer items", "{\"count\":2,\"tree\":\(shown(item))}"),
        ("an array of 2", "{\"count\":1,\"tree\":\(shown(item, item))}"),
        ("fewer items", "{\"count\":4294967296,\"tree\":\(shown(item, item))}"),
        ("more items", "{\"count\":2,\"tree\":\(shown(run(0, 0, "abc", [1, 1, 1])))}"),
        ("more items", "{\"count\":2,\"tree\":\(shown(item, run(0, 0, "ab", [1, 1])))}"),
        ("two runs that could be one", "{\"count\":2,\"tree\":\(shown(run(0, 0, "a", [1]), run(0, 1, "b", [1])))}"),
        (
            "two runs that could be one",
            "{\"count\":4,\"tree\":[\(hash),\(shown(run(2, 7, "a", [1]), run(2, 8, "b", [1])))]}"
        ),
        ("a run without slices", "{\"count\":1,\"tree\":\(shown(run(0, 0, "", [])))}"),
        ("beyond 2^53", "{\"count\":2,\"tree\":\(shown(run(0, 9_007_199_254_740_991, "ab", [1, 1])))}"),
        ("whole code points", "{\"count\":1,\"tree\":\(shown(run(0, 0, "", [0])))}"),
        ("whole code points", "{\"count\":2,\"tree\":\(shown(run(0, 0, "a", [1, 0])))}"),
        ("whole code points", "{\"count\":2,\"tree\":\(shown(run(0, 0, "a", [0, 1])))}"),
        ("whole code points", "{\"count\":1,\"tree\":\(shown(run(0, 0, "ab", [1])))}"),
        ("whole code points", "{\"count\":1,\"tree\":\(shown(run(0, 0, "ab", [3])))}"),
        ("whole code points", "{\"count\":2,\"tree\":\(shown(run(0, 0, "é", [1, 1])))}"),
        ("whole code points", "{\"count\":2,\"tree\":\(shown(run(0, 0, "a中", [2, 2])))}"),
        ("whole code points", "{\"count\":2,\"tree\":\(shown(run(0, 0, "😀", [3, 1])))}"),
        ("base64", "{\"count\":1,\"tree\":\(shown("{\"file\":0,\"from\":0,\"text\":\"a\",\"lengths\":\"AR==\"}"))}"),
        ("want an item", "{\"count\":1,\"tree\":\(shown("1"))}"),
        ("no member label", "{\"count\":1,\"tree\":\(shown("{\"text\":\"\"}"))}"),
        ("no member text", "{\"count\":1,\"tree\":\(shown("{\"label\":\"\"}"))}"),
        ("unknown member", "{\"count\":1,\"tree\":\(shown("{\"label\":\"a\",\"text\":\"\",\"sha256\":\"\"}"))}"),
        ("64 digits", "{\"count\":1,\"tree\":\(shown("{\"label\":\"a\",\"sha256\":\"\"}"))}"),
        (
            "64 digits",
            "{\"count\":1,\"tree\":\(shown("{\"label\":\"a\",\"sha256\":\"\(SHA256.hash([]).hex.uppercased())\"}"))}"
        ),
        (
            "label too long",
            "{\"count\":1,\"tree\":\(shown("{\"label\":\"\(String(repeating: "l", count: 4097))\",\"text\":\"\"}"))}"
        ),
    ]

    @Test(arguments: malformed) func refuses(reason: String, text: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        let error = #expect(throws: FormatError.self) { try Self.read(json) }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    /// An opening grows with the number of its cuts, not with the list.
    @Test func growsWithTheCutsAlone() throws {
        let count = 100_000
        let items = (0..<count).map { SealedItem.slice(file: 0, number: $0, [0x61][...]) }
        let list = SealedList(.exhibit, of: items, count: count, seed: SealedSeed(SHA256.hash([])))
        var shown = RangeSet(0..<count)
        #expect(list.opening(showing: shown).parts.count == 1)
        shown.remove(contentsOf: 40_000..<40_001)
        let opening = list.opening(showing: shown)
        #expect(opening.digest(.exhibit) == list.digest)
        #expect(opening.parts.count < 40)
        let none = list.opening(showing: RangeSet())
        #expect(none.json.encoded().count < 100)
        #expect(none.digest(.exhibit) == list.digest)
    }
}
