// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// Each byte of each file of a small log, altered by itself: the audit finds it and names its place and no other.
struct AuditFlipTests {
    private static let size = 3

    /// The fault that altering a byte of the bundle must be named as: that of the entry it is in, or nil for a length.
    private func entry(at place: Int, of log: AuditTestLog) -> LeafIndex? {
        var start = 0
        for (number, entry) in log.entries.enumerated() {
            if place < start + 2 { return nil }
            start += 2 + entry.count
            if place < start { return LeafIndex(UInt64(number)) }
        }
        return nil
    }

    @Test(arguments: [Audit.Depth.filings, .tree])
    func everyByteIsNamed(depth: Audit.Depth) async throws {
        let log = try AuditTestLog.filings(Self.size)
        let files = try log.files(keeping: [2])
        #expect(try await Audit.report(AuditTestSource(files), depth: depth).holds)
        let tile = "tile/0/000.p/\(Self.size)"
        let bundle = "tile/entries/000.p/\(Self.size)"
        #expect(files.count == 5)
        for (path, bytes) in files {
            for place in bytes.indices where depth == .filings || place % 5 == 0 {
                // All bytes of an entry change its hash alike: every third will do. Of lengths, none is left out.
                if path == bundle, entry(at: place, of: log) != nil, place % 3 > 0 { continue }
                let source = AuditTestSource(files)
                source[path]?[place] ^= 1 << UInt8.random(in: 0..<8)
                let report = try await Audit.report(source, depth: depth)
                #expect(!report.holds, "\(path) \(place)")
                switch path {
                case "checkpoint":
                    #expect(
                        !report.faults.isEmpty && report.faults.allSatisfy { $0.paths == [path] }, "\(path) \(place)")
                case tile:
                    #expect(report.faults == [.tile(path: path)], "\(path) \(place)")
                    #expect(report.tally.total == (depth == .tree ? 0 : UInt64(Self.size)), "\(path) \(place)")
                case bundle:
                    if let index = entry(at: place, of: log) {
                        #expect(report.faults == [.entry(index)], "\(path) \(place)")
                    } else {
                        #expect(report.faults.first?.paths == [path], "\(path) \(place)")
                    }
                default:
                    #expect(report.faults == [.olderFile(path: path)], "\(path) \(place)")
                }
            }
        }
    }

    @Test func anAlteredWitnessNameIsNotCounted() async throws {
        let source = try AuditTestLog.filings(3).source()
        let report = try await Audit.report(source)
        #expect(report.holds && report.ignoredSignatures == 0)
        // The last line's name begins behind its dash and space.
        let note = try #require(source["checkpoint"])
        let line = try #require(note.dropLast().lastIndex(of: 0x0A))
        source["checkpoint"]?[line + 5] ^= 1
        let altered = try await Audit.report(source)
        #expect(altered.faults == [.quorumNotMet])
        #expect(altered.ignoredSignatures == 1)
        #expect(altered.tally.total == 3)
    }
}
