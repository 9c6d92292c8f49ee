// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// From documents to a filing, and to the proof that goes beside them: who sees what.
@Suite struct PreparedRegistrationTests {
    private let folder: TemporaryFolder
    private var random = SystemRandomNumberGenerator()

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("ledger")
        try folder.write(
            "Q. Who else was there?\nA. My cousin Zhuravl, whose name stays out of this.\n", to: "case/interview.txt")
        try folder.write("问:他们让你睡觉了吗?\n答:没有。\n", to: "case/第二份.txt")
        try folder.write([0xFF, 0xD8, 0x00, 0x10], to: "case/photo.jpg")
    }

    private static let attestors = ["attestor-jin", "attestor-kovač"]
    private static let secrets = [
        "interview", "photo.jpg", "第二份", "case", "place", "a kitchen in", "Ostrava", "Zhuravl", "cousin", "睡觉",
        "calls herself Jin", "interviewee", "eyewitness", "attestor",
    ]

    private func request(_ change: (inout PreparedRegistration.Request) -> Void = { _ in }) throws
        -> PreparedRegistration.Request
    {
        var request = PreparedRegistration.Request(documents: try DocumentReader(keepsText: true).read(folder("case")))
        request.fields = [try #require(SealedField("place", "a kitchen in Ostrava"))]
        request.vouchings = [
            .init(
                signer: FilingWorld.person(Self.attestors[0]), role: .interviewee, name: WireText("calls herself Jin")),
            .init(signer: FilingWorld.person(Self.attestors[1]), role: .eyewitness, name: nil),
        ]
        change(&request)
        return request
    }

    private mutating func prepare(
        _ change: (inout PreparedRegistration.Request) -> Void = { _ in }
    ) throws -> PreparedRegistration {
        try PreparedRegistration(
            request(change), log: FilingWorld.identity.origin, registrant: FilingWorld.person("ana"), using: &random)
    }

    /// Enters registrations behind a charter and an enrolment, and gives the inclusion of each.
    private func log(_ prepared: [PreparedRegistration]) async throws -> [LogProof] {
        let log = try await FilingWorld.open(folder("ledger"))
        _ = await log.sequencer.submit([try FilingWorld.charter(), try FilingWorld.enrol("ana")])
        var inclusions: [LogProof] = []
        for registration in prepared {
            let receipt = try await log.sequencer.submit(registration.filing)
            #expect(!receipt.wasPresent)
            inclusions.append(try await FilingWorld.reader(folder("ledger")).proof(of: receipt.index))
        }
        try await FilingWorld.check(log, in: folder("ledger"))
        return inclusions
    }

    /// Everything that is in bytes: as it stands, and what base64 and hexadecimal texts in it hold.
    private func layers(of bytes: [UInt8]) -> [[UInt8]] {
        var layers = [bytes]
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && !"+/=".contains($0) }
        for word in words where word.count >= 16 {
            if let decoded = Base64.decode(Array(word.utf8)) { layers += self.layers(of: decoded) }
            if let decoded = Hex.decode(Array(word.utf8)) { layers.append(decoded) }
        }
        return layers
    }

    private func holds(_ layers: [[UInt8]], _ secret: [UInt8]) -> Bool {
        layers.contains { Data($0).range(of: Data(secret)) != nil }
    }

    // MARK: - What is shown

    @Test mutating func proofShowsFileHashesAlone() async throws {
        let prepared = try prepare()
        let inclusion = try #require(try await log([prepared]).first)
        let proof = try prepared.proof(with: inclusion)
        let verified = try proof.verified(under: FilingWorld.identity.policy())
        #expect(verified.attestations.isEmpty)
        let opening = try #require(verified.exhibit)
        let documents = try DocumentReader(keepsText: true).read(folder("case"))
        let shown = opening.parts.compactMap { part -> Hash? in
            switch part.content {
            case .file(_, let hash): return hash
            case .withheld: return nil
            default:
                Issue.record("more than the hash of a file is shown: \(part)")
                return nil
            }
        }
        #expect(shown == documents.map(\.sha256))
        #expect(opening.shownCount == 3)
        #expect(
            verified.dossier?.parts.map(\.content).filter { $0 != .exhibit }
                == verified.dossier?.parts.dropFirst().map { part in
                    if case .withheld(let count) = part.content {
                        DossierOpening.Content.withheld(count: count)
                    } else {
                        .empty
                    }
                })
        #expect(verified.dossier?.withheldSlotCount == 15)

        let bytes = layers(of: proof.json.encoded(lines: 2))
        for secret in Self.secrets { #expect(!holds(bytes, Array(secret.utf8)), "\(secret)") }
        for name in Self.attestors {
            let key = FilingWorld.person(name).verifierKey
            for secret in [key.keyBytes, key.utf8, key.id.bytes, SHA256.hash(key.utf8).bytes] {
                #expect(!holds(bytes, secret), "a key of \(name)")
            }
        }
        let exhibit = try #require(prepared.contents.exhibit)
        let dossier = try #require(prepared.contents.dossier)
        for seed in [exhibit.seed, dossier.seed] { #expect(!holds(bytes, seed.raw.bytes)) }
        for note in dossier.attestations.values {
            #expect(!holds(bytes, SHA256.hash(note).bytes))
        }
    }

    @Test mutating func entryShowsNothingToGuessBy() async throws {
        let prepared = try prepare()
        let inclusion = try #require(try await log([prepared]).first)
        let entry = layers(of: try #require(inclusion.extra))
        for secret in Self.secrets { #expect(!holds(entry, Array(secret.utf8)), "\(secret)") }
        for document in try request().documents {
            for secret in [document.sha256.bytes, Array(document.sha256.hex.utf8), Array(document.sha256.base64.utf8)] {
                #expect(!holds(entry, secret))
            }
            #expect(!holds(entry, MerkleTree.leafHash(document.sha256.bytes).bytes))
        }
        for name in Self.attestors { #expect(!holds(entry, FilingWorld.person(name).verifierKey.keyBytes)) }
        // The only texts are the log, the signer and the digest.
        let lines = String(decoding: prepared.filing.text.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ")[0] } == ["indelible-filing/v1", "log", "signer", "register"])
    }

    @Test mutating func hashesArePublishedWhereThatIsAsked() async throws {
        let prepared = try prepare { $0.publishesHashes = true }
        let documents = try request().documents
        guard case .register(let registration) = prepared.filing.action else { throw RegistryError.notAFirstCharter }
        #expect(registration.published == documents.map(\.sha256))
        let inclusion = try #require(try await log([prepared]).first)
        let entry = layers(of: try #require(inclusion.extra))
        for document in documents { #expect(holds(entry, document.sha256.bytes)) }
        for secret in Self.secrets { #expect(!holds(entry, Array(secret.utf8)), "\(secret)") }
        let index = try LookupIndex(at: nil)
        try index.follow([try Entry(parsing: try #require(inclusion.extra))], from: 0)
        for document in documents { #expect(try index.entries(under: .published(document.sha256)) == [0]) }
    }

    /// The same documents twice, by the same people: nothing in the log says that they are the same.
    @Test mutating func twoRegistrationsShareNothing() async throws {
        let first = try prepare()
        let second = try prepare()
        let inclusions = try await log([first, second])
        var seen: Set<[UInt8]> = []
        var shared: Set<[UInt8]> = []
        for registration in [first, second] {
            let lines = Set(registration.filing.bytes.split(separator: 0x0A).map { Array($0) })
            shared.formUnion(seen.intersection(lines))
            seen.formUnion(lines)
        }
        let ana = FilingWorld.person("ana").verifierKey
        #expect(
            Set(shared.map { String(decoding: $0, as: UTF8.self) }) == [
                "indelible-filing/v1", "log log.example/filings", "signer \(ana)",
            ])
        #expect(first.contents.exhibit?.seed != second.contents.exhibit?.seed)
        #expect(first.contents.dossier?.seed != second.contents.dossier?.seed)
        #expect(first.contents.exhibit?.seed != first.contents.dossier?.seed)
        // In their proofs, only the hashes of the files are the same.
        var hashes: Set<String> = []
        for (registration, inclusion) in zip([first, second], inclusions) {
            let proof = try registration.proof(with: inclusion)
            for opening in [proof.dossier, proof.exhibit] {
                for hash in Self.hidden(try #require(opening).tree) { #expect(hashes.insert(hash.hex).inserted) }
            }
        }
    }

    private static func hidden(_ node: Opening.Node) -> [Hash] {
        switch node {
        case .hidden(let hash): [hash]
        case .shown(let seed, _): [seed.raw]
        case .pair(let left, let right): hidden(left) + hidden(right)
        }
    }

    // MARK: - Choices

    @Test mutating func textsAreCutOrNot() throws {
        let cut = try #require(try prepare().contents.exhibit)
        #expect(cut.files.map { $0.lengths != nil } == [true, false, true])
        for file in cut.files where file.lengths != nil {
            #expect(file.lengths?.reduce(0) { $0 + Int($1) } == Int(file.size))
        }
        let whole = try #require(try prepare { $0.cutsTexts = false }.contents.exhibit)
        #expect(whole.files.allSatisfy { $0.lengths == nil })
        try folder.write("", to: "case/empty.txt")
        #expect(try prepare().contents.exhibit?.files.first { $0.size == 0 }?.lengths == nil)
    }

    @Test(arguments: [0, 1, 15, 16, 31, 32]) mutating func attestationsStandAtRandomPlaces(count: Int) throws {
        let people = (0..<count).map { FilingWorld.person("witness-\($0)") }
        var places: Set<[Int]> = []
        for _ in 0..<6 {
            let prepared = try prepare { request in
                request.vouchings = people.map { .init(signer: $0, role: .signatory, name: nil) }
            }
            let dossier = try #require(prepared.contents.dossier)
            #expect(dossier.count == (count < 16 ? 16 : count < 32 ? 32 : 64))
            #expect(dossier.attestations.count == count)
            #expect(dossier.attestations.keys.allSatisfy { (1..<dossier.count).contains($0) })
            let signers = try dossier.attestations.values.map { try Attestation(parsing: $0).signer }
            #expect(Set(signers) == Set(people.map(\.verifierKey)))
            places.insert(dossier.attestations.keys.sorted())
        }
        #expect(count == 0 || count == 15 || count == 31 || places.count > 1)
    }

    @Test mutating func tooManyHashes() throws {
        for number in 0..<62 { try folder.write([UInt8(number)], to: "case/more/\(number)") }
        #expect(throws: PreparedRegistration.PreparationError.self) { try prepare { $0.publishesHashes = true } }
        try FileManager.default.removeItem(atPath: folder("case/more/0").string)
        #expect(throws: Never.self) { try prepare { $0.publishesHashes = true } }
    }

    @Test mutating func onePersonVouchesOnce() throws {
        let person = FilingWorld.person(Self.attestors[0])
        #expect(throws: DossierError.twoAttestationsByOneKey(person.verifierKey)) {
            try prepare { $0.vouchings.append(.init(signer: person, role: .author, name: nil)) }
        }
    }

    // MARK: - Taken up again

    @Test mutating func takenUpFromADraft() async throws {
        let holder = FilingWorld.person("ana")
        let prepared = try prepare()
        try PrivateFile.write(prepared.contents, to: [holder.verifierKey], at: folder("case.draft"), ifTaken: .refuse)
        let documents = try request().documents
        let draft = try PrivateFile.read(folder("case.draft"), with: [holder])
        let again = try PreparedRegistration(
            filing: Filing(parsing: prepared.filing.bytes), draft: draft, documents: documents.reversed())
        #expect(again.filing == prepared.filing)
        #expect(again.contents == prepared.contents)
        let inclusion = try #require(try await log([again]).first)
        #expect(try again.proof(with: inclusion) == prepared.proof(with: inclusion))

        // With other documents it is another registration.
        func isRefused(_ documents: [ReadDocument]) -> Bool {
            do {
                _ = try PreparedRegistration(filing: prepared.filing, draft: draft, documents: documents)
            } catch PreparedRegistration.PreparationError.otherDocuments {
                return true
            } catch {}
            return false
        }
        #expect(isRefused([]))
        #expect(isRefused(Array(documents.dropLast())))
        let withoutText = try DocumentReader(keepsText: false).read(folder("case"))
        #expect(isRefused(withoutText), "the cut cannot be taken up")
        try folder.write("other words", to: "case/interview.txt")
        #expect(isRefused(try request().documents))
    }
}
