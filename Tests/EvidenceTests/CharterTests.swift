// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct CharterTests {
    private typealias World = RegistryWorld
    private static let stewards = (0..<17).map { World.person("s\($0)").verifierKey }

    private func charter(
        stewards: [VerifierKey] = [stewards[0]], threshold: Int = 1, sponsors: Int = 0,
        logKeys: [VerifierKey] = [World.logKey]
    ) throws(FormatError) -> Charter {
        try Charter(
            stewards: stewards, threshold: threshold, sponsors: sponsors, admission: .members, logKeys: logKeys)
    }

    /// Every threshold for every number of stewards.
    @Test func thresholdIsOneToFifteenOrTheStewards() {
        for count in 0...17 {
            for threshold in -1...18 {
                let isAllowed = (1...16).contains(count) && threshold >= 1 && threshold <= min(15, count)
                let charter = try? charter(stewards: Array(Self.stewards[..<count]), threshold: threshold)
                #expect((charter != nil) == isAllowed)
            }
        }
    }

    @Test func sponsorsAreZeroToFifteen() {
        for sponsors in -1...17 {
            #expect(((try? charter(sponsors: sponsors)) != nil) == (0...15).contains(sponsors))
        }
    }

    @Test func keysAreDistinct() {
        let renamed = World.person("other", seed: "s0").verifierKey
        #expect(throws: FormatError("charter", "the same steward twice")) {
            try charter(stewards: [Self.stewards[0], renamed])
        }
        let second = World.person(World.origin, seed: "second").verifierKey
        let third = World.person(World.origin, seed: "third").verifierKey
        #expect(throws: FormatError("charter", "the same log-key twice")) {
            try charter(logKeys: [World.logKey, World.logKey])
        }
        #expect(throws: FormatError("charter", "want 1 or 2 log keys")) { try charter(logKeys: []) }
        #expect(throws: FormatError("charter", "want 1 or 2 log keys")) {
            try charter(logKeys: [World.logKey, second, third])
        }
        #expect((try? charter(logKeys: [World.logKey, second])) != nil)
    }

    private func refuses(_ change: (inout [String]) -> Void, line: Int?, _ reason: String) {
        var lines = [
            "indelible-filing/v1", "log \(World.origin)", "signer \(Self.stewards[0])", "charter",
            "steward \(Self.stewards[0])", "threshold 1", "sponsors 0", "admission anyone", "log-key \(World.logKey)",
        ]
        change(&lines)
        let error = #expect(throws: FormatError.self) {
            try FilingText(parsing: Array(lines.map { $0 + "\n" }.joined().utf8)[...])
        }
        #expect(error?.line == line)
        #expect(error?.reason == reason)
    }

    @Test func linesAreStrict() throws {
        let hash = SHA256.hash([1])
        refuses({ $0[5] = "threshold 0" }, line: nil, "threshold is not 1 to min(15, stewards)")
        refuses({ $0[5] = "threshold 2" }, line: nil, "threshold is not 1 to min(15, stewards)")
        refuses({ $0[5] = "threshold 01" }, line: 6, "threshold is not a number below 2^53")
        refuses({ $0[6] = "sponsors 16" }, line: nil, "sponsors is not 0 to 15")
        refuses({ $0[6] = "sponsors" }, line: 7, "want a sponsors line")
        refuses({ $0[7] = "admission everybody" }, line: 8, "admission is members or anyone")
        refuses({ $0[8] = "log-key \(Self.stewards[0])" }, line: 4, "log-key: its name is not the origin")
        refuses({ $0.append("log-key \(Self.stewards[0])") }, line: 4, "log-key: its name is not the origin")
        refuses({ $0.remove(at: 8) }, line: 9, "fewer than 1 log-key lines")
        refuses({ $0.remove(at: 4) }, line: 5, "fewer than 1 steward lines")
        refuses(
            { $0.replaceSubrange(4...4, with: Self.stewards.map { "steward \($0)" }) }, line: 21,
            "more than 16 steward lines")
        refuses({ $0 += [$0[8], $0[8]] }, line: 11, "more than 2 log-key lines")
        refuses({ $0.insert($0[4], at: 4) }, line: nil, "the same steward twice")
        refuses({ $0.append($0[8]) }, line: nil, "the same log-key twice")
        refuses({ $0.append("amends 0 \(hash.base64)") }, line: 10, "unexpected line")
        refuses({ $0.insert("amends 0", at: 4) }, line: 5, "want an index and a leaf hash")
        for value in ["x 1", "x 1 \(hash)  ", "x 01 \(hash)", "a+b 1 \(hash)", "x 9007199254740992 \(hash)", "x y z w"]
        {
            refuses({ $0.append("continues \(value)") }, line: 10, "want an origin, a size and a root hash")
        }
        let head = TreeHead(size: 1, root: hash)
        #expect(Charter.Continuation(origin: Origin(Array("a b".utf8))!, head: head) == nil)
    }
}
