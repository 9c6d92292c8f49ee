// SPDX-License-Identifier: Apache-2.0
package import Evidence
import Synchronization

/// The vkeys that have been read, one cache for each thread that reads filings at the same time.
package final class FilingKeyCaches: Sendable {
    private let caches = Mutex<[FilingKeyCache]>([])

    package init() {}

    package func borrow() -> FilingKeyCache { caches.withLock { $0.popLast() } ?? FilingKeyCache() }

    package func giveBack(_ cache: FilingKeyCache) { caches.withLock { $0.append(cache) } }
}
