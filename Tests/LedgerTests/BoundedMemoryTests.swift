// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Ledger

@Suite("Values kept up to a cost")
struct BoundedMemoryTests {
    @Test("At any time the newest are kept, as many as fit, whatever they cost")
    func newest() {
        var memory = BoundedMemory<Int, Int>(capacity: 10) { $0 }
        var all: [(key: Int, cost: Int)] = []
        for key in 0..<500 {
            let cost = key * 7 % 5 + 1
            memory.keep(cost, for: key)
            all.append((key, cost))
            var room = 10
            var fits = true
            for (key, cost) in all.reversed() {
                fits = fits && cost <= room
                room -= cost
                #expect(memory[key] == (fits ? cost : nil))
                if !fits && key < all.count - 12 { break }
            }
        }
    }

    @Test("What is kept stays as it is; what alone is too much is not kept, and drives nothing out")
    func edges() {
        var memory = BoundedMemory<String, Int>(capacity: 10) { $0 }
        memory.keep(4, for: "a")
        memory.keep(5, for: "a")
        #expect(memory["a"] == 4)
        memory.keep(11, for: "b")
        #expect(memory["b"] == nil && memory["a"] == 4)
        memory.keep(6, for: "c")
        #expect(memory["a"] == 4 && memory["c"] == 6)
        memory.keep(1, for: "d")
        #expect(memory["a"] == nil && memory["c"] == 6 && memory["d"] == 1)
    }
}
