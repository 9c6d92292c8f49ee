// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// The page comes to what the vectors say, and to what this program comes to, by the browser's cryptography and without.
@Suite(.enabled(if: Browser.isThere && PageVectors.folder != nil), .serialized)
struct VectorPageTests {
    /// Calls a function in the page, in both ways, with what stands in a file as JSON; both must give the same.
    private func call(_ function: String, _ argument: Any) throws -> [Any] {
        try TemporaryPlace.with { place in
            let path = try place.write(try PageVectors.text(argument), to: "argument.json")
            let page = try place.page()
            let steps: [[Any]] = [["call_with_file", function, path]]
            let found = try Browser.run([
                BrowserSession(page: page, steps: steps),
                BrowserSession(page: page, isServed: true, isWithoutCrypto: true, steps: steps),
            ])
            #expect(found.flatMap(\.offences) == [])
            let (first, second) = (found[0].answers[0] as? [Any], found[1].answers[0] as? [Any])
            #expect(try PageVectors.text(first ?? []) == PageVectors.text(second ?? []))
            return first ?? []
        }
    }

    @Test func everyProofComesToWhatItIs() throws {
        let vectors = try PageVectors.object("indelible/proofs.json")
        var texts: [String: [UInt8]] = [:]
        for (name, proof) in vectors["valid"] as? [String: Any] ?? [:] {
            texts["valid \(name)"] = try PageVectors.text(proof)
        }
        for (name, item) in vectors["invalid"] as? [String: [String: Any]] ?? [:] {
            texts["invalid \(name)"] = try PageVectors.text(item["proof"] ?? "")
        }
        for name in (vectors["invalid-text"] as? [String: Any] ?? [:]).keys {
            texts["text \(name)"] = try PageVectors.proofText(name)
        }
        #expect(texts.count > 60)
        let names = texts.keys.sorted()
        let policy = try PageVectors.policy()
        let found = try call(
            """
            async ([policy, proofs]) => {
                const bytes = \(ProofOutcome.bytes), outcome = \(ProofOutcome.function);
                const found = [];
                for (const proof of proofs) found.push(await outcome(bytes(proof), bytes(policy)));
                return found;
            }
            """, [Base64.encode(policy.bytes), names.map { Base64.encode(texts[$0] ?? []) }])
        for (name, outcome) in zip(names, found) {
            #expect(outcome as? String == ProofOutcome.of(texts[name] ?? [], under: policy), "\(name)")
            #expect((outcome as? String)?.hasPrefix("holds|") == name.hasPrefix("valid "), "\(name): \(outcome)")
        }
    }

    @Test func theBoundsOfCheckpointsAreWhatTheyAre() throws {
        let cases = try PageVectors.object("indelible/bounds.json")["cases"] as? [[String: Any]] ?? []
        #expect(!cases.isEmpty)
        let found = try call(
            """
            async ([policy, cases]) => {
                const found = [];
                for (const { checkpoint } of cases) {
                    const { upper, lower } = await indelible.checkpointBounds(checkpoint, new TextEncoder().encode(policy));
                    found.push([upper, lower]);
                }
                return found;
            }
            """, [String(decoding: try PageVectors.policy().bytes, as: UTF8.self), cases])
        for (number, item) in cases.enumerated() {
            let expected = ["upper", "lower"].map { (item[$0] as? Int).map { "\($0)" } }
            #expect((found[number] as? [Any])?.map { $0 as? String } == expected, "\(number)")
        }
    }

    @Test func everyEntryIsReadOrRefused() throws {
        let vectors = try PageVectors.object("indelible/filings.json")
        let items = ["accepted", "refused"].flatMap { vectors[$0] as? [[String: Any]] ?? [] }
        let entries = items.compactMap { $0["entry"] as? String }
        #expect(entries.count > 80)
        let found = try call(
            """
            async (entries) => {
                const bytes = \(ProofOutcome.bytes);
                const found = [];
                for (const entry of entries) {
                    found.push(await indelible.formats.readEntry(bytes(entry)).then(
                        ({ time, action, signers }) => [time, action, ...signers].join(" "),
                        (error) => (error.name === "Refusal" ? "signatures" : error.name === "FormatError" ? "form" : error.stack)));
                }
                return found;
            }
            """, entries)
        for (number, text) in entries.enumerated() {
            let name = items[number]["name"] as? String ?? ""
            #expect(found[number] as? String == Self.reading(of: Base64.decode(Array(text.utf8)) ?? []), "\(name)")
        }
    }

    private static func reading(of bytes: [UInt8]) -> String {
        do {
            let entry = try Entry(parsing: bytes).verified().entry
            return (["\(entry.time)", entry.filing.action.word] + entry.filing.signers.map(\.description))
                .joined(separator: " ")
        } catch {
            return error is FilingError ? "signatures" : "form"
        }
    }

    @Test func sealedListsHaveTheirDigests() throws {
        let lists = try PageVectors.array("indelible/sealed-lists.json")
        #expect(!lists.isEmpty)
        let found = try call(
            """
            (lists) => lists.flatMap(({ items, opening }) => {
                const json = new TextEncoder().encode(JSON.stringify({ count: items.length, tree: opening }));
                return ["exhibit", "dossier", "details"].map((domain) => indelible.formats.openingDigest(json, domain));
            })
            """, lists)
        let expected = lists.flatMap { list in ["exhibit", "dossier", "details"].compactMap { list[$0] as? String } }
        #expect(found as? [String] == expected)
    }

    @Test func proofsInTreesHoldAndNoOthers() throws {
        let trees = try PageVectors.object("indelible/trees.json")["trees"] as? [[String: Any]] ?? []
        let tiles = try ["tile/0/000", "tile/0/001", "tile/0/002.p/88"].flatMap {
            try PageVectors.bytes("indelible/ledger/\($0)")
        }
        let leaves = stride(from: 0, to: tiles.count, by: 32).map { Base64.encode(tiles[$0..<($0 + 32)]) }
        #expect(leaves.count == 600)
        let hashes = leaves.compactMap { Hash(base64: Array($0.utf8)) }
        let sizes = trees.flatMap { tree in
            (tree["consistency"] as? [[String: Any]] ?? []).compactMap { $0["from"] as? Int }
        }
        let roots = sizes.map { [$0, MerkleTree.root(of: hashes.prefix($0)).base64] as [Any] }
        let found = try call(
            """
            ([trees, leaves, known]) => {
                const holds = (check) => { try { check(); return true; } catch (error) { return error.name === "MerkleError" ? false : error.stack; } };
                const { checkInclusion, checkConsistency } = indelible.formats;
                const roots = new Map(known);
                const results = [];
                for (const { size, root, inclusion, consistency } of trees) {
                    for (const { index, path } of inclusion) {
                        results.push(holds(() => checkInclusion(leaves[index], index, size, root, path)));
                        results.push(!holds(() => checkInclusion(leaves[(index + 1) % 600], index, size, root, path)));
                        results.push(!holds(() => checkInclusion(leaves[index], index, size, root, [...path, root])));
                        if (path.length > 0) results.push(!holds(() => checkInclusion(leaves[index], index, size, root, path.slice(1))));
                    }
                    for (const { from, path } of consistency) {
                        results.push(holds(() => checkConsistency(from, roots.get(from), size, root, path)));
                        results.push(!holds(() => checkConsistency(from, root, size, roots.get(from), path)) || from === size);
                        results.push(!holds(() => checkConsistency(from, roots.get(from), size, root, [...path, root])));
                    }
                }
                return results;
            }
            """, [trees, leaves, roots])
        #expect(found.count > 100)
        #expect(found.allSatisfy { $0 as? Bool == true })
    }

    /// The proofs of transparency-dev/merkle, right and wrong. One has roots of another length, which no tree has here.
    @Test func proofsOfOthersInTreesAreJudgedAlike() throws {
        var texts: [String] = []
        for kind in ["inclusion", "consistency"] {
            let folder = try #require(PageVectors.folder).appendingPathComponent("external/merkle/testdata/\(kind)")
            for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
                ?? .init()
            where file.pathExtension == "json" {
                texts.append(String(decoding: try Data(contentsOf: file), as: UTF8.self))
            }
        }
        #expect(texts.count == 196)
        let found = try call(
            """
            (texts) => texts.map((text) => {
                // Numbers may be larger than JavaScript's.
                const test = JSON.parse(text.replace(/: (-?\\d+)/g, ': "$1"'));
                const { checkInclusion, checkConsistency } = indelible.formats;
                const path = test.proof ?? [];
                try {
                    if (test.leafIdx !== undefined) checkInclusion(test.leafHash, test.leafIdx, test.treeSize, test.root, path);
                    else checkConsistency(test.size1, test.root1, test.size2, test.root2, path);
                    return test.wantErr === false;
                } catch {
                    return test.wantErr === true || test.root1?.length === 16;
                }
            })
            """, texts)
        #expect(found.allSatisfy { $0 as? Bool == true })
    }

    /// libsodium's set of signatures, which is narrower than any browser's.
    @Test func signaturesAreJudgedByTheRule() throws {
        let edges = try PageVectors.array("external/cctv/ed25519/ed25519vectors.json").map { item in
            [
                item["key"] as? String ?? "", item["sig"] as? String ?? "",
                Hex.encode(Array((item["msg"] as? String ?? "").utf8)),
            ]
        }
        let groups = try PageVectors.object("external/wycheproof/testvectors_v1/ed25519_test.json")["testGroups"]
        let tests = (groups as? [[String: Any]] ?? []).flatMap { group in
            (group["tests"] as? [[String: Any]] ?? []).map { test in
                [
                    (group["publicKey"] as? [String: Any])?["pk"] as? String ?? "", test["sig"] as? String ?? "",
                    test["msg"] as? String ?? "",
                ]
            }
        }
        #expect(edges.count == 914)
        #expect(tests.count > 140)
        let found = try call(
            """
            async (signatures) => {
                const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
                const found = [];
                for (const [key, signature, message] of signatures) {
                    found.push(await indelible.ed25519Verify(bytes(key), bytes(signature), bytes(message)));
                }
                return found;
            }
            """, edges + tests)
        #expect(found.prefix(914).count { $0 as? Bool == true } == 43)
        for ((number, item), outcome) in zip((edges + tests).enumerated(), found) {
            let parts = item.map { Hex.decode(Array($0.utf8)) ?? [] }
            #expect(outcome as? Bool == Ed25519.verify(parts[1], over: parts[2], by: parts[0]), "\(number)")
        }
    }

    @Test func theBrowserIsAskedWhereItCanBe() throws {
        try TemporaryPlace.with { place in
            let page = try place.page()
            let steps: [[Any]] = [["call", "() => indelible.isByBrowser()"]]
            let found = try Browser.run([
                BrowserSession(page: page, steps: steps),
                BrowserSession(page: page, isWithoutCrypto: true, steps: steps),
            ])
            #expect(found.map { $0.answers[0] as? Bool } == [true, false])
        }
    }
}
