// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The log under the checkpoint that is served at the moment, for one answer. It has an entry at least.
struct LogView: Sendable {
    /// An entry in its place. It was checked against the checkpoint.
    struct Item: Sendable {
        let index: LeafIndex
        let entry: Entry
    }

    /// Reads under the checkpoint.
    let reader: LedgerReader
    /// Who may do what; it may be ahead of the checkpoint.
    let registry: Registry
    /// Whose cosignatures count.
    let policy: TrustPolicy
    /// Whose time-stamps count.
    let authorities: TimestampAuthorities
    /// The present moment, in POSIX seconds.
    let now: UInt64
    private let index: LookupIndex

    init(_ ground: Explorer.Ground, now: UInt64) async throws {
        reader = try await ground.reader()
        guard reader.head.size > 0 else { throw PageMissing.notBegun }
        registry = await ground.registry()
        policy = ground.policy
        authorities = ground.authorities
        index = ground.index
        self.now = now
    }

    /// The size and root of the tree.
    var head: TreeHead { reader.head }

    /// An entry of the tree.
    func item(_ place: LeafIndex) async throws -> Item {
        Item(index: place, entry: try Entry(parsing: try await reader.entry(at: place).bytes))
    }

    /// The entries at these places.
    func items(_ places: some Sequence<LeafIndex>) async throws -> [Item] {
        var items: [Item] = []
        for place in places { items.append(try await item(place)) }
        return items
    }

    /// The places in the tree that are found under a key, in the order of the log.
    func places(under key: LookupIndex.Key) throws -> [LeafIndex] {
        try index.entries(under: key).filter { head.size.contains($0) }
    }

    /// The revocations of a key in the tree.
    func revocations(of key: VerifierKey) -> [Registry.RecordedRevocation] {
        guard let publicKey = key.publicKey else { return [] }
        return registry.revocations(of: publicKey).filter { head.size.contains($0.index) }
    }

    /// The member that a key is in the tree.
    func member(_ key: VerifierKey) -> Member? {
        key.publicKey.flatMap { registry.member($0) }.flatMap { head.size.contains($0.enrolledAt) ? $0 : nil }
    }
}
