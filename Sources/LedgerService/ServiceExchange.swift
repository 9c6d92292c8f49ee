// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// A request to one of our services, read whole.
public struct ServiceRequest: Sendable {
    /// The method, such as "GET".
    public let method: String
    /// The path as it was sent, without the query: nothing in it is decoded, so that one resource has one name.
    public let path: String
    /// The query as it was sent, without its question mark; nil if there is none.
    public let query: String?
    /// The body.
    public let body: [UInt8]
    /// The address that the request came from, without its port; "" where it has none.
    public let client: String
    private let headers: HTTPFields

    /// A request of these parts. `path` may have a query behind it.
    public init(
        _ method: String, _ path: String, headers: [ServiceAnswer.Field] = [], body: [UInt8] = [], client: String = ""
    ) {
        var fields = HTTPFields()
        for field in headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            fields.append(HTTPField(name: name, value: field.value))
        }
        self.init(method, path, fields: fields, body: body, client: client)
    }

    init(_ method: String, _ path: String, fields: HTTPFields, body: [UInt8], client: String) {
        self.method = method
        self.body = body
        self.client = client
        headers = fields
        if let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) {
            self.path = String(path[..<mark])
            query = String(path[path.utf8.index(after: mark)...])
        } else {
            self.path = path
            query = nil
        }
    }

    /// The value of a header field, its lines joined by commas; nil if there is none.
    public func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// The parameters of the query, decoded as HTML forms encode them, in their order.
    public var parameters: [(name: String, value: String)] {
        (query ?? "").split(separator: "&").map { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(pair[0]), pair.count == 2 ? Self.decoded(pair[1]) : "")
        }
    }

    /// The first parameter of this name.
    public func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// A "+" of base64 that somebody put there as it is reads as a space: whoever parses such a value puts it back.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = PercentDigits.byte(rest.prefix(2)) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Two digits of a percent-encoded byte, in either case.
private enum PercentDigits {
    static func byte(_ digits: Substring.UTF8View.SubSequence) -> UInt8? {
        // A sign, which the reader of numbers allows, is no digit.
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// What one of our services answers.
public struct ServiceAnswer: Sendable, Hashable {
    /// A header field.
    public struct Field: Sendable, Hashable {
        /// Its name, in lower case.
        public let name: String
        /// Its value.
        public let value: String

        /// A field of this name and value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status, 200 to 599.
    public let status: Int
    /// The header fields, `content-length` left out.
    public let headers: [Field]
    /// The body.
    public let body: [UInt8]

    /// An answer of these parts.
    public init(_ status: Int, headers: [Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer in words; it is not to be stored on the way.
    public static func text(_ status: Int, _ text: String, headers: [Field] = []) -> ServiceAnswer {
        .text(status, Array(text.utf8), headers: headers)
    }

    /// An answer in text; it is not to be stored on the way.
    public static func text(_ status: Int, _ text: [UInt8], headers: [Field] = []) -> ServiceAnswer {
        ServiceAnswer(
            status,
            headers: [Field("content-type", "text/plain; charset=utf-8"), Field("cache-control", "no-store")]
                + headers, body: text)
    }
}
