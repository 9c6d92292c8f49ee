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

    /// A charter in its place.
    struct Rules: Sendable {
        let index: LeafIndex
        let charter: Charter
    }

    /// Reads under the checkpoint.
    let reader: LedgerReader
    /// Who may do what; it may be ahead of the checkpoint.
    let registry: Registry
    /// Whose cosignatures count.
    let policy: TrustPolicy
    /// Whose time-stamps count.
    let authorities: TimestampAuthorities
    /// The charter in force as of the tree's last entry.
    let rules: Rules?
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
        rules = try await Self.rules(reader, registry, index)
    }

    private static func rules(
        _ reader: LedgerReader, _ registry: Registry, _ index: LookupIndex
    ) async throws -> Rules? {
        if let known = registry.charterInForce, reader.head.size.contains(known.entry.index) {
            return Rules(index: known.entry.index, charter: known.charter)
        }
        // What is not served yet is not in force for a reader.
        guard let place = try index.entries(under: .charter).last(where: { reader.head.size.contains($0) }) else {
            return nil
        }
        let entry = try Entry(parsing: try await reader.entry(at: place).bytes)
        guard case .charter(let charter) = entry.filing.action else { return nil }
        return Rules(index: place, charter: charter)
    }

    /// The size and root of the tree.
    var head: TreeHead { reader.head }

    /// The last entry's place.
    var last: LeafIndex { LeafIndex(head.size.value - 1) ?? 0 }

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

    /// The members as of the tree's last entry, in the order of their enrolment.
    var members: [Member] { registry.members.filter { head.size.contains($0.enrolledAt) } }

    /// The revocations in the tree, in its order.
    var revocations: [Registry.RecordedRevocation] { registry.revocations.filter { head.size.contains($0.index) } }

    /// The stewards in force.
    var stewards: [VerifierKey] { rules?.charter.stewards ?? [] }

    /// The keys that may sign checkpoints.
    var logKeys: [VerifierKey] { rules?.charter.logKeys ?? [] }

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
