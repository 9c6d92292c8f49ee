// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct JSONTests {
    private func parse(_ text: String) throws(FormatError) -> JSON { try JSON(parsing: Array(text.utf8)) }

    /// What is read, and what it is written as again.
    static let accepted: [(String, String)] = [
        ("0", "0"), (" \t\r\n1 \t\r\n", "1"), ("9007199254740991", "9007199254740991"), ("null", "null"),
        ("true", "true"), ("false", "false"), ("\"\"", "\"\""), ("[]", "[]"), ("{}", "{}"), ("[ ]", "[]"),
        ("{ }", "{}"), ("[1,2]", "[1,2]"), (" [ 1 , 2 ] ", "[1,2]"), ("{\"a\":1,\"b\":[{}]}", "{\"a\":1,\"b\":[{}]}"),
        (" { \"b\" : 1 , \"a\" : 2 } ", "{\"b\":1,\"a\":2}"), ("{\"\":0}", "{\"\":0}"),
        ("{\"a\":{\"a\":{\"a\":0}}}", "{\"a\":{\"a\":{\"a\":0}}}"),
        (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#), (#""\u0041\u00e9\u4E2D""#, "\"Aé中\""),
        (#""\u0000\u001f\u007f""#, #""\u0000\u001f\u007f""#), (#""\ud83d\uDE00""#, "\"😀\""),
        (#""\uDBFF\uDFFF""#, "\"\u{10FFFF}\""), ("\"\u{2028}\u{FEFF}\u{202E}\"", #""\u2028\ufeff\u202e""#),
        ("\"\u{7F}\u{80}\u{9F}\u{A0}\u{61B}\u{61C}\u{61D}\"", "\"\\u007f\\u0080\\u009f\u{A0}\u{61B}\\u061c\u{61D}\""),
        ("\"\u{200D}\u{200E}\u{200F}\u{2010}\u{2069}\u{206A}\"", "\"\u{200D}\\u200e\\u200f\u{2010}\\u2069\u{206A}\""),
        ("\"\u{7FF}\u{800}\u{FFFF}\u{10000}\"", "\"\u{7FF}\u{800}\u{FFFF}\u{10000}\""), (#""a/b""#, #""a/b""#),
        (#""\uFFFE""#, "\"\u{FFFE}\""), (#""\ud800\udc00\udbff\udfff""#, "\"\u{10000}\u{10FFFF}\""),
        // What is escaped is found behind a code point of any length.
        ("\"\u{7FF}\u{202E}\"", "\"\u{7FF}\\u202e\""), ("\"\u{800}\u{202E}\"", "\"\u{800}\\u202e\""),
        ("\"\u{FFFF}\u{202E}\u{10000}\u{202E}\"", "\"\u{FFFF}\\u202e\u{10000}\\u202e\""),
    ]

    @Test(arguments: accepted) func accepts(text: String, written: String) throws {
        let value = try parse(text)
        #expect(value.encoded() == Array(written.utf8))
        #expect(try JSON(parsing: value.encoded()) == value)
        #expect(try JSON(parsing: value.encoded(lines: 3)) == value)
    }

    static let refused: [String] = [
        // Not one value.
        "", " ", "1 1", "[] []", "{}x", "[],", ",", ":", "]", "}", "[1]]", "1,", "nul", "nullx", "True", "NaN",
        "Infinity",
        "undefined", "'a'", "a", "/**/1", "1//", "\u{0C}1", "\u{A0}1", "\u{85}1", "\0", "1\0",
        // Arrays and objects.
        "[", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1:2]", "[\"a\"", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}", "{,}", "{\"a\",1}", "{\"a\" 1}", "{\"a\"::1}", "{a:1}", "{1:1}", "{'a':1}", "{null:1}",
        "{\"a\":1]",
        "[1}", "{\"a\":1 \"b\":2}", "{\"a\"}", "{\"a\":}", "[[[", "{\"a\":{\"b\":",
        // Numbers.
        "-1", "-0", "+1", "01", "00", "1.0", "1.", ".1", "1e0", "1E0", "1e+2", "0e1", "0x1", "9007199254740992", "1-2",
        "18446744073709551616", "99999999999999999999999999", "-", "1_000", "１", "1e400", "0.0",
        // Strings.
        "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\a\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"",
        "\"\\u12G4\"", "\"\\u 123\"", "\"\\u-123\"", "\"\n\"", "\"\r\"", "\"\t\"", "\"\0\"", "\"\u{1F}\"", "\"\\",
        "\"\\u00",
        "\"\\'\"", "\"\\\n\"", "\"a\u{1}b\\n\"", "\"\\n\u{1}\"",
        // Surrogates.
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\udc00\ud800""#, #""\ud800x""#, #""\ud800\n""#,
        #""\ud800\u0041""#, #""\ud800xudc00""#, #""\ud800/udc00""#, #""\ud800\udbff""#, #""\ud800\ue000""#,
        #""\ud800\xdc00""#, #""\udc00\udc00""#, #""\udfff\udfff""#,
        #""\uD800\"#, #""\uD800\u"#, #""\uD800\uDC0""#, #""\uDBFF\uE000""#, #"{"\uD800":1}"#,
        // A byte order mark.
        "\u{FEFF}1", "\u{FEFF}", "1\u{FEFF}", "[\u{FEFF}1]",
        // Members twice, however they are written.
        #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":1}"#, #"{"":1,"":2}"#, #"{"x":{"a":1,"b":2,"a":3}}"#,
        #"{"é":1,"\u00e9":1}"#,
    ]

    @Test(arguments: refused) func refuses(text: String) throws {
        #expect(throws: FormatError.self) { try parse(text) }
    }

    /// Names that only look alike are two.
    @Test func comparesNamesAsBytes() throws {
        let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(try value.members().count == 2)
    }

    static let notUTF8: [[UInt8]] = [
        [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xB8],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xC3, 0x28],
        [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
    ]

    @Test(arguments: notUTF8) func refusesWhatIsNotUTF8(bytes: [UInt8]) throws {
        for text in [bytes, [0x22] + bytes + [0x22], [0x7B, 0x22] + bytes + Array("\":1}".utf8)] {
            #expect(throws: FormatError.self) { try JSON(parsing: text) }
        }
    }

    @Test func boundsNesting() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let each = open.utf8.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") })
            #expect(throws: Never.self) { try parse(nested(100 / each, open, close)) }
            #expect(throws: FormatError.self) { try parse(nested(100 / each + 1, open, close)) }
            #expect(throws: FormatError.self) { try parse(nested(1_000_000, open, close)) }
            #expect(throws: FormatError.self) { try parse(String(repeating: open, count: 1_000_000)) }
        }
    }

    @Test func boundsLengthAndValues() throws {
        let text = Array("[1]".utf8)
        #expect(throws: Never.self) { try JSON(parsing: text, maximumByteCount: 3) }
        #expect(throws: FormatError.self) { try JSON(parsing: text, maximumByteCount: 2) }
        // A million values, and one more for every 16 bytes. An array of n zeros has n + 1 values in 2n + 1 bytes.
        var most = 1_000_000
        while most + 2 <= 1_000_000 + (2 * most + 3) / 16 { most += 1 }
        let zeros = Array(("[0" + String(repeating: ",0", count: most - 1) + "]").utf8)
        #expect(throws: Never.self) { try JSON(parsing: zeros) }
        #expect(throws: FormatError.self) { try JSON(parsing: zeros.dropLast() + Array(",0]".utf8)) }
    }

    /// An object of many members is read in one go, and its one duplicate found wherever it stands.
    @Test(arguments: [15, 16, 17, 18, 40, 100_000]) func findsDuplicatesAmongMany(count: Int) throws {
        let members = (0..<count).map { "\"\($0)\":0" }
        #expect(try parse("{" + members.joined(separator: ",") + "}").members().count == count)
        for twice in [0, count / 2, count - 1] {
            let text = "{" + (members + ["\"\(twice)\":1"]).joined(separator: ",") + "}"
            #expect(throws: FormatError.self) { try parse(text) }
        }
    }

    @Test func namesThePlace() throws {
        #expect(throws: FormatError("proof file", line: 3, "byte 7: want an integer from 0 to 2^53 - 1")) {
            try JSON(parsing: Array("[\n 1,\n 1.5]".utf8), format: "proof file")
        }
        #expect(throws: FormatError("JSON", line: 1, "byte 7: duplicate member")) { try parse(#"{"a":1,"a":2}"#) }
        #expect(throws: FormatError("JSON", line: 1, "byte 0: begins with a byte order mark")) {
            try parse("\u{FEFF}1")
        }
        #expect(throws: FormatError("JSON", line: 1, "byte 2: not UTF-8")) {
            try JSON(parsing: [0x22, 0x61, 0xFF, 0x22])
        }
    }

    @Test func writesLines() throws {
        let value = try parse(#"{"a":[1,[2,3]],"b":{},"c":[]}"#)
        #expect(
            String(decoding: value.encoded(lines: 1), as: UTF8.self)
                == "{\n  \"a\": [1, [2, 3]],\n  \"b\": {},\n  \"c\": []\n}\n")
        #expect(
            String(decoding: value.encoded(lines: 2), as: UTF8.self)
                == "{\n  \"a\": [\n    1,\n    [2, 3]\n  ],\n  \"b\": {},\n  \"c\": []\n}\n")
        #expect(value.encoded() == Array(#"{"a":[1,[2,3]],"b":{},"c":[]}"#.utf8))
    }

    /// Whatever is cut off or changed: it is read as something, or refused, and nothing else happens.
    @Test func survivesEveryCutAndChange() throws {
        let text = Array(
            "{\"a\": [1, {\"b\": \"\\u4e2d中\\n\"}, true, null], \"\\ud83d\\ude00\": 9007199254740991}".utf8)
        for end in 0..<text.count {
            #expect(throws: FormatError.self) { try JSON(parsing: Array(text[..<end])) }
        }
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                guard let value = try? JSON(parsing: changed) else { continue }
                #expect(try JSON(parsing: value.encoded()) == value)
            }
        }
    }

    @Test(.enabled(if: JSONVectors.arePresent)) func vectors() throws {
        for (name, vector) in try JSONVectors.json("proofs.json").at("invalid-text").members() {
            let text = try vector.at("text").bytes()
            if name == "not-an-object" {
                #expect(throws: Never.self) { try JSON(parsing: text) }
            } else {
                #expect(throws: FormatError.self, "\(name)") { try JSON(parsing: text) }
            }
        }
    }
}
