// SPDX-License-Identifier: Apache-2.0

/// A reader of bytes that others wrote, as the fuzzer and the tests drive it.
///
/// The check reads an input. That the input is refused is nothing; whatever else it throws is a promise that was broken:
/// of what is read, that it is written again as it was, and that no signature stands for what was never signed.
public struct FuzzTarget: Sendable {
    /// What a target does with an input.
    public enum Check: Sendable {
        /// It reads.
        case reads(@Sendable ([UInt8]) throws -> Void)
        /// It asks a service.
        case asks(@Sendable ([UInt8]) async throws -> Void)
    }

    /// The name of its folder in `Corpora` and `Failures`.
    public let name: String
    /// The longest input that is tried, in bytes.
    public let maximumByteCount: Int
    /// The words that its inputs are made of, for the fuzzer to put in.
    public let words: [String]
    /// Inputs to begin with, made of what the repository holds.
    public let seeds: @Sendable () throws -> [[UInt8]]
    /// The most memory that a reader may take.
    public let heap: HeapBound
    /// What is done with an input.
    public let check: Check

    init(
        _ name: String, upTo maximumByteCount: Int = 4096, heap: HeapBound = .standard, words: [String] = [],
        seeds: @escaping @Sendable () throws -> [[UInt8]], reads check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.init(name, maximumByteCount, heap, words, seeds, .reads(check))
    }

    init(
        _ name: String, upTo maximumByteCount: Int = 4096, heap: HeapBound = .standard, words: [String] = [],
        seeds: @escaping @Sendable () throws -> [[UInt8]],
        asks check: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.init(name, maximumByteCount, heap, words, seeds, .asks(check))
    }

    private init(
        _ name: String, _ maximumByteCount: Int, _ heap: HeapBound, _ words: [String],
        _ seeds: @escaping @Sendable () throws -> [[UInt8]], _ check: Check
    ) {
        self.name = name
        self.maximumByteCount = maximumByteCount
        self.heap = heap
        self.words = words
        self.seeds = seeds
        self.check = check
    }

    /// All of them.
    public static let all: [FuzzTarget] =
        publicFormats + filings + documents + proofs + timestamps + keys + answers + services

    /// The one of this name.
    public static func named(_ name: String) -> FuzzTarget? {
        all.first { $0.name == name }
    }
}

/// A promise that an input broke.
public struct BrokenPromise: Error, CustomStringConvertible {
    /// The promise, in words.
    public let description: String

    /// A promise that was broken.
    public init(_ description: String) {
        self.description = description
    }
}

/// Throws where a promise does not hold.
func promise(_ words: String, _ holds: Bool) throws {
    if !holds { throw BrokenPromise(words) }
}

/// Reads an input; nil where it is refused, as anything may be.
func read<Value>(_ body: () throws -> Value) throws -> Value? {
    do {
        return try counted(body)
    } catch let broken as BrokenPromise {
        throw broken
    } catch {
        // What is refused is told to a person, in a line.
        let words = "\(error)"
        try promise("a refusal is short", words.utf8.count < 8192)
        return nil
    }
}
