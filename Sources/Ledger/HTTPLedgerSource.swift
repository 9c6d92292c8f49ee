// SPDX-License-Identifier: Apache-2.0
import SystemPackage

/// Reads the files of a log from a web server by their tlog-tiles paths.
///
///     https://log.example/2026      https://log.example/2026/checkpoint, https://log.example/2026/tile/0/000.p/5, ...
///
/// 404 and 410 say that there is nothing. An answer that does not come, or says that the server cannot now (408, 429 and
/// 5xx), is asked for again, a little later each time. Whatever is answered is bounded, and nothing of it is trusted.
public struct HTTPLedgerSource: LedgerSource {
    /// Why a server gave nothing for a path.
    public enum ReadError: Error, Sendable, Hashable {
        /// No answer came, however often it was asked for.
        case unreachable(HTTPFailure)
        /// The server answered with a status that is neither a file nor its absence.
        case refused(status: Int)
    }

    /// How long one answer may take.
    public static let deadline = Duration.seconds(60)
    /// The waits between one try and the next.
    public static let waits: [Duration] = [.milliseconds(250), .seconds(1), .seconds(4)]

    /// The address, without a slash at its end.
    public let prefix: String
    private let transport: HTTPTransport
    private let wait: @Sendable (Duration) async throws -> Void

    /// Reads below `prefix`, an `http` or `https` address. `wait` passes the time between two tries.
    public init(
        _ prefix: String, over transport: HTTPTransport,
        waiting wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        var prefix = prefix[...]
        while prefix.utf8.last == UInt8(ascii: "/") { prefix.removeLast() }
        self.prefix = String(prefix)
        self.transport = transport
        self.wait = wait
    }

    public func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let request = HTTPRequest(
            .get, prefix + "/" + path, headers: [("Accept-Encoding", "identity")], maximumAnswer: limit,
            deadline: Self.deadline)
        var waits = Self.waits[...]
        while true {
            let failure: ReadError
            do {
                let answer = try await transport.send(request)
                switch answer.status {
                case 200:
                    guard answer.body.count <= limit else { throw Self.tooLong(path) }
                    return answer.body
                case 404, 410: return nil
                case 408, 429, 500...599: failure = .refused(status: answer.status)
                default: throw ReadError.refused(status: answer.status)
                }
            } catch let error as HTTPFailure {
                // Asked again, it would be as long.
                if error.isTooLong { throw Self.tooLong(path) }
                failure = .unreachable(error)
            }
            guard let next = waits.popFirst() else { throw failure }
            try await wait(next)
        }
    }

    /// The same error as for a file that is longer than it may be.
    private static func tooLong(_ path: String) -> FileError {
        FileError("read", FilePath(path), .fileTooLarge)
    }
}

extension HTTPLedgerSource.ReadError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let failure): "the server cannot be reached: \(failure)"
        case .refused(let status): "the server answers with status \(status)"
        }
    }
}
