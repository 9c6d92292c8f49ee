// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc
import TransparencyLog

/// Work on the parts of a log, done on all cores and taken up in order.
///
/// At most `window` parts are under way or waiting to be taken up, which bounds what they hold in memory.
enum AuditPipeline {
    /// Enough parts for the cores of the system that none waits for the slowest of them.
    private static var window: Int { 4 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Does the parts from 0 on, and hands each result to `take` in order.
    ///
    /// What either throws ends all of it, as cancellation does.
    static func run<Output: Sendable>(
        parts count: Int, _ work: @escaping @Sendable (_ part: Int) async throws -> Output,
        taking take: (Output) throws -> Void
    ) async throws {
        let window = window
        try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            var started = 0
            var taken = 0
            var waiting: [Int: Output] = [:]
            func startNext() {
                guard started < count, started - taken < window else { return }
                let part = started
                started += 1
                group.addTask {
                    try Task.checkCancellation()
                    return (part, try await work(part))
                }
            }
            for _ in 0..<min(window, count) { startNext() }
            while let (part, output) = try await group.next() {
                waiting[part] = output
                while let next = waiting.removeValue(forKey: taken) {
                    taken += 1
                    startNext()
                    try take(next)
                }
            }
        }
    }
}

extension LedgerReader {
    /// Reads the entries from `first` on, several bundles at once, and hands on in order what `judge` makes of them.
    ///
    /// Whoever replays a log compares the root of all of them with `head`.
    func replay<Part: Sendable>(
        from first: LeafIndex = 0,
        _ judge: @escaping @Sendable (_ entry: Entry, _ index: LeafIndex) throws -> Part,
        taking take: ([Part]) throws -> Void
    ) async throws {
        let caches = FilingKeyCaches()
        let bundles = first.value >> 8..<max(first.value >> 8, (head.size.value + 255) >> 8)
        try await AuditPipeline.run(parts: bundles.count) { number in
            let start = LeafIndex(entry: max((bundles.lowerBound + UInt64(number)) << 8, first.value))
            let entries = try await unverifiedEntries(from: start)
            var keys = caches.borrow()
            defer { caches.giveBack(keys) }
            var parts: [Part] = []
            parts.reserveCapacity(entries.count)
            for (place, bytes) in entries.enumerated() {
                let index = LeafIndex(entry: start.value + UInt64(place))
                parts.append(try judge(try Entry(parsing: bytes, keys: &keys), index))
            }
            return parts
        } taking: {
            try take($0)
        }
    }
}
