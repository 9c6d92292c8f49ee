// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// Ten thousand proofs with something wrong: the page and this program come to the same of every one.
///
/// INDELIBLE_MUTATIONS sets another number.
@Suite(.enabled(if: Browser.isThere), .serialized)
struct MutatedProofTests {
    private static let count =
        ProcessInfo.processInfo.environment["INDELIBLE_MUTATIONS"].flatMap { Int($0) } ?? 10_000

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

    @Test func changedProofsComeToTheSame() async throws {
        let policy: TrustPolicy
        var bases: [[UInt8]] = []
        if PageVectors.folder != nil {
            policy = try PageVectors.policy()
            let valid = try PageVectors.object("indelible/proofs.json")["valid"] as? [String: Any] ?? [:]
            for name in valid.keys.sorted() {
                bases.append(try JSON(parsing: PageVectors.text(valid[name] ?? "")).encoded())
            }
        } else {
            policy = try TrustPolicy(parsing: PageVectors.own("keys/policy"))
            bases = try ["joint-letter.txt.proof", "joint-letter.signatories.proof", "custody-8-returned.proof"].map {
                try JSON(parsing: PageVectors.own("docs/examples/\($0)")).encoded()
            }
        }
        let proofs = bases
        try await compare(proofs, under: [policy], count: Self.count * 4 / 5) { number in
            var mutation = ProofMutation(seed: UInt64(number))
            let base = number % proofs.count
            return (base, mutation.changed(proofs[base]))
        }
    }

    @Test func madeProofsComeToTheSame() async throws {
        try await compare([[]], under: try MadeProof.policies(), count: Self.count / 5) { number in
            var made = MadeProof(seed: UInt64(number))
            return (0, try made.bytes())
        }
    }

    @Test func changedTrustListsAreReadOrRefusedAlike() throws {
        let policies = try MadeProof.policies()
        let texts = (0..<2_000).map { number in
            var mutation = ProofMutation(seed: UInt64(number))
            return mutation.changedLines(policies[number % policies.count].bytes)
        }
        let expected = texts.map { text in
            do throws(FormatError) {
                let policy = try TrustPolicy(parsing: text)
                let counts = [
                    policy.logs.count, policy.witnesses.count, policy.groups.count, policy.quorum == nil ? 0 : 1,
                ]
                return "\(policy.fingerprint.hex) \(counts)"
            } catch {
                return "refused"
            }
        }
        #expect(Set(expected).count > 50)
        try TemporaryPlace.with { place in
            let path = try place.write(try PageVectors.text(texts.map { Base64.encode($0) }), to: "lists.json")
            let function = """
                (lists) => lists.map((list) => {
                    try {
                        const { fingerprint, logs, witnesses, groups, quorum } = indelible.readTrustList((\(ProofOutcome.bytes))(list));
                        return `${fingerprint} [${[logs.length, witnesses.length, groups.length, quorum === null ? 0 : 1].join(", ")}]`;
                    } catch (error) {
                        return error.name === "FormatError" ? "refused" : error.stack;
                    }
                })
                """
            let found = try Browser.run([
                BrowserSession(page: try place.page(), steps: [["call_with_file", function, path]])
            ])
            let outcomes = found[0].answers[0] as? [String] ?? []
            try #require(outcomes.count == texts.count)
            for (number, (here, there)) in zip(expected, outcomes).enumerated() where here != there {
                Issue.record("number \(number): here \(here); in the page \(there)")
            }
        }
    }

    /// The forms that a note must not have, and two thousand that chance gives it.
    @Test func changedCheckpointsAreReadOrRefusedAlike() throws {
        let policy = try TrustPolicy(parsing: PageVectors.own("keys/policy"))
        let whole = String(decoding: try PageVectors.own("ledger/checkpoint"), as: UTF8.self)
        func lines(_ numbers: Range<Int>, name: String = "other", length: Int = 8) -> String {
            numbers.map { number in
                let bytes = [0, 0, 0, UInt8(number)] + [UInt8](repeating: 7, count: length)
                return "\u{2014} \(name) \(Base64.encode(bytes))\n"
            }.joined()
        }
        var texts = [
            whole, whole + lines(0..<63), whole + lines(0..<64), whole + lines(1..<2) + lines(1..<2),
            whole + lines(1..<2, length: 1), whole + lines(1..<2, length: 0), whole + lines(1..<2, length: 13_000),
            whole + lines(1..<2, name: "a b"), whole + lines(1..<2, name: "a\u{A0}b"),
            whole + lines(1..<2, name: "a+b"),
            whole + lines(1..<2, name: ""), whole + lines(1..<2, name: String(repeating: "n", count: 256)),
            whole + "\n",
            String(whole.dropLast()), whole.replacingOccurrences(of: "\n\n", with: "\n"), "\n\n" + lines(1..<2), "",
            whole.replacingOccurrences(of: "\n\n", with: "\n\t\n\n"),
            whole.replacingOccurrences(of: "\n", with: "\r\n"),
            whole.replacingOccurrences(of: "\n\n", with: "\n" + String(repeating: "x", count: 1 << 20) + "\n\n"),
        ]
        for number in 0..<2_000 {
            var mutation = ProofMutation(seed: UInt64(number))
            texts.append(String(decoding: mutation.changedLines(Array((whole + lines(1..<2)).utf8)), as: UTF8.self))
        }
        let expected = texts.map { text in
            do {
                let cosigned = try policy.verify(SignedCheckpoint(parsing: Array(text.utf8)))
                return "\(cosigned.isQuorumMet)"
            } catch {
                return error is FormatError ? "form" : "signatures"
            }
        }
        #expect(Set(expected) == ["true", "form", "signatures"])
        try TemporaryPlace.with { place in
            let argument: [Any] = [String(decoding: policy.bytes, as: UTF8.self), texts]
            let path = try place.write(try PageVectors.text(argument), to: "checkpoints.json")
            let function = """
                async ([policy, texts]) => {
                    const list = new TextEncoder().encode(policy);
                    const found = [];
                    for (const text of texts) {
                        found.push(await indelible.checkpointBounds(text, list).then(({ isQuorumMet }) => String(isQuorumMet),
                            (error) => ({ FormatError: "form", Refusal: "signatures" })[error.name] ?? error.stack));
                    }
                    return found;
                }
                """
            let found = try Browser.run([
                BrowserSession(page: try place.page(), steps: [["call_with_file", function, path]])
            ])
            let outcomes = found[0].answers[0] as? [String] ?? []
            try #require(outcomes.count == texts.count)
            for (number, (here, there)) in zip(expected, outcomes).enumerated() where here != there {
                Issue.record("number \(number): here \(here); in the page \(there)")
            }
        }
    }

    /// Compares what both come to of so many proofs, each of which differs from one of `bases`.
    private func compare(
        _ bases: [[UInt8]], under policies: [TrustPolicy], count: Int,
        _ make: @escaping @Sendable (Int) throws -> (base: Int, bytes: [UInt8])
    ) async throws {
        let cases = try await withThrowingTaskGroup(of: (Int, [Case]).self) { group in
            let parts = ProcessInfo.processInfo.activeProcessorCount
            for part in 0..<parts {
                group.addTask {
                    let cases = try stride(from: part, to: count, by: parts).map { number in
                        let (base, bytes) = try make(number)
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
        try #require(cases.count == count)
        // Both ends of the scale are there, and many checks in between.
        let kinds = Set(cases.map { $0.outcome.hasPrefix("holds") ? "holds" : String($0.outcome.prefix(40)) })
        #expect(kinds.contains("holds"))
        #expect(kinds.count > 8, "\(kinds)")
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
                Issue.record("number \(number): here \(item.outcome); in the page \(outcome)")
            }
        }
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
