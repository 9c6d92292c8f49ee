// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct LineReaderTests {
    private func reader(_ text: String) throws -> LineReader {
        try LineReader(Array(text.utf8)[...], format: "sample")
    }

    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    @Test func readsLinesInOrder() throws {
        var reader = try reader("sample/v1\na 1\nb x y\nc 1\nc 2\nrest of it\n")
        try reader.header("sample/v1")
        #expect(try reader.number("a") == 1)
        #expect(try reader.optional("z") == nil)
        #expect(try reader.optional("b") == bytes("x y"))
        let values = try reader.values("c", 0...2)
        #expect(values.map(\.value) == [bytes("1"), bytes("2")])
        #expect(values.map(\.line) == [4, 5])
        #expect(throws: FormatError("sample", line: 6, "unexpected line")) { try reader.finish() }
        #expect(reader.wholeLine() == bytes("rest of it"))
        #expect(reader.isAtEnd)
        try reader.finish()
        #expect(reader.wholeLine() == nil)
        #expect(throws: FormatError("sample", line: 7, "want a d line")) { try reader.value("d") }
    }

    @Test func aKeywordIsAWholeWord() throws {
        var reader = try reader("steward x\n")
        #expect(try reader.optional("stew") == nil)
        #expect(try reader.optional("stewards") == nil)
        #expect(throws: FormatError("sample", line: 1, "want a stew line")) { try reader.value("stew") }
    }

    @Test func countsRepeatedLines() throws {
        var few = try reader("c 1\n")
        #expect(throws: FormatError("sample", line: 2, "fewer than 2 c lines")) { try few.values("c", 2...3) }
        var many = try reader("c 1\nc 2\nc 3\n")
        #expect(throws: FormatError("sample", line: 3, "more than 2 c lines")) { try many.values("c", 0...2) }
    }

    @Test(arguments: ["a \n", "a  \n"]) func valuesAreNotEmpty(_ text: String) throws {
        var reader = try reader(text)
        if text == "a \n" {
            #expect(throws: FormatError("sample", line: 1, "a has no value")) { try reader.optional("a") }
        } else {
            #expect(try reader.value("a") == bytes(" "))
        }
    }

    /// Every byte by itself: printing ASCII is text, a control is none, and neither is half a code point.
    @Test func everyByteIsLookedAt() {
        for byte in 0...0xFF as ClosedRange<UInt8> {
            let isRead = (try? LineReader([byte, 0x0A], format: "sample")) != nil
            #expect(isRead == (byte == 0x0A || (0x20...0x7E).contains(byte)), "\(byte)")
        }
    }

    @Test func looksAtTheWholeTextFirst() {
        #expect(throws: FormatError("sample", "does not end in a newline")) { try reader("a 1") }
        #expect(throws: FormatError("sample", "does not end in a newline")) { try reader("") }
        #expect(throws: FormatError("sample", line: 2, "refused code point")) { try reader("a 1\nb \u{202E}x\nc\n") }
        #expect(throws: FormatError("sample", line: 1, "refused code point")) { try reader("a 1\r\nb 2\n") }
        #expect(throws: FormatError("sample", "not UTF-8")) { try LineReader([0x61, 0xFF, 0x0A], format: "sample") }
    }

    @Test func knowsAnotherVersion() throws {
        for (text, isOther) in [("sample/v2\n", true), ("sample/\n", true), ("sampler/v1\n", false), ("\n", false)] {
            var reader = try reader(text)
            let error = #expect(throws: FormatError.self) { try reader.header("sample/v1") }
            #expect(error?.isOtherVersion == isOther)
            #expect(error?.line == 1)
        }
    }

    @Test func readsValuesStrictly() throws {
        for text in ["01", "+1", "1 ", "-1", "9007199254740992", "1e3", "0x1", "1\u{660}"] {
            var reader = try reader("n \(text)\n")
            #expect(throws: FormatError("sample", line: 1, "n is not a number below 2^53")) { try reader.number("n") }
        }
        var largest = try reader("n 9007199254740991\n")
        #expect(try largest.number("n") == 9_007_199_254_740_991)
        var text = try reader("note \(String(repeating: "x", count: 1025))\n")
        #expect(throws: FormatError("sample", line: 1, "note is longer than 1,024 bytes")) { try text.text("note") }
        var word = try reader("reason bored\n")
        #expect(throws: FormatError("sample", line: 1, "unknown reason")) {
            let _: RevocationReason = try word.word("reason")
        }
    }

    @Test func readsSigningKeysOnly() throws {
        let witness = "witness.example/w1+9843961a+BNbGnT4BwWFPhsJCJEC1lSuIsyECCSkpRRDtUOrZzguC"
        var reader = try reader("key \(witness)\nkey \(RegistryWorld.logKey)\n")
        #expect(throws: FormatError("sample", line: 1, "key is not of type 0x01")) {
            try reader.signingKeys("key", 1...2)
        }
        let odd = "odd+39c338fc+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        var second = try self.reader("x y\nkey \(odd)\n")
        _ = second.wholeLine()
        let error = #expect(throws: FormatError.self) { try second.signingKeys("key", 1...2) }
        #expect(error?.line == 2)
    }
}
