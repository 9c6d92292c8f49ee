// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A connection to a service on this machine, spoken to byte by byte, so that a test sees all that is answered.
///
/// Calls block, for twenty seconds at most.
package final class RawConnection {
    /// The service is not there, is gone, or answers what is not HTTP.
    package struct Broken: Error {}

    package struct Answer {
        package let status: Int
        /// By lower-case name.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Broken() }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Broken() }
    }

    deinit {
        close(descriptor)
    }

    /// Sends a request and reads the answer; the connection stays open.
    package func send(_ method: String, _ path: String, body: [UInt8] = [], headers: [String] = []) throws -> Answer {
        var head = ["\(method) \(path) HTTP/1.1", "host: test"] + headers
        if !body.isEmpty || method == "POST" { head.append("content-length: \(body.count)") }
        try write(Array((head + ["", ""]).joined(separator: "\r\n").utf8) + body)
        return try answer(hasBody: method != "HEAD")
    }

    package func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Broken() }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads one answer.
    package func answer(hasBody: Bool = true) throws -> Answer {
        let head = String(decoding: try take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        // "\r\n" is one character.
        let lines = head.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw Broken() }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Broken() }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        var body: [UInt8] = []
        if hasBody, let length = headers["content-length"].flatMap(Int.init) {
            while received.count < length { try receive() }
            body = Array(received.prefix(length))
            received.removeFirst(length)
        }
        return Answer(status: status, headers: headers, body: body)
    }

    /// Whether the service closes the connection, rather than answer, before the time is up.
    package func isClosed() -> Bool {
        do {
            try receive()
            return false
        } catch {
            return errno != EAGAIN
        }
    }

    private func take(through end: [UInt8]) throws -> [UInt8] {
        while true {
            if let place = received.firstRange(of: end) {
                defer { received.removeFirst(place.upperBound) }
                return Array(received[..<place.upperBound])
            }
            try receive()
        }
    }

    private func receive() throws {
        var part = [UInt8](repeating: 0, count: 65_536)
        errno = 0
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else { throw Broken() }
        received += part[..<count]
    }
}
