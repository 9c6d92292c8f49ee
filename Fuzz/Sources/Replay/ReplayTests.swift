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
        for file in files {
            try await attempt(Array(Data(contentsOf: file)), on: target, file.lastPathComponent)
        }
        for (number, seed) in try target.seeds().enumerated() { try await attempt(seed, on: target, "seed \(number)") }
    }

    private func attempt(_ bytes: [UInt8], on target: FuzzTarget, _ input: String) async throws {
        do {
            switch target.check {
            case .reads(let check): try check(bytes)
            case .asks(let check): try await check(bytes)
            }
        } catch {
            Issue.record("\(input): \(error)")
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
