// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Entry bundles")
struct EntryBundleTests {
    // conformance 40
    @Test func bundlesReadBack() throws {
        for count in [1, 2, 9, 255, 256] {
            let entries = (0..<count).map { NaiveTree.entry($0) }
            let bundle = try EntryBundle(entries)
            #expect(bundle.bytes == entries.flatMap { [0, UInt8($0.count)] + $0 })
            let parsed = try EntryBundle(parsing: bundle.bytes, of: Tile(.entries, index: 3, width: count)!)
            #expect(parsed == bundle)
            #expect(parsed.map { Array($0) } == entries)
            // conformance 41
            #expect(parsed.leafHashes == entries.map { MerkleTree.leafHash($0) })
            let split = count / 2
            if split > 0 {
                let grown = try EntryBundle(entries[..<split]).appending(entries[split...])
                #expect(grown == bundle)
            }
        }
    }

    // conformance 41: the longest entry, one byte more, and the empty one
    @Test func entriesHaveAtMost65535Bytes() throws {
        let longest = [UInt8](repeating: 7, count: 65_535)
        let bundle = try EntryBundle([[], longest, []])
        #expect(bundle.bytes.count == 65_535 + 6)
        let parsed = try EntryBundle(parsing: bundle.bytes, of: Tile(.entries, index: 0, width: 3)!)
        #expect(parsed.map(\.count) == [0, 65_535, 0])
        #expect(throws: FormatError.self) { try EntryBundle([longest + [7]]) }
        #expect(throws: FormatError.self) { try bundle.appending([longest + [7]]) }
    }

    // conformance 40: exactly the entries that the name says, and nothing behind them
    @Test func otherBytesAreRefused() throws {
        let bundle = try EntryBundle((0..<5).map { NaiveTree.entry($0) })
        for width in 1...8 where width != 5 {
            #expect(throws: FormatError.self) {
                try EntryBundle(parsing: bundle.bytes, of: Tile(.entries, index: 0, width: width)!)
            }
        }
        let tile = Tile(.entries, index: 0, width: 5)!
        for count in 0..<bundle.bytes.count {
            #expect(throws: FormatError.self) { try EntryBundle(parsing: Array(bundle.bytes[..<count]), of: tile) }
        }
        #expect(throws: FormatError.self) { try EntryBundle(parsing: bundle.bytes + [0], of: tile) }
        #expect(throws: FormatError.self) { try EntryBundle(parsing: bundle.bytes + [0, 0], of: tile) }
        #expect(throws: FormatError.self) {
            try EntryBundle(parsing: bundle.bytes, of: Tile(.hashes(level: 0), index: 0, width: 5)!)
        }
        #expect(throws: FormatError.self) { try EntryBundle([]) }
        #expect(throws: FormatError.self) { try EntryBundle(Array(repeating: [1], count: 257)) }
        let full = try EntryBundle(Array(repeating: [1], count: 256))
        #expect(throws: FormatError.self) { try full.appending([[1]]) }
    }

    @Test func anErrorSaysWhereItEnds() {
        let tile = Tile(.entries, index: 0, width: 2)!
        func error(_ bytes: [UInt8]) -> String? {
            do throws(FormatError) {
                _ = try EntryBundle(parsing: bytes, of: tile)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(error([0, 1, 7, 0]) == "ends before entry 1")
        #expect(error([0, 1, 7, 0, 1]) == "ends within entry 1")
        #expect(error([0, 4, 7, 0, 0]) == "ends within entry 0")
    }
}
