// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct FilingDraftTests {
    private typealias World = RegistryWorld
    private static let people = World.people("anna", "bela", "cleo")

    private func text(_ number: Int = 1, signers: [NoteSigner] = people) throws -> FilingText {
        try FilingText(
            log: Origin(World.logKey.name), signers: signers.map(\.verifierKey), action: World.register(number))
    }

    /// In every order of signing, the draft travels as a file and ends as the same filing.
    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func travels(_ order: [Int]) throws {
        let text = try text()
        var bytes = FilingDraft(text).bytes
        #expect(bytes == text.bytes + [0x0A])
        for (count, person) in order.enumerated() {
            var draft = try FilingDraft(parsing: bytes)
            #expect(draft.text == text)
            #expect(draft.signatures.count == count)
            #expect(throws: FilingError.unsigned(draft.unsigned)) { try draft.finished() }
            try draft.sign(with: Self.people[person])
            #expect(Set(draft.signed + draft.unsigned) == Set(text.signers))
            #expect(draft.signed.count == count + 1)
            #expect(draft.unsigned.contains(Self.people[person].verifierKey) == false)
            try draft.verifySignatures()
            bytes = draft.bytes
        }
        let draft = try FilingDraft(parsing: bytes)
        let filing = try Filing(text, signedBy: Self.people)
        #expect(try draft.finished().filing == filing)
        #expect(bytes == filing.bytes)
        #expect(try FilingDraft(parsing: filing.bytes) == draft)
    }

    @Test func joinsWhatWasSignedApart() throws {
        var first = FilingDraft(try text())
        var second = first
        try first.sign(with: Self.people[2])
        try second.sign(with: Self.people[0])
        try second.sign(with: Self.people[1])
        try first.add(second)
        #expect(try first.finished().filing == Filing(text(), signedBy: Self.people))
        var other = FilingDraft(try text(2))
        #expect(throws: FilingError.differentTexts) { try other.add(first) }
    }

    @Test func addsOnlyWhatVerifies() throws {
        var draft = FilingDraft(try text())
        let stranger = World.person("dora")
        let namesake = World.person("anna", seed: "namesake")
        for signer in [stranger, namesake] {
            #expect(throws: FilingError.notASigner(signer.verifierKey.name)) { try draft.sign(with: signer) }
            #expect(throws: FilingError.notASigner(signer.verifierKey.name)) {
                try draft.add(signer.sign(draft.text.bytes))
            }
        }
        let wrong = Self.people[0].sign(try text(2).bytes)
        #expect(throws: FilingError.invalidSignature(Self.people[0].verifierKey)) { try draft.add(wrong) }
        #expect(draft == FilingDraft(try text()))
    }

    /// A signature that does not verify is found at the latest when the draft is finished, and can be replaced.
    @Test func readingVerifiesNothing() throws {
        let text = try text(signers: [Self.people[0]])
        let wrong = Self.people[0].sign(try self.text(2).bytes)
        var draft = try FilingDraft(parsing: text.bytes + [0x0A] + wrong.line)
        let error = FilingError.invalidSignature(Self.people[0].verifierKey)
        #expect(throws: error) { try draft.verifySignatures() }
        #expect(throws: error) { try draft.finished() }
        var other = FilingDraft(text)
        #expect(throws: error) { try other.add(draft) }
        try draft.sign(with: Self.people[0])
        #expect(try draft.finished().filing == Filing(text, signedBy: [Self.people[0]]))
    }

    @Test func readsStrictly() throws {
        let text = try text()
        let lines = Self.people.map { $0.sign(text.bytes).line }
        let stranger = World.person("dora").sign(text.bytes).line
        let blank: [UInt8] = [0x0A]
        for bytes in [
            [], text.bytes, text.bytes + lines[0], text.bytes + blank + blank, text.bytes + blank + blank + lines[0],
            text.bytes + blank + lines[1] + lines[0], text.bytes + blank + lines[0] + lines[0],
            text.bytes + blank + stranger, text.bytes + blank + lines[0] + stranger,
            text.bytes + blank + lines[0].dropLast(), text.bytes + blank + lines[0] + blank,
            blank + text.bytes + blank, [UInt8](repeating: 0x61, count: 65_536),
        ] {
            #expect(throws: FormatError.self) { try FilingDraft(parsing: Array(bytes)) }
        }
        #expect(throws: FormatError("filing draft", "longer than an entry may be")) {
            try FilingDraft(parsing: [UInt8](repeating: 0x0A, count: 65_536))
        }
    }

    /// A signature line is a signer's by name and key ID, not by one of them.
    @Test func linesUnderAnotherNameAreRefused() throws {
        let text = try text()
        let own = Self.people[0].sign(text.bytes)
        for (name, id) in [("anna", Self.people[1].verifierKey.id), ("anne", own.keyID)] {
            let line = SignedNote.Signature(name: try #require(KeyName(name)), keyID: id, bytes: own.bytes)
            #expect(throws: FormatError("filing draft", "signature lines differ from signer lines")) {
                try FilingDraft(parsing: text.bytes + [0x0A] + line.line)
            }
            #expect(throws: FilingError.self) {
                var draft = FilingDraft(text)
                try draft.add(line)
            }
        }
    }

    /// Two people whose key IDs happen to be equal are two people.
    @Test func oneKeyIDUnderTwoNamesIsAllowed() throws {
        let people = World.people("p16934", "p19347")
        try #require(people[0].verifierKey.id == people[1].verifierKey.id)
        let text = try text(signers: people)
        var draft = FilingDraft(text)
        for person in people.reversed() { try draft.sign(with: person) }
        #expect(try draft.finished().filing.signers == people.map(\.verifierKey))
    }
}
