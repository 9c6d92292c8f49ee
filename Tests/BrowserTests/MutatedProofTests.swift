// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// Ten thousand proofs with something wrong: the page and this program come to the same of every one.
///
/// `ProofComparison` says how to ask for others, and more.
@Suite(.enabled(if: Browser.isThere), .serialized)
struct MutatedProofTests {
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
        let kinds = try await ProofComparison(of: proofs, under: [policy]).run(ProofComparison.count * 4 / 5) {
            number in
            var mutation = ProofMutation(seed: number)
            let base = Int(number % UInt64(proofs.count))
            return (base, mutation.changed(proofs[base]))
        }
        // Both ends of the scale are there, and many checks in between.
        #expect(kinds.contains("holds"))
        #expect(kinds.count > 8, "\(kinds)")
    }

    @Test func madeProofsComeToTheSame() async throws {
        let comparison = ProofComparison(of: [[]], under: try MadeProof.policies())
        let kinds = try await comparison.run(ProofComparison.count / 5) { number in
            var made = MadeProof(seed: number)
            return (0, try made.bytes())
        }
        #expect(kinds.contains("holds"))
        #expect(kinds.count > 8, "\(kinds)")
    }

    /// The examples of the repository, and what else the environment names: as they are, then with something wrong.
    @Test func changedExamplesComeToTheSame() async throws {
        var bases = try ProofComparison.furtherBases()
        let further = bases.count
        for name in PageVectors.examples {
            let bytes = try PageVectors.own("docs/examples/\(name)")
            if bytes.count < ProofComparison.maximumBase { bases.append(bytes) }
        }
        let proofs = bases
        let comparison = ProofComparison(of: proofs, under: [try TrustPolicy(parsing: PageVectors.own("keys/policy"))])
        try await comparison.run(further + (further > 0 ? ProofComparison.count : ProofComparison.count / 20)) {
            number in
            let place = number & 0xFF_FFFF
            guard place >= further else { return (Int(place), proofs[Int(place)]) }
            var mutation = ProofMutation(seed: number)
            let base = Int(number % UInt64(proofs.count))
            return (base, mutation.changed(proofs[base]))
        }
    }

    @Test func whatTheyOnceDisagreedOnComesToTheSame() async throws {
        for (proof, policy) in try ProofComparison.formerDisagreements() {
            try await ProofComparison(of: [proof], under: [policy]).run(1) { _ in (0, proof) }
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
}
