// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing
import TransparencyLog

@Suite("Trust policies")
struct TrustPolicyTests {
    private let logKey = TestLog().signer.verifierKey
    private let w = (0..<6).map { WitnessSigner(name: KeyName("w\($0).example")!, privateKey: TestLog.key(UInt64($0))) }

    private func lines(_ count: Int) -> String {
        (0..<count).map { "witness w\($0) \(w[$0].verifierKey)\n" }.joined()
    }

    // conformance 64, 70
    @Test func partsAreThoseOfTheFile() throws {
        let text = """
            # Whom we trust

            log \(logKey) https://ledger.example/
              \t  # witnesses
            \twitness  w0\t\(w[0].verifierKey)  https://w0.example/a#b \t
            witness w1 \(w[1].verifierKey)
            group any-of any w0 w1
            quorum any-of
            witness w2 \(w[2].verifierKey)

            """
        let policy = try TrustPolicy(text: text)
        #expect(policy.bytes == Array(text.utf8))
        #expect(policy.fingerprint == SHA256.hash(Array(text.utf8)))
        #expect(policy.logs.map(\.key) == [logKey])
        #expect(policy.logs[0].url == Array("https://ledger.example/".utf8))
        #expect(policy.logs[0].origin == Origin(logKey.name))
        #expect(policy.witnesses.map(\.name.description) == ["w0", "w1", "w2"])
        #expect(policy.witnesses[0].url == Array("https://w0.example/a#b".utf8))
        #expect(policy.witnesses[1].url == nil)
        #expect(policy.groups.map(\.threshold) == [1])
        #expect(policy.groups[0].members == policy.witnesses[..<2].map(\.name))
        #expect(policy.quorum == policy.groups[0].name)
        #expect(policy.logKeys(for: Origin(logKey.name)) == [logKey])
        #expect(policy.logKeys(for: Origin(KeyName("other.example")!)).isEmpty)
    }

    // conformance 65, 66: none is a quorum and nothing else; logs may be missing
    @Test func smallestPolicies() throws {
        let none = try TrustPolicy(text: "quorum none\n")
        #expect(none.quorum == nil)
        #expect(none.isQuorumMet(by: []))
        let one = try TrustPolicy(text: lines(1) + "quorum w0\n")
        #expect(!one.isQuorumMet(by: []))
        #expect(one.isQuorumMet(by: one.witnesses))
    }

    // conformance 63
    @Test func octetsAreThoseAllowed() throws {
        for octet in UInt8.min...UInt8.max {
            let bytes = Array("#".utf8) + [octet] + Array("\nquorum none\n".utf8)
            let isAllowed = octet == 0x09 || octet == 0x0A || (0x20...0x7E).contains(octet) || octet >= 0x80
            if isAllowed, octet != 0x0A {
                _ = try TrustPolicy(parsing: bytes)
            } else if !isAllowed {
                #expect(throws: FormatError.self) { try TrustPolicy(parsing: bytes) }
            }
        }
        #expect(throws: FormatError.self) { try TrustPolicy(text: "quorum none\r\n") }
    }

    /// Its last line is not left out where it was cut off: it may be the one that says more.
    @Test func lastLineEndsToo() throws {
        for rest in ["#", "log \(logKey)", "quorum none"] {
            #expect(throws: FormatError("policy", "does not end in a newline")) {
                try TrustPolicy(text: "quorum none\n" + rest)
            }
        }
        #expect(throws: FormatError("policy", "does not end in a newline")) { try TrustPolicy(parsing: []) }
    }

    // conformance 63: names are octets; K is not the Kelvin sign, nor é an e with an accent behind it
    @Test func namesAreOctets() throws {
        let text =
            "witness K \(w[0].verifierKey)\nwitness \u{212A} \(w[1].verifierKey)\n"
            + "witness \u{E9} \(w[2].verifierKey)\nwitness e\u{301} \(w[3].verifierKey)\n"
        let policy = try TrustPolicy(text: text + "quorum \u{212A}\n")
        #expect(!policy.isQuorumMet(by: [policy.witnesses[0]]))
        #expect(policy.isQuorumMet(by: [policy.witnesses[1]]))
        let second = try TrustPolicy(text: text + "quorum e\u{301}\n")
        #expect(!second.isQuorumMet(by: [second.witnesses[2]]))
        #expect(second.isQuorumMet(by: [second.witnesses[3]]))
        // Not even UTF-8.
        let bytes = Array("witness ".utf8) + [0xFF] + Array(" \(w[0].verifierKey)\nquorum ".utf8)
        _ = try TrustPolicy(parsing: bytes + [0xFF, 0x0A])
        #expect(throws: FormatError.self) { try TrustPolicy(parsing: bytes + [0xFE, 0x0A]) }
    }

    // conformance 64 to 71: each of these is refused on its last line but one, or for want of a quorum
    @Test func brokenRulesAreRefused() throws {
        let three = lines(3)
        let refused: [String: Int?] = [
            "": nil, "\n": nil, "# quorum none\n": nil, "quorum none": nil, three: nil,
            "quorum none\nquorum none\n": 2, three + "quorum w0\nquorum none\n": 5, "quorum\n": 1,
            "quorum none none\n": 1, "quorum none # why\n": 1, "QUORUM none\n": 1, "quorum None\n": 1,
            "quorum w0\n" + three: 1, three + "quorum w9\n": 4, "something else\nquorum none\n": 1,
            "log\nquorum none\n": 1, "log \(logKey) url more\nquorum none\n": 1, "log x\nquorum none\n": 1,
            "log \(w[0].verifierKey)\nquorum none\n": 1, "log \(logKey)\nlog \(logKey)\nquorum none\n": 2,
            "witness w0\nquorum none\n": 1, "witness w0 \(w[0].verifierKey) url more\nquorum none\n": 1,
            "witness w0 \(logKey)\nquorum none\n": 1, "witness none \(w[0].verifierKey)\nquorum none\n": 1,
            "witness \(w[0].verifierKey)\nquorum none\n": 1,
            three + "witness w0 \(w[3].verifierKey)\nquorum w0\n": 4,
            three + "witness w3 \(w[0].verifierKey)\nquorum w0\n": 4,
            three + "group g\nquorum w0\n": 4, three + "group g all\nquorum w0\n": 4,
            three + "group g 0 w0\nquorum w0\n": 4,
            three + "group g 2 w0\nquorum w0\n": 4, three + "group g 01 w0\nquorum w0\n": 4,
            three + "group g +1 w0\nquorum w0\n": 4,
            three + "group g -1 w0\nquorum w0\n": 4, three + "group g ALL w0\nquorum w0\n": 4,
            three + "group g most w0\nquorum w0\n": 4, three + "group g 18446744073709551617 w0\nquorum w0\n": 4,
            three + "group g any w9\nquorum w0\n": 4, three + "group g any g\nquorum w0\n": 4,
            three + "group g any none\nquorum w0\n": 4, three + "group none any w0\nquorum w0\n": 4,
            three + "group w0 any w1\nquorum w0\n": 4, three + "group g any w0\ngroup g any w1\nquorum w0\n": 5,
            three + "group g any w0 w0\nquorum w0\n": 4, three + "group g any w0\ngroup h any w1 w0\nquorum w0\n": 5,
            three + "group g any w0\ngroup h any g\ngroup i any g\nquorum w0\n": 6,
            three + "group g any h\ngroup h any w0\nquorum g\n": 4,
        ]
        for (text, line) in refused {
            let error = #expect(throws: FormatError.self, "\(text)") { try TrustPolicy(text: text) }
            #expect(error?.line == line, "\(text)")
        }
        // Their harmless neighbours.
        for text in [
            three + "quorum none\n", three + "group g 1 w0\nquorum w0\n", three + "group all all w0 w1\nquorum all\n",
            three + "group g any w0\ngroup h any w1 g\nquorum g\n", "log \(logKey) url\nquorum none\n",
            three + "group quorum 3 w0 w1 w2\nquorum quorum\n", "quorum none\n" + three,
        ] {
            _ = try TrustPolicy(text: text)
        }
    }

    // conformance 69, 58: one public key under two names; a log and a witness may share one
    @Test func duplicatePublicKeysAreRefused() throws {
        let key = TestLog.key(1)
        let names = ["a.example", "b.example"].map { KeyName($0)! }
        let logs = names.map { "log \(VerifierKey(name: $0, publicKey: key.publicKey))\n" }
        let witnesses = names.map {
            "witness \($0) \(VerifierKey(name: $0, type: .cosignature, publicKey: key.publicKey))\n"
        }
        #expect(throws: FormatError.self) { try TrustPolicy(text: logs.joined() + "quorum none\n") }
        #expect(throws: FormatError.self) { try TrustPolicy(text: witnesses.joined() + "quorum none\n") }
        _ = try TrustPolicy(text: logs[0] + witnesses[1] + "quorum none\n")
        _ = try TrustPolicy(text: logs[0] + witnesses[0] + "quorum none\n")
    }

    // conformance 20: a signature line must be by one key at most
    @Test func collidingKeysAreRefused() throws {
        let name = KeyName("colliding.example")!
        let logs = [17_566, 65_575].map { VerifierKey(name: name, publicKey: TestLog.key($0).publicKey) }
        try #require(logs[0].id == logs[1].id)
        #expect(throws: FormatError.self) {
            try TrustPolicy(text: logs.map { "log \($0)\n" }.joined() + "quorum none\n")
        }
        let pair = [44_183, 63_434].map {
            VerifierKey(name: name, type: .cosignature, publicKey: TestLog.key($0).publicKey)
        }
        try #require(pair[0].id == pair[1].id)
        #expect(throws: FormatError.self) {
            try TrustPolicy(text: "witness a \(pair[0])\nwitness b \(pair[1])\nquorum none\n")
        }
    }

    // conformance 72, and the bound on the file
    @Test func manyLogsWitnessesAndGroupsAreSupported() throws {
        var text = ""
        for number in 0..<100 {
            let key = TestLog.key(UInt64(1000 + number)).publicKey
            text += "log \(VerifierKey(name: KeyName("log\(number)")!, publicKey: key))\n"
            text +=
                "witness w\(number) \(VerifierKey(name: KeyName("w\(number)")!, type: .cosignature, publicKey: key))\n"
            text += number == 0 ? "group g0 all w0\n" : "group g\(number) all w\(number) g\(number - 1)\n"
        }
        let policy = try TrustPolicy(text: text + "quorum g99\n")
        #expect(policy.logs.count == 100)
        #expect(policy.isQuorumMet(by: policy.witnesses))
        for missing in 0..<100 {
            var some = policy.witnesses
            some.remove(at: missing)
            #expect(!policy.isQuorumMet(by: some))
        }
        let comment = "#" + String(repeating: "a", count: 1 << 20 - 14) + "\nquorum none\n"
        _ = try TrustPolicy(text: comment)
        #expect(throws: FormatError.self) { try TrustPolicy(text: "#" + comment) }
    }

    /// A file of a megabyte has thousands of keys, and each is compared with those before it: that must not take the
    /// square of their number. Eight times as many take about eight times as long; with the square it was twenty-five.
    @Test func manyKeysTakeNoLongerThanTheirNumber() throws {
        /// Of this thread alone: what else the machine does must not count.
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        func time(_ count: Int) throws -> Double {
            var text = ""
            for number in 0..<count {
                let key = TestLog.key(UInt64(number)).publicKey
                text += "witness w\(number) \(VerifierKey(name: KeyName("w")!, type: .cosignature, publicKey: key))\n"
            }
            text += "quorum none\n"
            let bytes = Array(text.utf8)
            let began = now()
            #expect(try TrustPolicy(parsing: bytes).witnesses.count == count)
            return now() - began
        }
        #expect(try time(8000) < time(1000) * 16)
    }

    // conformance 73: the example of tlog-policy, against every set of its six witnesses
    @Test func nestedGroupsAreEvaluated() throws {
        let policy = try TrustPolicy(
            text: lines(6) + "group X-witnesses 2 w0 w1 w2\ngroup Y-witnesses any w3 w4 w5\n"
                + "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n")
        for set in 0..<64 {
            let cosigners = policy.witnesses.indices.filter { set >> $0 & 1 == 1 }.map { policy.witnesses[$0] }
            let expected = (set & 7).nonzeroBitCount >= 2 && set >> 3 != 0
            #expect(policy.isQuorumMet(by: cosigners) == expected)
            #expect(policy.isQuorumMet(by: cosigners + cosigners.reversed()) == expected)
        }
    }

    // conformance 73: for every threshold, and a witness that the policy does not know adds nothing
    @Test func thresholdsCountMembersOnce() throws {
        let stranger = try TrustPolicy(text: lines(6) + "quorum none\n").witnesses[5]
        for (word, threshold) in [("any", 1), ("all", 5), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5)] {
            let policy = try TrustPolicy(text: lines(5) + "group g \(word) w0 w1 w2 w3 w4\nquorum g\n")
            for set in 0..<32 {
                let cosigners = policy.witnesses.indices.filter { set >> $0 & 1 == 1 }.map { policy.witnesses[$0] }
                let isMet = policy.isQuorumMet(by: cosigners + cosigners + [stranger])
                #expect(isMet == (set.nonzeroBitCount >= threshold))
            }
        }
    }

    // conformance 71: an ML-DSA-44 key may be named as a log or a witness, or both, and never counts
    @Test func mlDSAKeysNeverCount() throws {
        let pq = try VerifierKey(name: KeyName("pq.example")!, type: .mlDSA44, key: Array(repeating: 7, count: 1312))
        let log = TestLog()
        let policy = try TrustPolicy(
            text: "log \(log.signer.verifierKey)\nlog \(pq)\nwitness w1 \(log.witnesses[0].verifierKey)\n"
                + "witness pq \(pq)\ngroup g 1 w1 pq\nquorum g\n")
        #expect(!policy.isQuorumMet(by: [policy.witnesses[1]]))
        #expect(policy.isQuorumMet(by: policy.witnesses))
        let line = SignedNote.Signature(name: pq.name, keyID: pq.id, bytes: Array(repeating: 0, count: 2428))
        let checkpoint = try log.checkpoint(size: 3).adding([line])
        let alone = try policy.verify(checkpoint)
        #expect(alone.cosigners.isEmpty)
        #expect(!alone.isQuorumMet)
        #expect(alone.verified.signed.note.signatures.count == 2)
        #expect(try policy.verify(log.cosigned(checkpoint, [5])).isQuorumMet)
    }

    /// Two keys of different names may have one key ID: a signature line names both.
    @Test func oneKeyIDUnderTwoNamesIsAllowed() throws {
        let name = try #require(KeyName("log.example/268598"))
        let log = VerifierKey(name: name, publicKey: TestLog.key(1).publicKey)
        let witness = WitnessSigner(name: try #require(KeyName("w.example/16166")), privateKey: TestLog.key(2))
        try #require(log.id == witness.verifierKey.id)
        let policy = try TrustPolicy(text: "log \(log)\nwitness w \(witness.verifierKey)\nquorum w\n")
        let signer = NoteSigner(name: name, privateKey: TestLog.key(1))
        let signed = try Checkpoint(origin: Origin(name), head: NaiveTree(size: 3).head(3)).signed(by: [signer])
        // Neither is taken for the other's, and the two are not ambiguous.
        #expect(try policy.verify(signed).cosigners.isEmpty)
        let line = witness.line(over: Array(signed.note.unverifiedText), time: 5)
        let both = try signed.adding([line])
        #expect(try policy.verify(both).cosigners.map(\.time) == [5])
        #expect(try both.note.verified(by: [log, witness.verifierKey]).signers == [log])
        // A witness keeps no line that the log's key has not made.
        let request = try AddCheckpoint(old: 0, proof: ConsistencyProof(path: []), checkpoint: both)
        guard case .accept(let accepted) = try WitnessedLog(keys: [log]).decide(request) else {
            Issue.record("not accepted")
            return
        }
        #expect(try accepted.record(with: []).note == signed.note)
        #expect(
            try accepted.cosignature(by: witness, at: 1)
                == witness.line(over: Array(signed.note.unverifiedText), time: 1))
    }

    @Test func namesHaveNoWhiteSpaceAndNoControls() {
        for text in ["!", "~", "#", "a#", "é", "None", "nonesuch"] {
            #expect(TrustPolicy.Name(Array(text.utf8))?.utf8 == Array(text.utf8))
        }
        for text in ["", "none", " ", "a b", "a\t", "\u{7F}", "\u{1F}"] {
            #expect(TrustPolicy.Name(Array(text.utf8)) == nil)
        }
    }
}
