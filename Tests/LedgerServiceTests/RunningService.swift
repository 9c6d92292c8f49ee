// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import LedgerService
import Synchronization
import TestSupport
import Testing

/// A service that listens for as long as a test wants it.
enum RunningService {
    /// Runs a service on a free port of this machine, and the body beside it.
    static func with(
        _ limits: HTTPService.Limits, _ respond: @escaping @Sendable (ServiceRequest) async -> ServiceAnswer,
        _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        let service = HTTPService(at: ListenAddress(host: "127.0.0.1", port: 0), limits: limits, respond: respond)
        let (ready, continuation) = AsyncStream.makeStream(of: ListenAddress.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await service.run(untilSignalled: false) { continuation.yield($0) }
            }
            var addresses = ready.makeAsyncIterator()
            let address = try #require(await addresses.next())
            try await onOwnThread { try body(address.port) }
            group.cancelAll()
        }
    }
}

/// What a service has told of its work.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}
