// SPDX-License-Identifier: Apache-2.0

/// A request to one of our services, read whole.
public struct ServiceRequest: Sendable {
    /// The method, such as "GET".
    public let method: String
    /// The path as it was sent, without the query: nothing in it is decoded, so that one resource has one name.
    public let path: String
    /// The body.
    public let body: [UInt8]

    /// A request of these parts.
    public init(_ method: String, _ path: String, body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.body = body
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
