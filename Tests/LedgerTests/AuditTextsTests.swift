// SPDX-License-Identifier: Apache-2.0
import Evidence
@testable import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Audits that go on from a state whose texts are in files beside it.
@Suite struct AuditTextsTests {
    private static let limit = 6

    private let folder: TemporaryFolder
    private var path: FilePath { folder("seen") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func files() throws -> [String] { try DurableFile.names(in: folder("seen.texts")).map(\.string) }

    /// Audits a log in steps, its state written and read between two of them, and the last state as written.
    private func audit(_ log: AuditTestLog, by step: Int) async throws -> AuditState {
        var state: AuditState?
        for size in Array(stride(from: step, to: log.entries.count, by: step)) + [log.entries.count] {
            var part = log
            part.entries.removeLast(log.entries.count - size)
            let result = try await Audit.result(part.source(), continuing: state)
            #expect(result.report.holds && result.report.tally.total == UInt64(size), "\(size)")
            var new = try #require(result.state)
            try new.write(to: path, textsWithin: Self.limit)
            #expect(try #require(new.replayed).texts.recent.count <= Self.limit)
            state = try AuditState.read(path)
            #expect(state?.bytes == new.bytes, "\(size)")
        }
        return try #require(state)
    }

    /// In steps of any size: the files stay few, and what is new is judged against all of them.
    @Test(arguments: [1, 3, 7, 50])
    func inSteps(step: Int) async throws {
        var log = try AuditTestLog.filings(120)
        let state = try await audit(log, by: step)
        let texts = try #require(state.replayed).texts
        #expect(texts.count == 120 && !texts.runs.isEmpty && texts.runs.count < 16)
        #expect(try files().count == texts.runs.count)
        for (place, bytes) in log.entries.enumerated() {
            let hash = try Entry(parsing: bytes).filing.text.hash
            #expect(try texts.position(of: hash)?.value == UInt64(place))
        }
        #expect(try texts.position(of: MerkleTree.emptyRoot) == nil)

        let places = [1, 60, 118, 119]
        for place in places { try log.enterAgain(place) }
        try log.register(9_000)
        let report = try await Audit.report(log.source(), continuing: state)
        #expect(
            report.faults
                == places.indices.map {
                    .rule(LeafIndex(120 + UInt64($0))!, .duplicate(LeafIndex(UInt64(places[$0]))!))
                })
        #expect(try await Audit.report(log.source()).faults == report.faults)
    }

    /// A state that was replaced only in part: the earlier one is whole until its own file is another.
    @Test func theEarlierStateStays() async throws {
        let log = try AuditTestLog.filings(60)
        let state = try await audit(log, by: 20)
        let kept = try folder.read("seen")
        var longer = log
        for number in 0..<40 { try longer.register(9_000 + number) }
        let next = try #require(try await Audit.result(longer.source(), continuing: state).state)
        // Stopped before the state's file was written.
        var texts = try #require(next.replayed).texts
        try texts.store(beside: path, limit: Self.limit)
        #expect(try AuditState.read(path).bytes == kept)
        // Another history from there on is judged by itself, whatever was left behind.
        var other = log
        for number in 0..<40 { try other.register(8_000 + number) }
        var onward = try #require(
            try await Audit.result(other.source(), continuing: AuditState.read(path)).state)
        try onward.write(to: path, textsWithin: Self.limit)
        #expect(try AuditState.read(path).bytes == onward.bytes)
        #expect(try files().count == onward.replayed?.texts.runs.count)
        try other.register(9_000)
        #expect(try await Audit.report(other.source(), continuing: onward).holds)
    }

    /// Files that are missing, cut short, another's or altered: no audit goes on from them.
    @Test func damagedFiles() async throws {
        var log = try AuditTestLog.filings(60)
        _ = try await audit(log, by: 60)
        let name = try #require(try files().first)
        let bytes = try folder.read("seen.texts/\(name)")
        try log.enterAgain(30)
        @discardableResult func refuses(_ note: String) async -> FormatError? {
            await #expect(throws: FormatError.self, "\(note)") {
                try await Audit.report(log.source(), continuing: AuditState.read(path))
            }
        }
        for place in bytes.indices.suffix(120) + [bytes.count - 200] {
            var altered = bytes
            altered[place] ^= 1
            try folder.write(altered, to: "seen.texts/\(name)")
            await refuses("byte \(place)")
        }
        // Every row: at least the one that is looked up is noticed.
        try folder.write([UInt8](repeating: 0, count: 60 * 40) + bytes.dropFirst(60 * 40), to: "seen.texts/\(name)")
        let error = await refuses("rows")
        // It was read, and shows within the audit: nobody else says what to do.
        #expect(error?.reason.hasSuffix("; move the state away to audit from the first entry again") == true)
        try folder.write(bytes.dropLast(), to: "seen.texts/\(name)")
        await refuses("cut short")
        try DurableFile.remove(folder("seen.texts/\(name)"))
        await refuses("missing")
        try folder.write(bytes, to: "seen.texts/\(name)")
        #expect(try await !Audit.report(log.source(), continuing: AuditState.read(path)).holds)
        // The state alone, its files elsewhere.
        #expect(throws: FormatError.self) { try AuditState(parsing: folder.read("seen")) }
        // Lines of other forms.
        let state = try folder.read("seen")
        let end = state.count - 49
        let start = try #require(state.indices.first { state[$0...].starts(with: Array("\nrun ".utf8)) }) + 1
        let lineEnd = try #require(state[start...].firstIndex(of: 0x0A))
        let line = String(decoding: state[start..<lineEnd], as: UTF8.self)
        let digest = try #require(line.split(separator: " ").last)
        func put(_ other: String) throws {
            let whole = Array(state[..<start]) + Array(other.utf8) + Array(state[lineEnd..<end])
            try folder.write(whole + Array("end \(SHA256.hash(whole).base64)\n".utf8), to: "seen")
        }
        for other in [
            "run 1 60 \(digest)", "run 0 0 \(digest)", "run 0 60", line + " ", line + "\n" + line,
            String(line.dropLast()), "run 0 61 \(digest)", "run 0 60 \(SHA256.hash([]).base64)", "running",
        ] {
            try put(other)
            await refuses(other)
        }
        try put(line)
        #expect(try await !Audit.report(log.source(), continuing: AuditState.read(path)).holds)
    }
}
