// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Writing a policy")
struct PolicyTextTests {
    private let log = TestLog()

    @Test func policyOfTheVectorsIsWritten() throws {
        let names = (1...3).map { TrustPolicy.Name("w\($0)".utf8)! }
        let group = TrustPolicy.Name("two-of-three".utf8)!
        var text = PolicyText()
        text.log(log.signer.verifierKey)
        for (name, witness) in zip(names, log.witnesses) { text.witness(name, witness.verifierKey) }
        text.group(group, .atLeast(2), of: names)
        text.quorum(group)
        let policy = try text.policy()
        #expect(policy.bytes == Array(Carried.policy.utf8))
        #expect(policy.quorum == group)
    }

    @Test func everyPartIsWritten() throws {
        let (a, b) = (TrustPolicy.Name("a".utf8)!, TrustPolicy.Name("b".utf8)!)
        var text = PolicyText()
        text.comment("Whom we trust\n\nand why")
        text.log(log.signer.verifierKey, url: "https://ledger.example/")
        text.witness(a, log.witnesses[0].verifierKey, url: "https://w1.example/")
        text.group(b, .all, of: [a])
        text.quorum(nil)
        let policy = try text.policy()
        #expect(
            policy.bytes
                == Array(
                    """
                    # Whom we trust
                    #
                    # and why
                    log \(log.signer.verifierKey) https://ledger.example/
                    witness a \(log.witnesses[0].verifierKey) https://w1.example/
                    group b all a
                    quorum none

                    """.utf8))
        var any = PolicyText()
        any.witness(a, log.witnesses[0].verifierKey)
        any.group(b, .any, of: [a])
        any.quorum(b)
        #expect(try any.policy().groups[0].threshold == 1)
    }

    /// The file is read again: what the rules forbid is not written.
    @Test func brokenRulesAreRefused() {
        let a = TrustPolicy.Name("a".utf8)!
        var text = PolicyText()
        #expect(throws: FormatError.self) { try text.policy() }
        text.quorum(a)
        #expect(throws: FormatError.self) { try text.policy() }
        var spaced = PolicyText()
        spaced.log(log.signer.verifierKey, url: "two words")
        spaced.quorum(nil)
        #expect(throws: FormatError.self) { try spaced.policy() }
        for name in ["", "none", "a b", "a\tb", "a\nb", "\u{7F}"] {
            #expect(TrustPolicy.Name(name.utf8) == nil)
        }
    }
}
