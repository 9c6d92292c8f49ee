// SPDX-License-Identifier: Apache-2.0

/// A request over HTTP, as the log's own clients make it: to witnesses, time-stamp authorities, other logs.
public struct HTTPRequest: Sendable {
    /// The method.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
    }

    /// The method.
    public let method: Method
    /// Where to, with scheme: `http` or `https`.
    public let url: String
    /// Header fields.
    public let headers: [(name: String, value: String)]
    /// What is sent; empty for none.
    public let body: [UInt8]
    /// The longest answer that is read, in bytes; a longer one is an error.
    public let maximumAnswer: Int
    /// How long the whole exchange may take.
    public let deadline: Duration

    /// A request of these parts.
    public init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        maximumAnswer: Int, deadline: Duration
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maximumAnswer = maximumAnswer
        self.deadline = deadline
    }
}

/// What was answered over HTTP. Nothing of it is trusted.
public struct HTTPAnswer: Sendable {
    /// The status, 100 to 599.
    public let status: Int
    /// The `Content-Type` field.
    public let contentType: String?
    /// The body, of at most the length that the request allows.
    public let body: [UInt8]

    /// An answer of these parts.
    public init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Why there was no answer to a request: one line for a person.
public struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, without the address.
    public let description: String
    /// Whether there was an answer, longer than the request allows.
    public let isTooLong: Bool

    /// A failure in these words.
    public init(_ description: String, isTooLong: Bool = false) {
        self.description = description
        self.isTooLong = isTooLong
    }
}

/// How requests are sent: a value, so that nothing below `LedgerService` knows a network, and tests answer by themselves.
public struct HTTPTransport: Sendable {
    /// Sends a request and reads the whole answer; throws `HTTPFailure` where there is none.
    public let send: @Sendable (HTTPRequest) async throws -> HTTPAnswer

    /// A transport that sends by a closure.
    public init(send: @escaping @Sendable (HTTPRequest) async throws -> HTTPAnswer) {
        self.send = send
    }
}
