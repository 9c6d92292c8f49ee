// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import Testing
import TransparencyLog

/// How long a proof is that somebody mails, prints or reads out of a code: one page, at a million entries.
struct ProofSizeTests {
    private static let million = 1_000_000
    private var random = SystemRandomNumberGenerator()

    private func checkpoint(_ size: Int) throws -> SignedCheckpoint {
        let log = SequencerWorld.person("ledger.example/log")
        let head = TreeHead(size: TreeSize(UInt64(size))!, root: MerkleTree.leafHash([1]))
        let signed = try Checkpoint(origin: Origin(log.verifierKey.name), head: head).signed(by: [log])
        let verified = try signed.verified(by: [log.verifierKey])
        return try signed.adding(
            (1...3).map { number in
                let name = "witness.example/w\(number)"
                return try WitnessSigner(name: KeyName(name)!, privateKey: SequencerWorld.person(name).privateKey)
                    .cosign(verified, at: 1_790_000_000)
            })
    }

    private func token(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appendingPathComponent("Timestamps/\(name).tsr")))
    }

    /// The proof as `register` writes it, of a page of five hundred words.
    private mutating func proof(quoting: Bool, stamped token: [UInt8]? = nil) throws -> ProofFile {
        let page = (0..<500).map { "word\($0 % 97)" }.joined(separator: " ")
        let bytes = Array(page.utf8)
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "page.txt")
        let documents = try DocumentReader(keepsText: true).read(folder("page.txt"))
        let seen = try checkpoint(Self.million - 2)
        let quote = Quote(of: seen)
        let registrant = SequencerWorld.person("registrar")
        let log = Origin(KeyName("ledger.example/log")!)
        let draft = try RegistrationDraft(RegistrationDraft.Request(documents: documents), using: &random)
        let prepared = try draft.registration(
            attested: [], by: registrant, log: log, after: quoting ? quote : nil, using: &random)
        let hashes = (0..<20).map { MerkleTree.leafHash([UInt8($0)]) }
        let entry = try Entry(time: EntryTime(seconds: 1_790_000_000)!, filing: prepared.filing)
        let inclusion = try LogProof(
            extra: entry.bytes, index: LeafIndex(UInt64(Self.million - 1))!, inclusion: InclusionProof(path: hashes),
            checkpoint: try checkpoint(Self.million))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: ConsistencyProof(path: hashes))
        let plain = try prepared.proof(with: inclusion, quoted: quoting ? [quoted] : [])
        return try ProofFile(
            inclusions: plain.inclusions, dossier: plain.dossier, exhibit: plain.exhibit, quoted: plain.quoted,
            timestamps: token.map { [$0] } ?? [])
    }

    private func size(_ proof: ProofFile) -> Int { proof.json.encoded(lines: 2).count }

    /// Three cosignatures and one time-stamp with its certificates: below 12 kB, with the quoted checkpoint too.
    @Test mutating func aStampedProofIsShort() throws {
        for name in ["rsa", "openssl-rsa", "openssl-ecdsa", "pyhanko"] {
            #expect(size(try proof(quoting: true, stamped: try token(name))) < 12_000, "\(name)")
        }
        #expect(size(try proof(quoting: false, stamped: try token("rsa"))) < 9_000)
    }

    /// Without the certificates: below 4 kB, and somewhat more where the authority signs with RSA; what the lower bound
    /// takes comes on top.
    @Test mutating func withoutCertificatesItIsShorter() throws {
        let bare = size(try proof(quoting: false))
        let stamped = size(try proof(quoting: false, stamped: try token("without-certificate")))
        let quoting = size(try proof(quoting: true))
        #expect(bare < 3_400)
        #expect(stamped < 4_300)
        #expect(quoting < 5_000)
    }
}
