// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct JSONCursorTests {
    private func cursor(_ text: String) throws(FormatError) -> JSONCursor {
        JSONCursor(try JSON(parsing: Array(text.utf8)), format: "proof file")
    }

    @Test func readsWhatIsThere() throws {
        let hash = SHA256.hash([1])
        let object = try cursor("{\"n\":7,\"t\":\"é\",\"b\":false,\"h\":\"\(hash)\",\"l\":[1,2]}")
            .object(["n", "t", "b", "h"], optional: ["l", "x"])
        #expect(try object["n"].number() == 7)
        #expect(try object["t"].text() == Array("é".utf8))
        #expect(try object["b"].bool() == false)
        #expect(try object["h"].hash() == hash)
        #expect(try object["h"].base64() == hash.bytes)
        #expect(try object.optional("l")?.array().map { try $0.number() } == [1, 2])
        #expect(object.optional("x") == nil)
        #expect(try cursor("{\"b\":1,\"a\":2}").members().map(\.name) == [Array("b".utf8), Array("a".utf8)])
    }

    @Test func refusesOtherMembers() throws {
        for text in ["{}", "{\"b\":1}", "{\"a\":1,\"c\":1}", "{\"A\":1}", "{\"a \":1}", "[]", "1", "null", "\"a\""] {
            #expect(throws: FormatError.self, "\(text)") { try cursor(text).object(["a"], optional: ["b"]) }
        }
        #expect(throws: FormatError("proof file", "unknown member verdict")) {
            try cursor("{\"verdict\":1}").object([])
        }
        // A member's name is not repeated where a terminal might obey it.
        #expect(throws: FormatError("proof file", "unknown member")) { try cursor("{\"\\u001b[31m\":1}").object([]) }
        #expect(throws: FormatError("proof file", "unknown member")) { try cursor("{\"名\":1}").object([]) }
        #expect(throws: FormatError("proof file", "no member a")) { try cursor("{}").object(["a"]) }
    }

    @Test func refusesOtherKinds() throws {
        let kinds = ["null", "true", "1", "\"a\"", "[]", "{}"]
        for (index, text) in kinds.enumerated() {
            let value = try cursor(text)
            if index != 1 { #expect(throws: FormatError.self) { try value.bool() } }
            if index != 2 { #expect(throws: FormatError.self) { try value.number() } }
            if index != 3 { #expect(throws: FormatError.self) { try value.text() } }
            if index != 4 { #expect(throws: FormatError.self) { try value.array() } }
            if index != 5 { #expect(throws: FormatError.self) { try value.members() } }
            #expect(throws: FormatError.self) { try value.hash() }
            #expect(throws: FormatError.self) { try value.base64() }
        }
        #expect(throws: FormatError.self) { try cursor("[1,2]").array(3...4) }
        #expect(throws: FormatError.self) { try cursor("[1,2]").array(0...1) }
        #expect(try cursor("[1,2]").array(2...2).count == 2)
    }

    @Test func namesThePlace() throws {
        let outer = try cursor("{\"exhibit\":{\"tree\":[{\"items\":[1]}]}}").object(["exhibit"])
        let items = try outer["exhibit"].object(["tree"])["tree"].array()[0].object(["items"])["items"].array()
        #expect(items[0].place == "exhibit.tree[0].items[0]")
        #expect(throws: FormatError("proof file", "exhibit.tree[0].items[0]: want a string")) { try items[0].text() }
        let list = try cursor("[[1]]").array()[0].array()
        #expect(list[0].place == "[0][0]")
    }

    /// A name is repeated where it is short and plain, to the last of its characters.
    @Test func showsPlainNamesAlone() throws {
        func reason(_ name: String) throws -> String? {
            let value = try cursor("{\"\(name)\":1}")
            do throws(FormatError) {
                _ = try value.object([])
                return nil
            } catch {
                return error.reason
            }
        }
        for name in ["a", "!", "~", "!~", String(repeating: "a", count: 40)] {
            #expect(try reason(name) == "unknown member \(name)")
        }
        for name in ["", " ", "a b", "a\u{7F}", String(repeating: "a", count: 41)] {
            #expect(try reason(name) == "unknown member")
        }
    }
}
