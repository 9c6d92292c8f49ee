// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Whoever has a redacted proof and knows everything around a number still cannot find the number by trying all.
@Suite struct GuessingTests {
    private static let before = "Her telephone is 138 1234 5"
    private static let after = ", ask for the sister.\n"

    private static func text(_ digits: String) -> [UInt8] { Array((before + digits + after).utf8) }

    /// Everything of 32 bytes that an opening gives away: hashes of hidden parts, and seeds of shown ones.
    private static func secrets(in node: Opening.Node) -> [Hash] {
        switch node {
        case .hidden(let hash): [hash]
        case .shown(let seed, let items):
            [seed.raw]
                + items.compactMap { item in
                    if case .sha256(_, let hash) = item { hash } else { nil }
                }
        case .pair(let left, let right): secrets(in: left) + secrets(in: right)
        }
    }

    /// Whether anything that can be computed from a guess, alone or with what is given away, is given away too.
    private static func finds(_ digits: String, in known: [Hash], positions: Range<Int>) -> Bool {
        let text = text(digits)
        guard let slices = Slices(cutting: text) else { return false }
        let all = Set(known)
        if all.contains(SHA256.hash(text)) { return true }
        var start = 0
        for (number, length) in slices.lengths.enumerated() {
            let value = text[start..<start + Int(length)]
            start += Int(length)
            guard positions.contains(number) else { continue }
            let hash = SHA256.hash(value)
            let label = Array("file/0#\(number)".utf8)
            if all.contains(hash) || all.contains(SHA256.hash([0] + hash.bytes + label)) { return true }
            for salt in known where all.contains(SHA256.hash([0] + salt.bytes + hash.bytes + label)) { return true }
        }
        return false
    }

    @Test func noNumberIsFoundByTryingAll() throws {
        let path = try #require(ExhibitPath(Array("note.txt".utf8)))
        let exhibit = try Exhibit(fields: [], files: [Exhibit.File(path: path, bytes: Self.text("678"))])
        let seed = SealedSeed(SHA256.hash(Array("a seed that nobody knows".utf8)))
        let slices = try #require(exhibit.files[0].slices)
        let place = Self.before.utf8.count..<Self.before.utf8.count + 3
        let struck = slices.numbers(touching: RangeSet(place))
        let number = try #require(struck.ranges.first)

        var disclosure = Disclosure()
        disclosure.files[0] = .text(hiding: RangeSet(place))
        let shown = try #require(exhibit.positions(shownBy: disclosure))
        let opening = try exhibit.opening(seed: seed, showing: shown)
        #expect(opening.digest(.exhibit) == exhibit.sealed(with: seed).digest)
        let known = Self.secrets(in: opening.tree) + [opening.digest(.exhibit), opening.root]
        for guess in 0..<1000 {
            let digits = String(String(1000 + guess).suffix(3))
            #expect(!Self.finds(digits, in: known, positions: number), "\(digits)")
        }

        // The search finds what can be found: with the hash of the document, and with the salt of the one leaf.
        #expect(Self.finds("678", in: known + [exhibit.files[0].sha256], positions: number))
        let position = exhibit.slicePositions(ofFile: 0).lowerBound + number.lowerBound
        let leaf = try exhibit.opening(seed: seed, showing: RangeSet(position..<position + 1))
        let bytes = exhibit.bytesPosition(ofFile: 0)
        var others = RangeSet(0..<exhibit.count)
        for hidden in [position, bytes] { others.remove(contentsOf: hidden..<hidden + 1) }
        let hidden = try exhibit.opening(seed: seed, showing: others)
        let both = Self.secrets(in: leaf.tree) + Self.secrets(in: hidden.tree)
        #expect(Self.finds("678", in: both, positions: number))
        #expect(!Self.finds("679", in: both, positions: number))
    }

    /// The proof that `register` makes shows the document's hash: with it, and all but the number, the number is found.
    /// That is why it goes only to those who may have the document.
    @Test func withTheDocumentsHashItIsFound() throws {
        let hash = SHA256.hash(Self.text("678"))
        let found = (0..<1000).map { String(String(1000 + $0).suffix(3)) }.filter {
            Self.finds($0, in: [hash], positions: 0..<0)
        }
        #expect(found == ["678"])
    }
}
