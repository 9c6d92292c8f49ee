// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Runs what blocks on a thread of its own, and waits for it without blocking.
///
/// The threads that tasks run on are as many as there are processors, and tests share them: a few calls that block there
/// (for a lock, an answer, the end of a program) would keep every other test from going on, and perhaps the very one that
/// is waited for.
package func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { done in
        Thread.detachNewThread { done.resume(with: Result { try body() }) }
    }
}
