// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// What things cost in one log as it grows from 1,000 entries by tens: registrations by ten members, each verified and
/// admitted as the server does it.
///
/// At each size a process of its own is measured (`GrowthSample`), so that its memory is its own. The figures are printed
/// as a table, and written to `growth.tsv` in the folder, of which `Benchmarks/plot` makes the picture.
struct GrowthBenchmark {
    let folder: FilePath
    let program: String

    private static let batch = 8192
    /// How many entries come between two audits, to see what the second costs.
    private static let new = 1000

    private var ledger: FilePath { folder.appending("growing") }
    private var state: FilePath { folder.appending("audit-state") }

    /// Grows the log to so many entries, and measures nothing but how fast that was.
    func prepare(_ count: Int) async throws {
        try DurableFile.makeFolder(ledger)
        for (name, value) in try await grow(to: count).sorted(by: { $0.key < $1.key }) {
            print("\(name) \(Self.rounded(value))")
        }
    }

    private func entries() async throws -> Int {
        let log = try await GrowthSample.open(ledger)
        return Int(await log.sequencer.head?.size.value ?? 0)
    }

    /// Grows the log to `largest` entries, and measures at each power of ten. One that has more already is gone on with.
    func run(to largest: Int) async throws {
        try DurableFile.makeFolder(ledger)
        var table = "entries\t" + GrowthSample.columns.map(\.name).joined(separator: "\t")
        print(table)
        table += "\n"
        var size = 1_000
        let there = try await entries()
        while size < there { size *= 10 }
        while size <= largest {
            var figures = try await grow(to: size)
            figures["audit_rate"] = try await audit()
            figures.merge(try space(of: size)) { _, new in new }
            for line in try Benchmarks.run(program, [folder.string, "-", "growth-sample"]).split(separator: "\n") {
                let parts = line.split(separator: " ")
                if parts.count == 2, let value = Double(parts[1]) { figures[String(parts[0])] = value }
            }
            _ = try await grow(to: size + 100 + Self.new)
            figures["audit_new_ms"] = try await later()
            let cells = GrowthSample.columns.map { figures[$0.name].map { Self.rounded($0) } ?? "-" }
            let row = "\(size)\t" + cells.joined(separator: "\t")
            print(row)
            table += row + "\n"
            try DurableFile.write(Array(table.utf8), to: folder.appending("growth.tsv"))
            size *= 10
        }
    }

    private static func rounded(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: "%.3g", value)
    }

    // MARK: - Growing

    /// How many filings a second were verified and admitted, and libsodium's rate of verifying in the same seconds.
    private func grow(to size: Int) async throws -> [String: Double] {
        let log = try await GrowthSample.open(ledger, batchLimit: Self.batch)
        var count = Int(await log.sequencer.head?.size.value ?? 0)
        if count == 0 { count += try await begin(log) }
        var elapsed = 0.0
        let before = count
        // How many libsodium alone would have verified in those seconds, by its rate right before and after.
        var verifiable = 0.0
        var libsodium = try AuditBenchmark(ledger: ledger).libsodiumRate()
        while count < size {
            // Sixteen batches at a time; two are being verified while the one before is logged, as a server does it.
            let filings = try await made(count..<min(count + 16 * Self.batch, size))
            let batches = stride(from: 0, to: filings.count, by: Self.batch).map {
                $0..<min($0 + Self.batch, filings.count)
            }
            let watch = Watch()
            var logging = Task { [Result<Sequencer<FilingRules>.Receipt, any Error>]() }
            var verifying = batches.prefix(2).map { places in Task { try await verified(filings, places) } }
            for number in batches.indices {
                let verified = try await verifying[number].value
                if number + 2 < batches.count {
                    verifying.append(Task { try await self.verified(filings, batches[number + 2]) })
                }
                for result in await logging.value { _ = try result.get() }
                logging = Task { await log.sequencer.submit(verified) }
            }
            for result in await logging.value { _ = try result.get() }
            let seconds = watch.seconds
            let libsodiumNow = try AuditBenchmark(ledger: ledger).libsodiumRate()
            elapsed += seconds
            verifiable += seconds * (libsodium + libsodiumNow) / 2
            libsodium = libsodiumNow
            count += filings.count
            // A run that is stopped is gone on with from here.
            try await log.keep()
        }
        try await log.close()
        guard count > before else { return [:] }
        return [
            "append_rate": Double(count - before) / elapsed, "append_ratio": Double(count - before) / verifiable,
        ]
    }

    private func begin(_ log: LedgerLog) async throws -> Int {
        let identity = try AppendBenchmark.identity()
        let steward = try AuditBenchmark.signer("steward", 1)
        let charter = try Charter(
            stewards: [steward.verifierKey], threshold: 1, sponsors: 0, admission: .members,
            logKeys: identity.verifierKeys)
        var first = [try AuditBenchmark.filing(.charter(charter), [steward], identity)]
        for member in try AuditBenchmark.members() {
            first.append(
                try AuditBenchmark.filing(
                    .enrol(Enrolment(key: member.verifierKey, revokers: [])), [member, steward], identity))
        }
        for result in await log.sequencer.submit(first) { _ = try result.get() }
        return first.count
    }

    /// Filings, signed on all cores.
    private func made(_ numbers: Range<Int>) async throws -> [Filing] {
        let identity = try AppendBenchmark.identity()
        let members = try AuditBenchmark.members()
        return try await inParts(numbers) { try AuditBenchmark.registration($0, members, identity) }
    }

    private func verified(_ filings: [Filing], _ places: Range<Int>) async throws -> [VerifiedFiling] {
        try await inParts(places) { try filings[$0].verified() }
    }

    private func inParts<T: Sendable>(_ numbers: Range<Int>, _ body: @escaping @Sendable (Int) throws -> T) async throws
        -> [T]
    {
        try await withThrowingTaskGroup(of: (Int, [T]).self) { group in
            for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 256) {
                group.addTask { (start, try (start..<min(start + 256, numbers.upperBound)).map(body)) }
            }
            var parts: [(Int, [T])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    // MARK: - What it came to

    /// Audits what is new since the size before, all of it at first: entries a second. Keeps the state.
    private func audit() async throws -> Double {
        let earlier = DurableFile.exists(state) ? try AuditState.read(state) : nil
        let policy = try AppendBenchmark.identity().policy()
        let watch = Watch()
        let result = try await Audit(of: DirectoryStore.reading(ledger), under: policy, continuing: earlier).run()
        guard result.report.holds, var new = result.state else { throw FormatError("audit", "does not hold") }
        let count = new.head.size.value - (earlier?.head.size.value ?? 0)
        let rate = Double(count) / watch.seconds
        try new.write(to: state)
        return rate
    }

    /// How long the audit of some new entries takes, its state read and written, in milliseconds.
    private func later() async throws -> Double {
        let watch = Watch()
        _ = try await audit()
        return watch.seconds * 1000
    }

    /// Bytes an entry: of hash tiles, of entry bundles, of the lookup index.
    private func space(of size: Int) throws -> [String: Double] {
        var tiles = 0
        var entries = 0
        var index = 0
        let walk = FileManager.default.enumerator(
            at: URL(fileURLWithPath: ledger.string), includingPropertiesForKeys: [.fileSizeKey])
        while let file = walk?.nextObject() as? URL {
            let count = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            if file.path.contains("/tile/entries/") {
                entries += count
            } else if file.path.contains("/tile/") {
                tiles += count
            } else if file.path.contains("/.state/index/") {
                index += count
            }
        }
        return [
            "tile_bytes": Double(tiles) / Double(size), "entry_bytes": Double(entries) / Double(size),
            "index_bytes": Double(index) / Double(size),
        ]
    }
}
