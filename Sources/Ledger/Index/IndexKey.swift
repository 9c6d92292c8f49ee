// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

extension LookupIndex {
    /// What an entry is found under.
    public enum Key: Sendable, Hashable {
        /// The SHA-256 of the filing's text.
        case text(Hash)
        /// The digest of a dossier, or of a custody entry's details.
        case digest(Hash)
        /// The SHA-256 of a file that the registrant published.
        case published(Hash)
        /// A key that signs, is enrolled or is revoked in the entry.
        case key(Ed25519.PublicKey)
        /// An entry that this one refers to.
        case reference(LeafIndex)
        /// That it sets the charter.
        case charter

        /// The row that finds an entry under this.
        func row(at entry: UInt64 = 0) -> IndexRow {
            func row(_ kind: UInt8, _ hash: Hash) -> IndexRow {
                hash.withUnsafeBytes { IndexRow(kind: kind, value: $0, entry: entry) }
            }
            return switch self {
            case .text(let hash): row(IndexRun.filteredKind, hash)
            case .digest(let hash): row(1, hash)
            case .published(let hash): row(2, hash)
            case .key(let key): key.bytes.withUnsafeBytes { IndexRow(kind: 3, value: $0, entry: entry) }
            case .reference(let index):
                withUnsafeBytes(of: index.value.bigEndian) { IndexRow(kind: 4, value: $0, entry: entry) }
            case .charter: IndexRow(kind: 5, value: UnsafeRawBufferPointer(start: nil, count: 0), entry: entry)
            }
        }
    }

    /// What an entry is found under.
    public static func keys(of entry: Entry) -> [Key] {
        var keys: [Key] = [.text(entry.filing.text.hash)]
        for key in keyHolders(of: entry) {
            if let publicKey = key.publicKey { keys.append(.key(publicKey)) }
        }
        for hash in digests(of: entry.filing.action) { keys.append(.digest(hash)) }
        if case .register(let registration) = entry.filing.action {
            for hash in registration.published { keys.append(.published(hash)) }
        }
        if case .charter = entry.filing.action { keys.append(.charter) }
        for reference in entry.filing.action.references { keys.append(.reference(reference.index)) }
        return keys
    }

    /// Those who sign the entry, and those whom it is about.
    private static func keyHolders(of entry: Entry) -> [VerifierKey] {
        let signers = entry.filing.signers
        switch entry.filing.action {
        case .enrol(let enrolment): return signers + [enrolment.key]
        case .revoke(let revocation): return signers + [revocation.key]
        case .charter(let charter): return signers + charter.stewards + charter.logKeys
        case .register, .custody, .addRevoker, .close: return signers
        }
    }

    private static func digests(of action: Action) -> [Hash] {
        switch action {
        case .register(let registration): return [registration.dossier]
        case .custody(let custody): return custody.details.map { [$0] } ?? []
        case .charter, .enrol, .revoke, .addRevoker, .close: return []
        }
    }
}
