// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Lists that were sealed with something wrong inside: their digests are right, and only the check of what is shown
/// can refuse them.
@Suite struct ExhibitOpeningTests {
    private static func text(_ label: String, _ text: String = "") -> SealedItem {
        .text(label: Array(label.utf8), Array(text.utf8))
    }
    private static func name(_ file: Int, _ path: String) -> SealedItem { text("file/\(file)/name", path) }
    private static func bytes(_ file: Int, _ text: String = "ab") -> SealedItem {
        .sha256(label: Array("file/\(file)".utf8), SHA256.hash(Array(text.utf8)))
    }
    private static func slice(_ file: Int, _ number: Int, _ text: String) -> SealedItem {
        .slice(file: file, number: number, Array(text.utf8)[...])
    }

    private func open(_ items: [SealedItem], hiding: [Int] = []) throws(ExhibitError) -> ExhibitOpening {
        let list = SealedList(.exhibit, of: items, count: items.count, seed: SealedSeed(SHA256.hash([])))
        let shown = items.indices.filter { !hiding.contains($0) }
        return try ExhibitOpening(list.opening(showing: RangeSet(shown.map { $0..<($0 + 1) })))
    }

    static let wrong: [(ExhibitError, [SealedItem])] = [
        (.label(position: 0), [text("attested by the court", "yes")]),
        (.label(position: 0), [text("field/a\u{1B}[31m")]),
        (.label(position: 0), [text("")]),
        (.label(position: 1), [text("field/a"), text("exhibit")]),
        (.order(position: 1), [text("field/b"), text("field/a")]),
        (.order(position: 1), [text("field/a"), text("field/a")]),
        (.order(position: 1), [slice(0, 0, "ab"), bytes(0)]),
        (.order(position: 1), [bytes(0), name(0, "a")]),
        (.order(position: 2), [name(0, "a"), bytes(0), text("field/a")]),
        (.order(position: 2), [name(0, "a"), bytes(0), name(0, "a")]),
        (.order(position: 2), [name(0, "a"), bytes(0), bytes(0)]),
        (.order(position: 3), [name(0, "a"), bytes(0), slice(0, 0, "ab"), slice(0, 0, "ab")]),
        (.order(position: 4), [name(0, "a"), bytes(0), slice(0, 0, "a"), slice(0, 1, "b"), slice(0, 1, "b")]),
        (.order(position: 4), [name(0, "a"), bytes(0), name(1, "b"), bytes(1), slice(0, 0, "ab")]),
        (.form(position: 0), [.sha256(label: Array("field/a".utf8), SHA256.hash([]))]),
        (.form(position: 0), [.sha256(label: Array("file/0/name".utf8), SHA256.hash([]))]),
        (.form(position: 1), [name(0, "a"), text("file/0", "ab")]),
        (.form(position: 2), [name(0, "a"), bytes(0), text("file/0#0", "ab")]),
        (.form(position: 2), [name(0, "a"), bytes(0), .sha256(label: Array("file/0#0".utf8), SHA256.hash([]))]),
        (.path(position: 0), [name(0, "../a"), bytes(0)]),
        (.path(position: 0), [name(0, "/a"), bytes(0)]),
        (.path(position: 0), [name(0, ""), bytes(0)]),
        (.pathOrder(position: 2), [name(0, "b"), bytes(0), name(1, "a"), bytes(1)]),
        (.pathOrder(position: 2), [name(0, "a"), bytes(0), name(1, "a"), bytes(1)]),
        (.scattered(position: 3), [name(0, "a"), bytes(0), slice(0, 0, "a"), slice(0, 2, "b")]),
        (.scattered(position: 2), [name(0, "a"), bytes(0), slice(0, 1, "ab")]),
        (.scattered(position: 1), [name(0, "a"), slice(0, 0, "ab")]),
        // No name or no bytes, or a file too few.
        (.noRoom(position: 0), [bytes(0)]),
        (.noRoom(position: 1), [text("field/a"), bytes(0)]),
        (.noRoom(position: 0), [slice(0, 0, "ab")]),
        (.noRoom(position: 0), [name(0, "a")]),
        (.noRoom(position: 0), [bytes(0), bytes(1)]),
        (.noRoom(position: 0), [name(1, "a"), bytes(1)]),
        (.noRoom(position: 2), [name(0, "a"), bytes(0), name(2, "c"), bytes(2)]),
        (
            .noRoom(position: 2),
            [name(0, "a"), bytes(0), name(9_007_199_254_740_991, "c"), bytes(9_007_199_254_740_991)]
        ),
        (.noRoom(position: 2), [name(0, "a"), bytes(0), bytes(1)]),
        (.slicesAreNotTheFile(file: 0), [name(0, "a"), bytes(0), slice(0, 0, "a")]),
        (.slicesAreNotTheFile(file: 0), [name(0, "a"), bytes(0), slice(0, 0, "a"), slice(0, 1, "c")]),
        (.slicesAreNotTheFile(file: 0), [name(0, "a"), bytes(0), slice(0, 0, "ab"), slice(0, 1, "c")]),
        (
            .slicesAreNotTheFile(file: 0),
            [name(0, "a"), bytes(0), slice(0, 0, "a"), name(1, "b"), bytes(1)]
        ),
        (
            .slicesAreNotTheFile(file: 1),
            [name(0, "a"), bytes(0), slice(0, 0, "ab"), name(1, "b"), bytes(1), slice(1, 0, "x")]
        ),
    ]

    @Test(arguments: wrong) func refuses(error: ExhibitError, items: [SealedItem]) throws {
        #expect(throws: error) { try open(items) }
        // However little more is in the list.
        let field = Self.text("field/!")
        let shifted = #expect(throws: ExhibitError.self) { try open([field] + items) }
        #expect(Self.kind(of: shifted) == Self.kind(of: error))
    }

    /// An error in words, without its numbers.
    private static func kind(of error: ExhibitError?) -> String {
        (error?.description ?? "none").filter { !$0.isNumber }
    }

    @Test func refusesPlacesThatAreWrongBehindHiddenItems() throws {
        let filler = Self.text("x")
        // One item between: a name without bytes.
        #expect(throws: ExhibitError.noRoom(position: 3)) {
            try open([Self.name(0, "a"), Self.bytes(0), filler, Self.name(2, "c"), Self.bytes(2)], hiding: [2])
        }
        // Two: a file.
        #expect(throws: Never.self) {
            try open(
                [Self.name(0, "a"), Self.bytes(0), filler, filler, Self.name(2, "c"), Self.bytes(2)], hiding: [2, 3])
        }
        // Any number: slices of the file before.
        #expect(throws: Never.self) {
            try open([Self.name(0, "a"), Self.bytes(0), filler, Self.name(1, "c"), Self.bytes(1)], hiding: [2])
        }
        // The bytes of the file before are hidden: they have their room all the same.
        #expect(throws: Never.self) {
            try open([Self.name(0, "a"), filler, Self.name(1, "c"), filler], hiding: [1, 3])
        }
        #expect(throws: ExhibitError.noRoom(position: 1)) {
            try open([Self.name(0, "a"), Self.name(1, "c"), filler], hiding: [2])
        }
        #expect(throws: ExhibitError.noRoom(position: 1)) {
            try open([Self.name(0, "a"), Self.bytes(1), filler], hiding: [2])
        }
        // The list ends where the bytes would be.
        #expect(throws: ExhibitError.noRoom(position: 1)) { try open([filler, Self.name(0, "a")], hiding: [0]) }
        // Fields in front can be any number; a path then must not be said to stand on one of them.
        #expect(throws: ExhibitError.noRoom(position: 2)) {
            try open([Self.text("field/a"), Self.text("field/b"), Self.slice(0, 0, "a"), filler], hiding: [3])
        }
        #expect(throws: Never.self) {
            try open([Self.text("field/a"), filler, filler, Self.slice(0, 0, "a"), filler], hiding: [1, 2, 4])
        }
        // A hidden item in a gap of slices is what may be struck out; the others keep their places.
        #expect(throws: Never.self) {
            try open([filler, filler, Self.slice(0, 0, "a"), filler, Self.slice(0, 2, "b")], hiding: [0, 1, 3])
        }
        #expect(throws: ExhibitError.scattered(position: 4)) {
            try open([filler, filler, Self.slice(0, 0, "a"), filler, Self.slice(0, 1, "b")], hiding: [0, 1, 3])
        }
        #expect(throws: ExhibitError.fileBesideHiddenSlices(file: 0)) {
            try open([filler, Self.bytes(0), Self.slice(0, 0, "a"), filler, Self.slice(0, 2, "b")], hiding: [0, 3])
        }
        #expect(throws: ExhibitError.fileBesideHiddenSlices(file: 0)) {
            try open([filler, Self.bytes(0), filler, Self.slice(0, 1, "ab")], hiding: [0, 2])
        }
        // A gap stays one, though the next slices follow those behind it.
        let file = try ExhibitTests.file("a", "a b c d")
        let whole = try Exhibit(fields: [], files: [file]).sealed(with: ExhibitTests.seed)
        #expect(throws: ExhibitError.fileBesideHiddenSlices(file: 0)) {
            try ExhibitOpening(whole.opening(showing: RangeSet([1..<2, 3..<6])))
        }
    }

    /// A cut is any cut: slices need not be those of the default one.
    @Test func acceptsAnyCut() throws {
        let opening = try open([Self.name(0, "a"), Self.bytes(0), Self.slice(0, 0, "a"), Self.slice(0, 1, "b")])
        #expect(opening.wholeTexts == [0])
    }

    @Test func acceptsFieldsAlone() throws {
        let opening = try open([Self.text("field/a", "1"), Self.text("field/b", "2")])
        #expect(opening.shownCount == 2)
        #expect(opening.wholeTexts.isEmpty)
    }

    @Test func errorsHaveWordsThatNoTerminalObeys() {
        for (error, _) in Self.wrong {
            #expect(error.description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }
}
