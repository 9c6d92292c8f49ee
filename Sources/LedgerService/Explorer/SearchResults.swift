// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a search found: entries, and keys.
struct SearchResults: Sendable {
    private var entries: [LogView.Item] = []
    private var keys: [VerifierKey] = []
    private var omitted = 0
    private var isHash = false

    init(of asked: String, _ view: LogView) async throws {
        let bytes = Array(asked.utf8)
        let lower = Array(asked.lowercased().utf8)
        var places: Set<LeafIndex> = []
        if let index = LeafIndex(parsing: bytes), view.head.size.contains(index) { places.insert(index) }
        for hash in [Hash(hex: lower), Hash(base64: bytes)].compactMap({ $0 }) {
            isHash = true
            places.formUnion(try view.places(under: .published(hash)))
            places.formUnion(try view.places(under: .digest(hash)))
            places.formUnion(try view.places(under: .text(hash)))
        }
        if let key = FindQuery.publicKey(lower.count == 64 ? asked.lowercased() : asked) {
            if let known = try await Self.known(key, view) { keys.append(known) }
        }
        keys += Self.keys(of: view).filter { Self.matches($0, bytes, lower) }
        var seen: Set<[UInt8]> = []
        keys = keys.filter { seen.insert($0.keyBytes).inserted }
        omitted = max(keys.count - SearchPage.maximum, 0) + max(places.count - SearchPage.maximum, 0)
        keys = Array(keys.prefix(SearchPage.maximum))
        entries = try await view.items(places.sorted().prefix(SearchPage.maximum))
    }

    /// A key that an entry is by or about, under the name that it bears there.
    private static func known(_ key: Ed25519.PublicKey, _ view: LogView) async throws -> VerifierKey? {
        if let known = view.registry.knownKey(key) { return known }
        guard let place = try view.places(under: .key(key)).last else { return nil }
        let entry = try await view.item(place).entry
        return KeyPage.keys(in: entry).first { $0.publicKey == key }
    }

    /// The keys that are known by name.
    private static func keys(of view: LogView) -> [VerifierKey] {
        view.stewards + view.logKeys + view.members.map(\.key)
            + view.revocations.flatMap { [$0.revocation.key] + $0.signers }
    }

    /// Whether it is the key's ID, the beginning of its bytes, or a part of its name.
    private static func matches(_ key: VerifierKey, _ bytes: [UInt8], _ lower: [UInt8]) -> Bool {
        if lower.count == 8, key.id.description.utf8.elementsEqual(lower) { return true }
        if lower.count >= 4, Hex.encode(key.keyBytes).utf8.starts(with: lower) { return true }
        return lower.count >= 2 && Array(key.name.description.lowercased().utf8).contains(part: lower)
    }

    func content(_ words: PageWords, upTo size: TreeSize) -> HTML {
        words.section("results", words("Found", "结果")) {
            if entries.isEmpty && keys.isEmpty {
                Tag.p {
                    isHash
                        ? words(
                            "As far as entry \(size.value - 1), no entry publishes this hash. That does not show that the document was never registered: most registrations publish none.",
                            "截至第 \(size.value - 1) 号,无条目公开此散列值。这不说明该文件从未登记:多数登记不公开散列值。")
                        : words(
                            "As far as entry \(size.value - 1), nothing was found.", "截至第 \(size.value - 1) 号,未检索到内容。")
                }
            }
            if !keys.isEmpty {
                Tag.ul(.class("found")) { HTML(keys.map { key in Tag.li { words.key(key) } }) }
            }
            if !entries.isEmpty { EntryLine.list(entries.map { EntryLine(item: $0) }, words) }
            if omitted > 0 { Tag.p { words("\(omitted) more are not shown.", "另有 \(omitted) 项未列。") } }
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand anywhere within.
    fileprivate func contains(part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
