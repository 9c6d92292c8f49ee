// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct QuoteTests {
    private let hash = SHA256.hash(Array("checkpoint".utf8))

    @Test func readsWhatItWrites() throws {
        for size in [1, 600, 1 << 53 - 1] as [UInt64] {
            let quote = try #require(Quote(size: TreeSize(size)!, checkpointHash: hash))
            #expect(quote.utf8 == Array("\(size) \(hash.base64)".utf8))
            #expect(Quote(quote.utf8) == quote)
        }
        #expect(Quote(size: 0, checkpointHash: hash) == nil)
        #expect(Quote(size: TreeSize(1 << 53)!, checkpointHash: hash) == nil)
    }

    @Test func refusesOtherForms() {
        for text in [
            "0 \(hash.base64)", "01 \(hash.base64)", "9007199254740992 \(hash.base64)", "1  \(hash.base64)",
            "1 \(hash.base64) ", "1 \(hash.hex)", "1", "1 ", "\(hash.base64)", "-1 \(hash.base64)",
        ] {
            #expect(Quote(Array(text.utf8)) == nil)
        }
    }

    @Test func readerNamesTheLine() throws {
        var reader = try LineReader(Array("a 1\nafter 0 \(hash.base64)\n".utf8)[...], format: "sample")
        #expect(try reader.quote() == nil)
        _ = reader.wholeLine()
        let error = #expect(throws: FormatError.self) { try reader.quote() }
        #expect(error?.line == 2)
    }
}
