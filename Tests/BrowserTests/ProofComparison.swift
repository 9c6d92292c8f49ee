// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog
import TestSupport

/// Many proofs under some trust lists, of each of which the page and this program must come to the same.
///
/// `scripts/fuzz differential` goes on where the tests end, by the environment:
///
///     INDELIBLE_MUTATIONS        how many proofs; 10,000 where it says nothing
///     INDELIBLE_MUTATION_SEED    a number, by which other proofs are made
///     INDELIBLE_MUTATION_BASES   a folder of proof files, which are changed too
///     INDELIBLE_DISAGREEMENTS    a folder, into which each proof goes of which the two do not come to the same
struct ProofComparison {
    private static let environment = ProcessInfo.processInfo.environment

    /// How many proofs are compared in all.
    static let count = environment["INDELIBLE_MUTATIONS"].flatMap { Int($0) } ?? 10_000

    /// The number of the first proof, from which what is wrong with it follows.
    private static let first = (environment["INDELIBLE_MUTATION_SEED"].flatMap { UInt64($0) } ?? 0) << 24

    /// Proof files to change, besides those of the tests: as many as a page takes at a time, others for each seed.
    static func furtherBases() throws -> [[UInt8]] {
        guard let folder = environment["INDELIBLE_MUTATION_BASES"] else { return [] }
        var random = SeededGenerator(seed: first)
        let chosen = try files(in: URL(fileURLWithPath: folder)).shuffled(using: &random).prefix(500)
        return try chosen.map { Array(try Data(contentsOf: $0)) }.filter { $0.count < maximumBase }
    }

    /// The longest proof that is changed: longer ones take long, and are wrong in no other ways.
    static let maximumBase = 20_000

    /// What the two did not agree on once: each proof with its trust list.
    static func formerDisagreements() throws -> [(proof: [UInt8], policy: TrustPolicy)] {
        let folder = Browser.root.appendingPathComponent("Fuzz/Failures/differential")
        return try files(in: folder).filter { $0.pathExtension == "proof" }.map { file in
            let list = try Data(contentsOf: file.deletingPathExtension().appendingPathExtension("policy"))
            return (Array(try Data(contentsOf: file)), try TrustPolicy(parsing: Array(list)))
        }
    }

    private static func files(in folder: URL) throws -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
            .map { folder.appendingPathComponent($0) }
    }

    /// A proof as it differs from another: what stands between so many bytes at the beginning and at the end.
    private struct Change {
        let policy: Int
        let base: Int
        let start: Int
        let end: Int
        let bytes: [UInt8]

        init(_ policy: Int, _ base: Int, _ before: [UInt8], _ after: [UInt8]) {
            let start = zip(before, after).prefix { $0 == $1 }.count
            let left = min(before.count, after.count) - start
            let end = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.prefix(left).count
            (self.policy, self.base, self.start, self.end) = (policy, base, start, end)
            bytes = Array(after[start..<(after.count - end)])
        }

        var object: [Any] { [policy, base, start, end, Base64.encode(bytes)] }
    }

    private struct Case {
        let change: Change
        let outcome: String
    }

    let bases: [[UInt8]]
    let policies: [TrustPolicy]

    /// Proofs that differ from one of `bases`, each under one of `policies`.
    init(of bases: [[UInt8]], under policies: [TrustPolicy]) {
        self.bases = bases
        self.policies = policies
    }

    /// Compares what both come to of so many proofs; gives this program's outcomes by their kind.
    @discardableResult
    func run(
        _ count: Int, make: @escaping @Sendable (_ number: UInt64) throws -> (base: Int, bytes: [UInt8])
    ) async throws -> Set<String> {
        let cases = try await cases(count, make)
        try #require(cases.count == count)
        try TemporaryPlace.with { place in
            let argument: [Any] = [
                policies.map { Base64.encode($0.bytes) }, bases.map { Base64.encode($0) }, cases.map(\.change.object),
            ]
            let path = try place.write(try PageVectors.text(argument), to: "proofs.json")
            let found = try Browser.run([
                BrowserSession(page: try place.page(), steps: [["call_with_file", Self.function, path]])
            ])
            #expect(found[0].offences == [])
            let outcomes = found[0].answers[0] as? [String] ?? []
            try #require(outcomes.count == count)
            for (number, (item, outcome)) in zip(cases, outcomes).enumerated() where item.outcome != outcome {
                let kept = try keep(item.change)
                Issue.record(
                    "number \(Self.first + UInt64(number))\(kept): here \(item.outcome); in the page \(outcome)")
            }
        }
        return Set(cases.map { $0.outcome.hasPrefix("holds") ? "holds" : String($0.outcome.prefix(40)) })
    }

    private func cases(
        _ count: Int, _ make: @escaping @Sendable (UInt64) throws -> (base: Int, bytes: [UInt8])
    ) async throws -> [Case] {
        try await withThrowingTaskGroup(of: (Int, [Case]).self) { [bases, policies] group in
            let parts = ProcessInfo.processInfo.activeProcessorCount
            for part in 0..<parts {
                group.addTask {
                    let cases = try stride(from: part, to: count, by: parts).map { number in
                        let (base, bytes) = try make(Self.first + UInt64(number))
                        let policy = number % policies.count
                        return Case(
                            change: Change(policy, base, bases[base], bytes),
                            outcome: ProofOutcome.of(bytes, under: policies[policy]))
                    }
                    return (part, cases)
                }
            }
            var all: [Case?] = Array(repeating: nil, count: count)
            for try await (part, cases) in group {
                for (place, item) in cases.enumerated() { all[part + place * parts] = item }
            }
            return all.compactMap(\.self)
        }
    }

    /// Keeps a proof and its trust list where the environment says; the name that they have there.
    private func keep(_ change: Change) throws -> String {
        guard let folder = Self.environment["INDELIBLE_DISAGREEMENTS"].map({ URL(fileURLWithPath: $0) }) else {
            return ""
        }
        let base = bases[change.base]
        let proof = base.prefix(change.start) + change.bytes + base.suffix(change.end)
        let name = String(SHA256.hash(Array(proof)).hex.prefix(16))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(proof).write(to: folder.appendingPathComponent("\(name).proof"))
        try Data(policies[change.policy].bytes).write(to: folder.appendingPathComponent("\(name).policy"))
        return " (\(name))"
    }

    private static let function = """
        async ([policies, bases, changes]) => {
            const bytes = \(ProofOutcome.bytes), outcome = \(ProofOutcome.function);
            const [lists, proofs] = [policies.map(bytes), bases.map(bytes)];
            const found = [];
            for (const [policy, number, start, end, middle] of changes) {
                const base = proofs[number];
                const parts = [base.subarray(0, start), bytes(middle), base.subarray(base.length - end)];
                found.push(await outcome(new Uint8Array(await new Blob(parts).arrayBuffer()), lists[policy]));
            }
            return found;
        }
        """
}
