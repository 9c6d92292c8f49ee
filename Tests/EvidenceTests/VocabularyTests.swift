// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

@Suite struct VocabularyTests {
    private func check<Word: WireWord>(_ type: Word.Type, _ words: String) {
        let words = words.split(separator: " ").map(String.init)
        #expect(Word.all.map(\.word) == words)
        for word in words { #expect(Word(word)?.description == word) }
        for word in ["", "Lost", "lost ", " lost", "unknown", "handed over", words[0] + "\u{301}", words.joined()] {
            #expect(Word(word) == nil)
        }
    }

    @Test func wordsAreThoseOfTheFormats() {
        check(RevocationReason.self, "retired superseded lost compromised coerced detained")
        check(
            CustodyEvent.self, "collected received handed-over copied opened sealed returned seized lost destroyed")
        check(
            RelationVerb.self,
            "translates supersedes transcribes redacts excerpts attaches rebuts corroborates corrects contests answers")
        check(
            Role.self,
            "author interviewer interviewee interpreter translator transcriber recorder signatory eyewitness counsel "
                + "relative expert custodian observer")
    }
}
