// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct ExhibitTests {
    static let seed = SealedSeed(SHA256.hash(Array("exhibit".utf8)))

    static func file(_ path: String, _ text: String) throws -> Exhibit.File {
        Exhibit.File(path: try #require(ExhibitPath(path)), bytes: Array(text.utf8))
    }

    /// Two fields, a file of two slices, one that cannot be cut, one that is empty, and one of one slice: 14 items.
    static func small() throws -> Exhibit {
        try Exhibit(
            fields: [try #require(SealedField("title", "谈话")), try #require(SealedField("place", "\u{1B}[2J"))],
            files: [
                try file("c/empty.txt", ""), try file("a.txt", "One two.\n"), try file("d.txt", "x"),
                Exhibit.File(path: try #require(ExhibitPath("b.jpg")), bytes: [0xFF, 0xD8]),
            ])
    }

    @Test func putsItemsInOrder() throws {
        let exhibit = try Self.small()
        let labels = exhibit.sealed(with: Self.seed).opening(showing: RangeSet(0..<exhibit.count))
        #expect(exhibit.count == 13)
        #expect(exhibit.fields.map(\.name.description) == ["place", "title"])
        #expect(
            exhibit.files.map { String(decoding: $0.path.utf8, as: UTF8.self) } == [
                "a.txt", "b.jpg", "c/empty.txt", "d.txt",
            ])
        #expect(exhibit.fieldPositions == 0..<2)
        #expect((0..<4).map { exhibit.pathPosition(ofFile: $0) } == [2, 6, 8, 10])
        #expect((0..<4).map { exhibit.bytesPosition(ofFile: $0) } == [3, 7, 9, 11])
        #expect((0..<4).map { exhibit.slicePositions(ofFile: $0) } == [4..<6, 8..<8, 10..<10, 12..<13])
        let items = Exhibit.Items.Iterator.all(of: exhibit)
        #expect(
            items.map { String(decoding: $0.label, as: UTF8.self) } == [
                "field/place", "field/title", "file/0/name", "file/0", "file/0#0", "file/0#1", "file/1/name", "file/1",
                "file/2/name", "file/2", "file/3/name", "file/3", "file/3#0",
            ])
        #expect(items[3].valueHash == SHA256.hash(Array("One two.\n".utf8)))
        #expect(items[4].valueHash == SHA256.hash(Array("One ".utf8)))
        #expect(items[7].valueHash == SHA256.hash([0xFF, 0xD8]))
        #expect(labels.digest(.exhibit) == exhibit.sealed(with: Self.seed).digest)
    }

    @Test func hasAnItemAtLeast() throws {
        #expect(try Exhibit(fields: [try #require(SealedField("a", "1"))], files: []).count == 1)
    }

    @Test func refusesWhatCannotBeAnExhibit() throws {
        #expect(throws: ExhibitError.nothing) { try Exhibit(fields: [], files: []) }
        let field = try #require(SealedField("a", "1"))
        let other = try #require(SealedField("a", "2"))
        #expect(throws: ExhibitError.duplicateField(field.name)) { try Exhibit(fields: [field, other], files: []) }
        let a = try Self.file("a", "1")
        let b = try Self.file("a", "2")
        #expect(throws: ExhibitError.duplicatePath(a.path)) { try Exhibit(fields: [], files: [a, b]) }
        let slices = try #require(Slices(cutting: Array("12".utf8)))
        for (hash, size) in [(a.sha256, 2), (SHA256.hash(Array("12".utf8)), 3), (a.sha256, 1)] as [(Hash, UInt64)] {
            let file = Exhibit.File(path: a.path, sha256: hash, size: size, slices: slices)
            #expect(throws: ExhibitError.slicesOfAnotherFile(a.path)) { try Exhibit(fields: [], files: [file]) }
        }
        // Names that only look alike are two.
        let composed = try #require(SealedField("\u{E9}", ""))
        let decomposed = try #require(SealedField("e\u{301}", ""))
        #expect(try Exhibit(fields: [composed, decomposed], files: []).fields == [decomposed, composed])
    }

    static let badPaths: [String] = [
        "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/./b", "../a", "a/..", "a/../b", "//",
    ]

    @Test(arguments: badPaths) func refusesPath(path: String) {
        #expect(ExhibitPath(path) == nil)
    }

    @Test func acceptsOtherPaths() {
        for path in ["a", "a/b", "...", "..a", "a..", ".a", "a b", "\u{202E}a", "a\n", "C:\\a", "名/证"] {
            #expect(ExhibitPath(path) != nil, "\(path)")
        }
        #expect(ExhibitPath([0xFF]) == nil)
        #expect(ExhibitPath([0x61, 0x2F, 0xED, 0xA0, 0x80]) == nil)
    }

    @Test func fieldsAreNamedTexts() {
        #expect(SealedField("a", "\u{1B}\u{202E}\n") != nil)
        #expect(SealedField("", "x") == nil)
        #expect(SealedField("a\u{202E}", "x") == nil)
        #expect(SealedField(name: Array("a".utf8), text: [0xFF]) == nil)
        #expect(SealedField(name: [0xFF] as [UInt8], text: []) == nil)
    }

    /// Every set of positions: it can be shown and is read back as what it is, or it would show a file beside text
    /// that is struck out, and neither making nor reading lets it pass.
    @Test func everySubset() throws {
        let exhibit = try Self.small()
        let list = exhibit.sealed(with: Self.seed)
        let digest = list.digest
        var refused = 0
        for subset in 0..<(1 << exhibit.count) {
            func shows(_ position: Int) -> Bool { subset >> position & 1 == 1 }
            let positions = RangeSet((0..<exhibit.count).filter(shows).map { $0..<($0 + 1) })
            let isAllowed = !(shows(3) && shows(4) != shows(5))
            guard isAllowed else {
                refused += 1
                #expect(throws: ExhibitError.fileBesideHiddenSlices(file: 0)) {
                    try exhibit.opening(seed: Self.seed, showing: positions)
                }
                // A first slice alone is a text that is not the file's; a second alone leaves a gap.
                let error = #expect(throws: ExhibitError.self) { try ExhibitOpening(list.opening(showing: positions)) }
                #expect(error == (shows(4) ? .slicesAreNotTheFile(file: 0) : .fileBesideHiddenSlices(file: 0)))
                continue
            }
            // The digest costs the most, and is the subject of the tests of openings.
            guard subset % 16 == subset / 512 % 16 else { continue }
            let opening = try ExhibitOpening(exhibit.opening(seed: Self.seed, showing: positions))
            #expect(opening.digest == digest)
            #expect(opening.shownCount == subset.nonzeroBitCount)
            #expect(opening.withheldCount == exhibit.count - subset.nonzeroBitCount)
            #expect(opening.wholeTexts.contains(0) == (shows(3) && shows(4) && shows(5)))
            #expect(opening.wholeTexts.contains(3) == (shows(11) && shows(12)))
            #expect(opening.wholeTexts.isSubset(of: [0, 3]))
        }
        #expect(refused == 1 << 11)
    }

    /// What goes beside a folder of many files: the hash of each, in as many pieces.
    @Test func showsEveryFileOfMany() throws {
        let text = try #require(Slices(cutting: Array("One two.\n".utf8)))
        let hash = SHA256.hash(text.text)
        let files = try (0..<2_000).map { k in
            Exhibit.File(path: try #require(ExhibitPath("\(k)")), sha256: hash, size: 9, slices: text)
        }
        let exhibit = try Exhibit(fields: [], files: files)
        let shown = files.indices.map { exhibit.bytesPosition(ofFile: $0)..<(exhibit.bytesPosition(ofFile: $0) + 1) }
        let opening = try ExhibitOpening(exhibit.opening(seed: Self.seed, showing: RangeSet(shown)))
        #expect(opening.shownCount == 2_000)
        #expect(opening.wholeTexts.isEmpty)
    }

    @Test func showsWhatIsThere() throws {
        let exhibit = try Self.small()
        var positions = RangeSet(0..<13)
        positions.remove(contentsOf: 2..<3)
        positions.remove(contentsOf: 6..<8)
        let opening = try ExhibitOpening(exhibit.opening(seed: Self.seed, showing: positions))
        #expect(opening.parts.map(\.position) == [0, 1, 2, 3, 4, 6, 8, 9, 10, 11, 12])
        let contents = opening.parts.map(\.content)
        #expect(contents[0] == .field(exhibit.fields[0]))
        #expect(contents[2] == .withheld(count: 1))
        #expect(contents[3] == .file(0, sha256: exhibit.files[0].sha256))
        guard case .slices(let run) = contents[4] else {
            Issue.record("no run")
            return
        }
        #expect(run.file == 0 && run.numbers == 0..<2 && run.text == Array("One two.\n".utf8))
        #expect(contents[5] == .withheld(count: 2))
        #expect(contents[6] == .path(file: 2, exhibit.files[2].path))
        #expect(opening.withheldCount == 3)
        #expect(opening.wholeTexts == [0, 3])
    }
}

extension Exhibit.Items.Iterator {
    fileprivate static func all(of exhibit: Exhibit) -> [SealedItem] {
        // The list hands its items out one by one; an opening of everything holds them all.
        let opening = exhibit.sealed(with: ExhibitTests.seed).opening(showing: RangeSet(0..<exhibit.count))
        return opening.parts.flatMap { part -> [SealedItem] in
            guard case .shown(_, let item) = part else { return [] }
            switch item {
            case .text(let label, let text): return [.text(label: label, text)]
            case .sha256(let label, let hash): return [.sha256(label: label, hash)]
            case .run(let run):
                var rest = run.text[...]
                return run.lengths.enumerated().map { offset, length in
                    defer { rest = rest.dropFirst(Int(length)) }
                    return .slice(file: run.file, number: run.from + offset, rest.prefix(Int(length)))
                }
            }
        }
    }
}
