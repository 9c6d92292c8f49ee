// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import TransparencyLog

/// The repository's own samples, from which inputs are made, and what was ever signed in them.
struct FuzzGround: Sendable {
    /// The samples; nothing of them where they cannot be read.
    static let shared = FuzzGround()

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Whom a verifier of the samples trusts.
    let policy: TrustPolicy?
    /// The proof files, by path.
    let proofFiles: [[UInt8]]
    /// The proof files as they are read.
    let proofs: [ProofFile]
    /// The entries of the sample ledger.
    let entries: [[UInt8]]
    /// The leaf hashes of all entries that are signed for.
    let leaves: Set<Hash>
    /// The heads that a log signed.
    let heads: Set<TreeHead>
    /// The texts of all filings and attestations that somebody signed.
    private let signedTexts: Set<[UInt8]>
    /// Their public keys.
    private let signers: Set<Ed25519.PublicKey>

    private init() {
        policy = try? TrustPolicy(parsing: Self.bytes("keys/policy"))
        let paths = Self.files(under: "docs/examples") + Self.files(under: "Tests/Goldens")
        let vectors = Self.vectorProofs()
        proofFiles = paths.filter { $0.hasSuffix(".proof") }.compactMap { try? Self.bytes($0) } + vectors
        proofs = proofFiles.compactMap { try? ProofFile(parsing: $0) }
        entries = Self.ledgerEntries()
        var (leaves, heads, texts) = (Set<Hash>(), Set<TreeHead>(), Set<[UInt8]>())
        var signers: Set<Ed25519.PublicKey> = []
        for bytes in entries {
            guard let entry = try? Entry(parsing: bytes) else { continue }
            leaves.insert(entry.leafHash)
            texts.insert(entry.filing.text.bytes)
            signers.formUnion(entry.filing.signers.compactMap(\.publicKey))
        }
        for proof in proofs {
            for entry in [proof.entry] + proof.related.map(\.entry) {
                leaves.insert(entry.leafHash)
                texts.insert(entry.filing.text.bytes)
                signers.formUnion(entry.filing.signers.compactMap(\.publicKey))
            }
            heads.formUnion(proof.inclusions.map(\.checkpoint.unverified.head))
            heads.formUnion(proof.quoted.map(\.checkpoint.unverified.head))
            for text in Self.attestations(in: proof).compactMap({ try? Attestation(parsing: $0).text }) {
                texts.insert(text.bytes)
                if let key = text.signer.publicKey { signers.insert(key) }
            }
        }
        if let newest = try? SignedCheckpoint(parsing: Self.bytes("ledger/checkpoint")) {
            heads.insert(newest.unverified.head)
        }
        (self.leaves, self.heads, signedTexts, self.signers) = (leaves, heads, texts, signers)
    }

    /// Whether a text that verifies can be: the keys of the samples have signed these texts and no others. Of other keys
    /// nothing is known.
    func canBeSigned(_ text: [UInt8], by keys: [VerifierKey]) -> Bool {
        signedTexts.contains(text) || !keys.contains { key in key.publicKey.map { signers.contains($0) } ?? false }
    }

    /// The bytes of a file of the repository.
    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    /// The paths of the files in a folder of the repository.
    static func files(under folder: String) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path) else {
            return []
        }
        return found.compactMap { ($0 as? String).map { "\(folder)/\($0)" } }.filter { path in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }.sorted()
    }

    /// The notes of the attestations that a proof shows.
    static func attestations(in proof: ProofFile) -> [[UInt8]] {
        (proof.dossier?.parts ?? []).compactMap { part in
            guard case .shown(_, .text(_, let text)) = part, !text.isEmpty else { return nil }
            return text
        }
    }

    /// The entries of the sample ledger, each once and in order: of the bundles of one number the widest has all.
    private static func ledgerEntries() -> [[UInt8]] {
        var bundles: [UInt64: EntryBundle] = [:]
        for path in files(under: "ledger/tile/entries") {
            let name = path.dropFirst("ledger/".count)
            guard let bytes = try? bytes(path), let tile = try? Tile(parsing: Array(name.utf8)),
                let bundle = try? EntryBundle(parsing: bytes, of: tile), bundle.count > bundles[tile.index]?.count ?? 0
            else { continue }
            bundles[tile.index] = bundle
        }
        return bundles.sorted { $0.key < $1.key }.flatMap { $0.value.map { Array($0) } }
    }

    /// The proofs of the public vectors, where INDELIBLE_VECTORS says where they are.
    private static func vectorProofs() -> [[UInt8]] {
        guard let folder = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"],
            let data = try? Data(contentsOf: URL(fileURLWithPath: folder + "/indelible/proofs.json")),
            case .object(let members)? = try? JSON(parsing: Array(data))
        else { return [] }
        return members.flatMap { member -> [[UInt8]] in
            guard case .object(let cases) = member.value else { return [] }
            return cases.compactMap { item in
                guard case .object(let parts) = item.value else { return nil }
                if member.name == Array("valid".utf8) { return item.value.encoded() }
                for part in parts where part.name == Array("proof".utf8) { return part.value.encoded() }
                if case .text(let text)? = parts.first(where: { $0.name == Array("text".utf8) })?.value { return text }
                return nil
            }
        }
    }
}
