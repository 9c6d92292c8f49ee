// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The form of proof files: what may stand together in one, and how one is made of another.
@Suite struct ProofFileTests {
    private let log: SmallLog

    init() throws {
        var log = SmallLog()
        for number in 0..<20 { try log.add(SmallLog.registration(UInt8(number))) }
        self.log = log
    }

    private func inclusions(_ sizes: some Sequence<Int>, of index: Int = 0) throws -> [LogProof] {
        try sizes.map { try log.inclusion(of: index, in: $0) }
    }

    private static func sizes(_ proof: ProofFile) -> [UInt64] {
        proof.inclusions.map(\.checkpoint.unverified.head.size.value)
    }

    private static func reason(_ body: () throws(FormatError) -> ProofFile) -> String? {
        do throws(FormatError) {
            _ = try body()
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func inclusionsAreOfOneEntryInOrder() throws {
        func reason(_ inclusions: [LogProof]) -> String? {
            Self.reason { () throws(FormatError) in try ProofFile(inclusions: inclusions) }
        }
        #expect(reason([]) == "want 1 to 16 inclusions")
        #expect(try reason(inclusions(1...16)) == nil)
        #expect(try reason(inclusions(1...17)) == "want 1 to 16 inclusions")
        #expect(try reason(inclusions([3, 3, 4])) == nil)
        #expect(try reason(inclusions([4, 3])) == "inclusions out of order")
        let (one, two) = try (log.inclusion(of: 0, in: 5), log.inclusion(of: 1, in: 5))
        #expect(reason([one, two]) == "inclusions of different entries")
        // One entry's bytes at two places, and one place without the entry.
        let elsewhere = try LogProof(
            extra: one.extra, index: 1, inclusion: one.inclusion, checkpoint: one.checkpoint)
        let bare = try LogProof(index: 0, inclusion: one.inclusion, checkpoint: one.checkpoint)
        #expect(reason([one, elsewhere]) == "inclusions of different entries")
        #expect(reason([bare, one]) == "inclusions of different entries")
        #expect(reason([one, bare]) == "inclusion without its entry")
    }

    @Test func partsBelongToTheEntry() throws {
        let sample = try SmallCase()
        let registration = try OpenRegistration(sample.contents, of: sample.filing, texts: sample.texts)
        var disclosure = Disclosure()
        disclosure.paths = [0]
        let dossier = registration.dossierOpening(showing: disclosure)
        let exhibit = try registration.exhibitOpening(showing: disclosure)
        let whole = try sample.log.proof(of: 0).showing(dossier: dossier, exhibit: exhibit)
        #expect(try ProofFile(parsing: whole.json.encoded()) == whole)
        let inclusions = whole.inclusions
        func reason(
            _ inclusions: [LogProof], dossier: Opening? = nil, exhibit: Opening? = nil, details: Opening? = nil
        ) -> String? {
            Self.reason { () throws(FormatError) in
                try ProofFile(inclusions: inclusions, dossier: dossier, exhibit: exhibit, details: details)
            }
        }
        #expect(reason(inclusions, dossier: dossier) == nil)
        #expect(reason(inclusions, exhibit: exhibit) == "an exhibit without its dossier")
        #expect(reason(inclusions, details: dossier) == "details for what names none")

        var other = SmallLog()
        let about = try #require(EntryReference(index: 0, leafHash: log.entries[0].leafHash))
        try other.add(RegistryWorld.filing(.custody(Custody(of: about, event: .lost)), by: [SmallLog.lin]))
        let digest = SHA256.hash([1])
        let sealed = Custody(of: about, event: .lost, details: digest)
        try other.add(RegistryWorld.filing(.custody(sealed), by: [SmallLog.lin]))
        let (bare, named) = try ([other.inclusion(of: 0, in: 2)], [other.inclusion(of: 1, in: 2)])
        #expect(reason(bare, dossier: dossier) == "a dossier for what is no registration")
        #expect(reason(bare, details: dossier) == "details for what names none")
        #expect(reason(named, details: dossier) == nil)
        let shown = try ProofFile(inclusions: named, details: dossier)
        #expect(try shown.showing(details: nil) == ProofFile(inclusions: named))
        #expect(try ProofFile(inclusions: named).showing(details: dossier) == shown)
        #expect(try ProofFile(parsing: shown.json.encoded()) == shown)
    }

    /// What is carried for what is no longer shown is left out: here, a checkpoint that only an attestation quotes.
    @Test func whatIsNotShownBringsNothingAlong() throws {
        let checkpoints = try [log.checkpoint(of: 1), log.checkpoint(of: 2)]
        let quotes = try checkpoints.map { try #require(Quote(of: $0)) }
        var own = SmallLog()
        for number in 0..<2 { try own.add(SmallLog.registration(UInt8(number))) }
        try own.add(SmallLog.registration(9, after: quotes[1]))
        let quoted = checkpoints.enumerated().map { number, checkpoint in
            ProofFile.Quoted(checkpoint: checkpoint, consistency: own.consistency(from: number + 1))
        }
        let proof = try own.proof(of: 2, quoted: quoted, related: [own.related(0)])
        let less = try proof.showing(dossier: nil, exhibit: nil)
        #expect(less.quoted == [quoted[1]])
        #expect(less.related == [] && less.inclusions == proof.inclusions)
        let bare = try own.proof(of: 1, quoted: quoted).showing(dossier: nil, exhibit: nil)
        #expect(bare.quoted == [])
        #expect(try ProofFile(parsing: proof.json.encoded()) == proof)
    }

    @Test func renewalKeepsTheFirstAndTheNewest() throws {
        func renewed(_ sizes: some Sequence<Int>, with size: Int) throws -> [UInt64] {
            let proof = try ProofFile(inclusions: inclusions(sizes))
            return try Self.sizes(
                proof.renewed(with: log.inclusion(of: 0, in: size), quoted: [], related: [], timestamps: []))
        }
        #expect(try renewed([1], with: 3) == [1, 3])
        #expect(try renewed([1, 2], with: 2) == [1, 2])
        #expect(try renewed([2], with: 2) == [2])
        #expect(try renewed(1...15, with: 16) == (1...16).map { UInt64($0) })
        #expect(try renewed(1...16, with: 20) == [1] + (3...16).map { UInt64($0) } + [20])
        // A checkpoint of the same tree with other signatures takes the last one's place, but the first stays.
        let cosigned = try log.inclusion(of: 0, in: 2)
        let more = try LogProof(
            extra: cosigned.extra, index: 0, inclusion: cosigned.inclusion,
            checkpoint: cosigned.checkpoint.adding([SmallLog.other.sign([1])]))
        let one = try ProofFile(inclusions: [cosigned])
        #expect(try one.renewed(with: more, quoted: [], related: [], timestamps: []).inclusions == [cosigned, more])
        let two = try ProofFile(inclusions: inclusions([1]) + [cosigned])
        #expect(
            try two.renewed(with: more, quoted: [], related: [], timestamps: []).inclusions
                == inclusions([1]) + [more])
        let related = [try log.related(3)]
        let quoted = [try ProofFile.Quoted(checkpoint: log.checkpoint(of: 1), consistency: log.consistency(from: 1))]
        let full = try one.renewed(with: more, quoted: quoted, related: related, timestamps: [[1]])
        #expect(full.quoted == quoted && full.related == related && full.timestamps == [[1]])
    }

    /// One change at a time to the JSON of a proof that is read otherwise.
    @Test(arguments: [
        (#""index":3"#, #""index":9007199254740992"#), (#""index":3"#, #""index":"3""#), (#""index":3,"#, ""),
        (#""entry":""#, #""entry":"A"#), (#""entry":"#, #""x":1,"entry":"#), (#""related":["#, #""related":[1,"#),
        (#""timestamps":["AQ=="]"#, #""timestamps":["AQ"]"#), (#""timestamps":["AQ=="]"#, #""timestamps":"AQ==""#),
        (#""checkpoint":""#, #""checkpoint":"\n"#), (#""consistency":["#, #""consistency":["AQ==","#),
        (#""consistency":["#, #""x":1,"consistency":["#), (#""format""#, #""verdict":1,"format""#),
        (#""inclusion":["#, #""inclusion":["","#), (#""inclusion":["#, #""inclusions":["#),
        ("indelible-proof/v1", "indelible-proof/v2"),
    ])
    func otherFormsAreRefused(_ old: String, _ new: String) throws {
        let quoted = try ProofFile.Quoted(
            checkpoint: log.checkpoint(of: 1), consistency: ConsistencyProof(path: [SHA256.hash([1])]))
        let proof = try ProofFile(
            inclusions: inclusions([20]), quoted: [quoted], related: [log.related(3)], timestamps: [[1]])
        let text = String(decoding: proof.json.encoded(), as: UTF8.self)
        #expect(try ProofFile(parsing: Array(text.utf8)) == proof)
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        try #require(changed != text)
        #expect(throws: ProofFileError.self) { try ProofFile(parsing: Array(changed.utf8)) }
    }

    @Test func pathsHaveNoHashTo63() throws {
        let hashes = (0..<64).map { SHA256.hash([UInt8($0)]) }
        let index: LeafIndex = 3
        for count in [0, 63, 64] {
            let consistency = ConsistencyProof(path: Array(hashes.prefix(count)))
            let inclusion = InclusionProof(path: Array(hashes.prefix(count)))
            let proofs = [
                try ProofFile(
                    inclusions: inclusions([20]),
                    quoted: [ProofFile.Quoted(checkpoint: log.checkpoint(of: 1), consistency: consistency)]),
                try ProofFile(
                    inclusions: inclusions([20]),
                    related: [ProofFile.Related(entry: log.entries[3], index: index, inclusion: inclusion)]),
            ]
            for proof in proofs {
                let isRead = (try? ProofFile(json: proof.json)) == proof
                #expect(isRead == (count <= 63))
            }
        }
    }
}
