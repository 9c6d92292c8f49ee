// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How often something may be done under one name: so many times at once, and so many a second after that.
///
/// Names that have not been used for a while are forgotten; where there are more than are kept, everybody is let in
/// rather than nobody.
final class RateLimit: Sendable {
    private static let maximumNames = 1 << 16

    private struct Bucket {
        var tokens: Double
        var last: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// A limit of so many a second, and as many as ten seconds allow at once; nil or 0 for none.
    init(perSecond: Int?) {
        self.perSecond = Double(perSecond ?? 0)
        burst = max(1, self.perSecond * 10)
    }

    /// Whether anybody can be let in too often.
    var isSet: Bool { perSecond > 0 }

    /// Whether it may be done now, under this name.
    func allows(_ name: String, at now: ContinuousClock.Instant) -> Bool {
        guard isSet else { return true }
        return buckets.withLock { buckets in
            if buckets.count >= Self.maximumNames { forget(&buckets, now) }
            var bucket = buckets[name] ?? Bucket(tokens: burst, last: now)
            bucket.tokens = min(burst, bucket.tokens + (now - bucket.last) / .seconds(1) * perSecond)
            bucket.last = now
            defer { buckets[name] = bucket }
            guard bucket.tokens >= 1 else { return false }
            bucket.tokens -= 1
            return true
        }
    }

    /// Those that are full again say nothing that a new one would not.
    private func forget(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { ($0.value.tokens + (now - $0.value.last) / .seconds(1) * perSecond) < burst }
        if buckets.count >= Self.maximumNames { buckets.removeAll(keepingCapacity: true) }
    }
}
