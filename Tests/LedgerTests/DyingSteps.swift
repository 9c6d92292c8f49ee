// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A process that is killed at one of its writes: before it, halfway through, or behind it. From then on nothing is done.
final class DyingSteps: Sendable {
    /// How far the last write comes.
    enum Moment: CaseIterable {
        case before, halfway, behind
    }

    struct Death: Error {}

    private let death: Int
    private let moment: Moment
    private let steps = Mutex(0)

    /// Dies at the `death`th write, counted from 1; never at 0.
    init(at death: Int, _ moment: Moment) {
        self.death = death
        self.moment = moment
    }

    /// The number of writes so far.
    var count: Int { steps.withLock { $0 } }

    func write(_ half: () throws -> Void = {}, _ body: () throws -> Void) throws {
        let step = steps.withLock { step in
            step += 1
            return step
        }
        guard death > 0, step >= death else { return try body() }
        if step == death {
            switch moment {
            case .before: break
            case .halfway: try half()
            case .behind: try body()
            }
        }
        throw Death()
    }

    func read<Value>(_ body: () throws -> Value) throws -> Value {
        guard death == 0 || count < death else { throw Death() }
        return try body()
    }
}
