// SPDX-License-Identifier: Apache-2.0
import Evidence
@testable import Ledger
import SystemPackage
import TestSupport
import Testing
import TransparencyLog

/// The lookup index answers as a plain table would, whatever was made of its files meanwhile; and what is damaged is an
/// error or gone, never another answer.
@Suite struct LookupIndexTests {
    private static let rowLimit = 12

    private let folder: TemporaryFolder
    private var path: FilePath { folder("index") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Entries that say something under every kind of key, some of them under keys of others before.
    private static func entries(_ count: Int) throws -> [Entry] {
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben")]
        for number in 3..<max(count, 4) {
            let relation = Registration.Relation(
                .corrects, try FilingWorld.reference(filings[number - 1], at: LeafIndex(UInt64(number - 1))!)
            )
            filings.append(
                try FilingWorld.register(
                    number, by: number % 3 == 0 ? "ana" : "ben",
                    published: number % 4 == 0 ? [SHA256.hash(Array("file \(number % 8)".utf8))] : [],
                    relations: number % 5 == 0 ? [relation] : []))
        }
        return try filings.prefix(count).map { try FilingWorld.entry($0) }
    }

    /// What a plain table says, of keys too under which nothing is.
    private static func table(_ entries: ArraySlice<Entry>) -> [LookupIndex.Key: [LeafIndex]] {
        var table: [LookupIndex.Key: [LeafIndex]] = [
            .text(MerkleTree.emptyRoot): [], .digest(MerkleTree.emptyRoot): [], .reference(LeafIndex(1 << 40)!): [],
            .charter: [],
        ]
        for (entry, place) in zip(entries, entries.indices) {
            for key in Set(LookupIndex.keys(of: entry)) { table[key, default: []].append(LeafIndex(UInt64(place))!) }
        }
        return table
    }

    private static func check(_ index: LookupIndex, _ entries: ArraySlice<Entry>, _ note: String = "") throws {
        #expect(try index.size().value == UInt64(entries.count), "\(note)")
        let table = table(entries)
        let keys = Array(table.keys)
        #expect(try index.entries(underEach: keys) == keys.map { table[$0] ?? [] }, "\(note)")
        for key in keys.prefix(20) + [.charter] {
            let expected = table[key] ?? []
            for (from, limit) in [(0, 1), (1, 2), (expected.count / 2, .max), (entries.count, 3)] {
                let first = LeafIndex(UInt64(from))!
                #expect(
                    try index.entries(under: key, from: first, limit: limit)
                        == Array(expected.filter { $0 >= first }.prefix(limit)), "\(note) \(key)")
            }
        }
    }

    private func follow(
        _ index: LookupIndex, _ entries: [Entry], upTo end: Int, by step: () -> Int
    ) async throws {
        var next = Int(try index.size().value)
        while next < end {
            let count = min(max(step(), 1), end - next)
            try index.follow(Array(entries[next..<next + count]), from: LeafIndex(UInt64(next))!)
            next += count
        }
        await index.settle()
    }

    private func names() throws -> [String] { try DurableFile.names(in: path).map(\.string) }

    // MARK: - Small worlds

    /// Every number of entries, one at a time and some at a time, in memory and in files, opened again and only read.
    @Test(arguments: [1, 2, 7, 30])
    func everySize(step: Int) async throws {
        let entries = try Self.entries(160)
        let memory = try LookupIndex(at: nil, rowLimit: Self.rowLimit)
        var index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
        for end in stride(from: step, through: entries.count, by: step) {
            for index in [memory, index] { try await follow(index, entries, upTo: end) { step } }
            let isWhole = end % 30 < step || end < 20
            guard isWhole else { continue }
            try Self.check(memory, entries[..<end], "in memory, \(end)")
            try Self.check(index, entries[..<end], "\(end)")
            try Self.check(try #require(LookupIndex(reading: path)), entries[..<end], "read, \(end)")
            try index.close()
            index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
            try Self.check(index, entries[..<end], "again, \(end)")
        }
        // What costs the same at any size: runs as many as the digits of it, and nothing left over.
        #expect(try names().count { $0.hasSuffix(".run") } <= 16)
        #expect(try names().allSatisfy { $0 == "recent" || $0.hasSuffix(".run") })
    }

    /// Batches of any sizes, entries offered again, and other processes that read.
    @Test(arguments: 0..<20)
    func anyBatches(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let entries = try Self.entries(150)
        var index = try LookupIndex(at: path, rowLimit: 8 + random.below(40))
        var size = 0
        while size < entries.count {
            let start = random.below(size + 1)
            let end = min(size + 1 + random.below(30), entries.count)
            try index.follow(Array(entries[start..<end]), from: LeafIndex(UInt64(start))!)
            size = end
            // Beside a merge: a reader sees a beginning of it, and what it sees is right.
            let reader = try #require(LookupIndex(reading: path))
            try Self.check(reader, entries[..<Int(try reader.size().value)], "seed \(seed), read at \(size)")
            if random.once(in: 3) {
                try index.close()
                index = try LookupIndex(at: path, rowLimit: 8 + random.below(40))
            }
        }
        try Self.check(index, entries[...], "seed \(seed)")
        try index.clear()
        try Self.check(index, entries[..<0])
        try await follow(index, entries, upTo: 40) { random.below(9) }
        try Self.check(index, entries[..<40], "after it was cleared")
    }

    // MARK: - What a stop leaves

    /// A process that was stopped before it removed what it had replaced, or in the middle of writing.
    @Test func leftovers() async throws {
        let entries = try Self.entries(120)
        var index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
        var kept: Set<String> = []
        for end in stride(from: 2, through: entries.count, by: 2) {
            try index.follow(Array(entries[end - 2..<end]), from: LeafIndex(UInt64(end - 2))!)
            await index.settle()
            // Some of what there was at each size is kept, the journal too.
            for name in try names() where !kept.contains(name) || name == "recent" {
                let copy = folder("kept \(name)")
                try? DurableFile.remove(copy)
                try folder.copy(path.appending(name), to: "kept \(name)")
                kept.insert(name)
            }
        }
        try index.close()
        let whole = Set(try names())
        #expect(kept.subtracting(whole).count > 5)
        for name in kept where !whole.contains(name) { try folder.copy(folder("kept \(name)"), to: "index/\(name)") }
        // The journal as it was before its rows went into a run.
        try folder.write(try folder.read("kept recent"), to: "index/recent")
        try folder.write("half a run", to: "index/.0-40.run.abc.tmp")
        try folder.write("not ours", to: "index/readme")
        try Self.check(try #require(LookupIndex(reading: path)), entries[...], "read")
        index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
        try Self.check(index, entries[...], "with leftovers")
        #expect(Set(try names()) == whole)
    }

    /// A missing run ends the index there: the rest is followed again.
    @Test func missingRun() async throws {
        let entries = try Self.entries(60)
        var index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
        try await follow(index, entries, upTo: 60) { 4 }
        try index.close()
        let kept = try Dictionary(uniqueKeysWithValues: names().map { ($0, try folder.read("index/\($0)")) })
        let runs = kept.keys.filter { $0.hasSuffix(".run") }
        #expect(runs.count > 2)
        for name in runs {
            try LookupIndex.delete(path)
            for (other, bytes) in kept where other != name { try folder.write(bytes, to: "index/\(other)") }
            index = try LookupIndex(at: path, rowLimit: Self.rowLimit)
            let size = Int(try index.size().value)
            #expect(size == Int(name.split(separator: "-")[0]))
            try Self.check(index, entries[..<size], name)
            try await follow(index, entries, upTo: 60) { 4 }
            try Self.check(index, entries[...], name)
            try index.close()
        }
    }

    // MARK: - Damage

    /// An index with runs and a journal of `entries`, and its files.
    private func damageable(_ entries: [Entry]) async throws -> [String: [UInt8]] {
        let index = try LookupIndex(at: path, rowLimit: 24)
        try await follow(index, entries, upTo: entries.count) { 4 }
        try index.close()
        let files = try names()
        #expect(files.count >= 2 && files.contains("recent"))
        let kept = try Dictionary(uniqueKeysWithValues: files.map { ($0, try folder.read("index/\($0)")) })
        #expect(kept["recent"]?.isEmpty == false)
        return kept
    }

    /// Asks an index in a folder of these files: each answer is right or an error. Then it comes back. Says how many errors.
    private func ask(
        _ files: [String: [UInt8]], _ keys: [LookupIndex.Key], _ entries: [Entry], _ note: String
    ) async throws -> Int {
        try LookupIndex.delete(path)
        for (name, bytes) in files { try folder.write(bytes, to: "index/\(name)") }
        var index = try LookupIndex(at: path, rowLimit: 24)
        let size = try index.size().value
        let table = Self.table(entries[...])
        var errors = 0
        for key in keys {
            let places = table[key] ?? []
            do {
                #expect(try index.entries(under: key) == places.filter { $0.value < size }, "\(note)")
            } catch is LookupIndex.Damaged {
                errors += 1
            }
        }
        try index.close()
        // A run that was found damaged is gone, and what follows it.
        index = try LookupIndex(at: path, rowLimit: 24)
        let kept = try index.size().value
        #expect(errors == 0 || kept < size, "\(note)")
        try await follow(index, entries, upTo: entries.count) { 4 }
        for key in keys {
            #expect(try index.entries(under: key) == table[key] ?? [], "\(note), again")
        }
        try index.close()
        return errors
    }

    /// Bytes of each file are others, in the head, the rows, the table and the foot: what is answered is right, and what cannot be answered is an error; with the next
    /// start it comes back.
    @Test func everyByte() async throws {
        let entries = try Self.entries(13)
        let files = try await damageable(entries)
        let keys: [LookupIndex.Key] = [
            .charter, .text(entries[0].filing.text.hash), .text(entries[6].filing.text.hash),
            .text(entries[12].filing.text.hash), .text(MerkleTree.emptyRoot),
            .key(try #require(FilingWorld.person("ana").verifierKey.publicKey)),
        ]
        var errors = 0
        for (name, bytes) in files {
            for place in stride(from: 0, to: bytes.count, by: 3) {
                var altered = files
                altered[name]?[place] ^= UInt8(1 << (place % 8))
                errors += try await ask(altered, keys, entries, "\(name), byte \(place)")
            }
            for count in stride(from: 0, to: bytes.count, by: 37) {
                var altered = files
                altered[name] = Array(bytes.prefix(count))
                errors += try await ask(altered, keys, entries, "\(name), \(count) bytes")
            }
        }
        #expect(errors > 100)
    }

    /// A run of other entries under a name.
    @Test func runUnderAnotherName() async throws {
        let entries = try Self.entries(13)
        let files = try await damageable(entries)
        let other = try LookupIndex(at: folder("other"), rowLimit: 4)
        try other.follow(Array(entries.prefix(2)), from: 0)
        try other.close()
        let foreign = try folder.read("other/0-2.run")
        for name in files.keys where name != "recent" {
            var altered = files
            altered[name] = foreign
            #expect(try await ask(altered, [.charter], entries, name) == 0)
        }
    }

    /// A file where the folder should be, and a folder that cannot be used.
    @Test func otherThings() throws {
        try folder.write("no index", to: "index")
        #expect(LookupIndex(reading: path) == nil)
        let index = try LookupIndex(at: path)
        #expect(try index.size() == 0)
        try index.close()
        #expect(throws: LookupIndex.Unavailable.self) { try index.size() }
        #expect(throws: LookupIndex.Unavailable.self) { try index.follow(Self.entries(4), from: 0) }
        #expect(try path.mode == 0o700)
        #expect(try path.appending("recent").mode == 0o600)
        try LookupIndex.delete(path)
        #expect(!DurableFile.exists(path))
        try LookupIndex.delete(path)
        try folder.write("in the way", to: "file")
        #expect(throws: LookupIndex.Unavailable.self) { try LookupIndex(at: folder("file/index")) }
    }
}
