// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Synchronization

/// A thread on which a task runs from its beginning to its end, so that what it takes can be counted there.
public final class OneThread: TaskExecutor {
    private let waiting = Mutex<[UnownedJob]>([])
    /// Counts the jobs that wait; one more than there are is the end.
    private let hasMore = DispatchSemaphore(value: 0)

    /// Starts the thread, with the stack that a main thread has.
    public init() {
        let thread = Thread { [self] in
            while true {
                hasMore.wait()
                guard let next = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
                next.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Puts a part of a task behind those that wait.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        waiting.withLock { $0.append(job) }
        hasMore.signal()
    }

    /// Ends the thread; nothing may be put on it any more.
    public func end() {
        hasMore.signal()
    }
}
