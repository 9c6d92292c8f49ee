// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What a registry must ask of the entries before: too much to be kept in it for a large log.
///
/// Answers are about every entry ahead of the one that is judged, those of an unfinished batch included. An answer for
/// an index that the log does not have is nil. Whole hashes are compared.
public protocol RegistryHistory {
    /// What looking up an earlier entry may throw.
    associatedtype Failure: Error
    /// The leaf hash of the entry at `index`.
    func leafHash(at index: LeafIndex) throws(Failure) -> Hash?
    /// Whether the entry at `index` is a `register` entry; only asked where `leafHash(at:)` gave a hash.
    func isRegistration(at index: LeafIndex) throws(Failure) -> Bool
    /// The entry whose filing text has this SHA-256.
    func entry(withTextHash hash: Hash) throws(Failure) -> LeafIndex?
}

extension RegistryHistory {
    /// The entry that holds this filing already. The same text is entered once; offered again, this is the answer.
    public func existing(_ filing: Filing) throws(Failure) -> LeafIndex? {
        try entry(withTextHash: filing.text.hash)
    }

    /// All that `Registry` must know of the entries before in order to judge `filing`.
    public func prior(for filing: Filing) throws(Failure) -> PriorEntries {
        var leaves: [PriorEntries.Leaf?] = []
        let isCustody = if case .custody = filing.action { true } else { false }
        for reference in filing.action.references {
            guard let hash = try leafHash(at: reference.index) else {
                leaves.append(nil)
                continue
            }
            // Only custody needs to know, and a log on tiles must read a whole bundle to answer.
            let isRegistration = isCustody ? try isRegistration(at: reference.index) : false
            leaves.append(PriorEntries.Leaf(hash: hash, isRegistration: isRegistration))
        }
        return PriorEntries(for: filing, sameText: try existing(filing), leaves: leaves)
    }
}

/// What the entries before say about one filing: whether its text is there, and what it refers to.
///
/// It is fetched first, so that judging needs no input or output. It serves for the filing it was made for.
public struct PriorEntries: Sendable, Hashable {
    /// An entry that the filing refers to.
    public struct Leaf: Sendable, Hashable {
        /// Its leaf hash.
        public let hash: Hash
        /// Whether it is a `register` entry. Only looked at for `custody`.
        public let isRegistration: Bool

        /// What is known of an entry.
        public init(hash: Hash, isRegistration: Bool) {
            self.hash = hash
            self.isRegistration = isRegistration
        }
    }

    /// The entry with the same filing text.
    public let sameText: LeafIndex?
    /// For each of `Action.references` in order what stands there; nil where there is no such entry.
    public let leaves: [Leaf?]
    let textHash: Hash

    /// Answers for one filing; `leaves` has one element for each of its action's references.
    public init(for filing: Filing, sameText: LeafIndex?, leaves: [Leaf?]) {
        precondition(leaves.count == filing.action.references.count, "one answer for each reference")
        self.sameText = sameText
        self.leaves = leaves
        textHash = filing.text.hash
    }
}
