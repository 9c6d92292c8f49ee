// SPDX-License-Identifier: Apache-2.0
import CHeap

/// How much of the heap a reader may have at its most: so many times the input's length, and so much whatever the input is.
///
/// What counts is what the reader takes, the value that it gives included. The input itself, and what a check makes to hold
/// against the value, are not the reader's.
public struct HeapBound: Sendable {
    /// So many times the input.
    let factor: Int
    /// The bytes that do not depend on the input.
    let floor: Int

    /// Ten times the input, and 16 kB: the words of an error, the state of a hash, the first block of what grows.
    static let standard = HeapBound(factor: 10, floor: 16_384)

    /// JSON: of nothing but the smallest values, `[[[[]]]]`, a value's place and block take 28 times what is written. What
    /// the formats are made of takes less than ten times, or little more. A million such values and one in 16 bytes are the most.
    static let json = HeapBound(factor: 30, floor: 32_768)

    /// The most for an input of so many bytes.
    public func most(forInputOf count: Int) -> Int { factor * count + floor }
}

/// Runs a reader, and counts what it has of the heap at its most on this thread.
func counted<Value>(_ body: () throws -> Value) rethrows -> Value {
    heap_begin()
    defer { heap_end() }
    return try body()
}

/// Asks a service, and counts what it has of the heap at its most; the task stays on one thread (`OneThread`).
func counted<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    heap_begin()
    defer { heap_end() }
    return try await body()
}

extension FuzzTarget {
    /// Whether what readers take of the heap is counted here.
    public static var countsHeap: Bool { heap_is_counted() }

    /// Tries an input on a reader: throws where it breaks a promise, that of memory included. Gives the most that was taken.
    @discardableResult public func attempt(_ bytes: [UInt8], reading check: ([UInt8]) throws -> Void) throws -> Int {
        func once() throws -> Int {
            heap_forget()
            try check(bytes)
            return heap_most()
        }
        let most = try once()
        // What is made at the first use and kept is not the input's: that is taken once.
        return try most <= heap.most(forInputOf: bytes.count) ? most : judged(min(most, once()), bytes)
    }

    /// Tries an input on a service.
    @discardableResult public func attempt(
        _ bytes: [UInt8], on thread: OneThread, asking check: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        func once() async throws -> Int {
            try await Task(executorPreference: thread) {
                heap_forget()
                try await check(bytes)
                return heap_most()
            }.value
        }
        let most = try await once()
        return try await most <= heap.most(forInputOf: bytes.count) ? most : judged(min(most, once()), bytes)
    }

    private func judged(_ most: Int, _ bytes: [UInt8]) throws -> Int {
        let words = "\(heap.factor) times the input and \(heap.floor) bytes"
        try promise(
            "no memory above \(words): \(most) for \(bytes.count)", most <= heap.most(forInputOf: bytes.count))
        return most
    }
}
