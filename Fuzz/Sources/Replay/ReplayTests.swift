// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the fuzzer found, tried again: inputs that reach much, and inputs that something once failed on.
struct ReplayTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: FuzzTarget.all.map(\.name)) func noInputBreaksAPromise(_ name: String) async throws {
        let target = try #require(FuzzTarget.named(name))
        let files = Self.files(in: "Corpora/\(name)") + Self.files(in: "Failures/\(name)")
        #expect(!files.isEmpty)
        let thread = OneThread()
        defer { thread.end() }
        for file in files {
            try await attempt(Array(Data(contentsOf: file)), on: target, file.lastPathComponent, thread: thread)
        }
        for (number, seed) in try target.seeds().enumerated() {
            try await attempt(seed, on: target, "seed \(number)", thread: thread)
        }
    }

    /// What is long shows what a reader takes for each byte.
    @Test(arguments: FuzzTarget.all.map(\.name)) func noLongInputTakesMoreMemory(_ name: String) async throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = try target.longInputs
        #expect(!inputs.isEmpty)
        let thread = OneThread()
        defer { thread.end() }
        for (number, bytes) in inputs.enumerated() {
            try await attempt(bytes, on: target, "long input \(number)", thread: thread)
        }
    }

    /// Were nothing counted, no reader would take too much.
    @Test func whatAReaderTakesIsCounted() async throws {
        guard FuzzTarget.countsHeap else { return }
        let thread = OneThread()
        defer { thread.end() }
        func taking(_ count: Int) -> FuzzTarget {
            FuzzTarget("taking", seeds: { [] }) { _ in _ = counted { [UInt8](repeating: 1, count: count).reversed() } }
        }
        func asking(_ count: Int) -> FuzzTarget {
            FuzzTarget(
                "asking", seeds: { [] },
                asks: { _ in
                    await counted {
                        let taken = [UInt8](repeating: 1, count: count)
                        await Task.yield()
                        _ = taken.reversed()
                    }
                })
        }
        for target in [taking(1 << 10), asking(1 << 10)] {
            #expect(try await most(of: [0], on: target, thread) >= 1 << 10)
        }
        for target in [taking(1 << 20), asking(1 << 20)] {
            await #expect(throws: BrokenPromise.self) { try await most(of: [0], on: target, thread) }
            // An input of so many bytes may cost as much.
            #expect(try await most(of: [UInt8](repeating: 0, count: 1 << 20), on: target, thread) >= 1 << 20)
        }
    }

    private func attempt(_ bytes: [UInt8], on target: FuzzTarget, _ input: String, thread: OneThread) async throws {
        do { _ = try await most(of: bytes, on: target, thread) } catch { Issue.record("\(input): \(error)") }
    }

    private func most(of bytes: [UInt8], on target: FuzzTarget, _ thread: OneThread) async throws -> Int {
        switch target.check {
        case .reads(let check): try target.attempt(bytes, reading: check)
        case .asks(let check): try await target.attempt(bytes, on: thread, asking: check)
        }
    }

    /// A folder of no target would never be tried.
    @Test(arguments: ["Corpora", "Failures"]) func everyFolderIsOfATarget(_ folder: String) throws {
        let place = Self.root.appendingPathComponent(folder).path
        let names = try FileManager.default.contentsOfDirectory(atPath: place).filter { !$0.hasPrefix(".") }
        // What the pages and the program disagreed on is tried in the browser.
        let known = Set(FuzzTarget.all.map(\.name) + ["differential", "README.md"])
        #expect(names.filter { !known.contains($0) } == [])
    }

    /// A check that never refuses, or never reads, would say nothing.
    @Test(arguments: FuzzTarget.all.map(\.name)) func theCheckReadsItsSeeds(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let seeds = try target.seeds()
        #expect(!seeds.isEmpty)
        #expect(seeds.contains { $0.count <= target.maximumByteCount })
    }

    private static func files(in folder: String) -> [URL] {
        let place = root.appendingPathComponent(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { place.appendingPathComponent($0) }
    }
}
