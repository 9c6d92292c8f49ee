// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A history kept in memory as the entries go by: about 76 MB for a million of them.
///
/// For tests, small logs and the entries of a batch. An audit that has the level-0 tiles at hand needs only a
/// `HashIndex`.
public struct ReplayedHistory: RegistryHistory, Sendable {
    private var texts = HashIndex()
    private var leafHashes: [Hash] = []
    private var registrations: [Bool] = []

    /// A history without entries.
    public init() {}

    /// The number of entries.
    public var count: Int { leafHashes.count }

    /// Adds the next entry. False, and nothing is added, where its filing text is there already.
    public mutating func append(_ entry: Entry) -> Bool {
        guard texts.append(entry.filing.text.hash) else { return false }
        leafHashes.append(entry.leafHash)
        let isRegistration = if case .register = entry.filing.action { true } else { false }
        registrations.append(isRegistration)
        return true
    }

    public func leafHash(at index: LeafIndex) -> Hash? {
        index.value < UInt64(leafHashes.count) ? leafHashes[Int(index.value)] : nil
    }

    public func isRegistration(at index: LeafIndex) -> Bool {
        index.value < UInt64(registrations.count) && registrations[Int(index.value)]
    }

    public func entry(withTextHash hash: Hash) -> LeafIndex? {
        texts.position(of: hash).flatMap { LeafIndex(UInt64($0)) }
    }
}
