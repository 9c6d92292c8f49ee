// SPDX-License-Identifier: Apache-2.0

/// Values kept under their keys up to a total cost; what was kept longest goes first.
///
/// For what never changes under its key: a key that is kept is not kept anew.
package struct BoundedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private let cost: @Sendable (Value) -> Int
    private var values: [Key: Value] = [:]
    /// The keys in the order in which they came, those before `first` gone.
    private var order: [Key] = []
    private var first = 0
    private var total = 0

    /// Keeps so much; where no cost is given, so many.
    package init(capacity: Int, cost: @escaping @Sendable (Value) -> Int = { _ in 1 }) {
        self.capacity = capacity
        self.cost = cost
    }

    package subscript(key: Key) -> Value? { values[key] }

    /// Keeps a value, and lets go of the oldest until the total is within the capacity. One that alone is beyond it is not
    /// kept.
    package mutating func keep(_ value: Value, for key: Key) {
        let price = cost(value)
        guard price <= capacity, values[key] == nil else { return }
        values[key] = value
        order.append(key)
        total += price
        while total > capacity {
            if let old = values.removeValue(forKey: order[first]) { total -= cost(old) }
            first += 1
        }
        // The keys that are gone are cleared away when they are the greater part.
        if first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
    }
}
