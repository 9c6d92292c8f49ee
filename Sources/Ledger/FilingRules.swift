// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Why the rules cannot judge a filing, though nothing is wrong with it.
public enum FilingRulesError: Error, Sendable, Hashable {
    /// The clock gives a time that no entry can have.
    case timeOutOfRange(UInt64)
    /// The checkpoint that is quoted is none that this log has published with its quorum.
    case unknownQuote(Quote)
}

/// The rules of an evidence log: filings, judged by the registry against all entries before.
///
/// Signatures are verified before: that needs nothing of the log, and many can be verified at once.
public struct FilingRules: EntryRules {
    /// Who may do what, as of the last entry.
    public private(set) var registry: Registry
    private let index: LookupIndex
    private let tiles: TileReader
    private var keys = FilingKeyCache()
    /// The entries of the last batch that was judged, until they are followed.
    private var admitted: [Entry] = []

    /// Rules for a log whose entries so far gave `registry`, and which `index` has followed.
    public init(registry: Registry, index: LookupIndex, source: any LedgerSource) {
        self.registry = registry
        self.index = index
        tiles = TileReader(source: source)
    }

    public mutating func admit(
        _ filings: [VerifiedFiling], from firstIndex: LeafIndex, at time: UInt64
    ) async -> [Admission] {
        let candidates: [[LeafIndex]]
        do {
            candidates = try await places(of: filings, below: firstIndex)
        } catch {
            return filings.map { _ in .refused(error) }
        }
        var admissions: [Admission] = []
        admissions.reserveCapacity(filings.count)
        var ahead = Ahead()
        for (verified, found) in zip(filings, candidates) {
            let filing = verified.filing
            do {
                let prior = try await prior(for: filing, found, from: firstIndex, ahead)
                if let present = prior.sameText {
                    admissions.append(.present(present))
                    continue
                }
                if let quote = filing.after { try await check(quote, of: filing.log, below: firstIndex) }
                guard let entryTime = EntryTime(seconds: time) else { throw FilingRulesError.timeOutOfRange(time) }
                let entry = try VerifiedEntry(time: entryTime, filing: verified)
                try registry.admit(entry, given: prior)
                ahead.add(entry.entry)
                admissions.append(.entry(entry.entry.bytes))
            } catch {
                admissions.append(.refused(error))
            }
        }
        admitted = ahead.entries
        return admissions
    }

    public mutating func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) throws {
        var followed: [Entry] = []
        followed.reserveCapacity(entries.count)
        for (place, bytes) in entries.enumerated() {
            // What was signed is what was judged, but for a batch that was judged before a failure, and signed.
            let isKnown = place < admitted.count && admitted[place].bytes == bytes
            followed.append(isKnown ? admitted[place] : try Entry(parsing: bytes, keys: &keys))
        }
        try index.follow(followed, from: firstIndex)
        admitted = []
    }

    public var checkpointKeys: [VerifierKey]? { registry.logKeys }

    public static func time(of entry: [UInt8]) -> UInt64? {
        (try? Entry(parsing: entry))?.time.seconds
    }

    /// Where the index says that the text of each filing may be. An index that does not hold follows the log anew from
    /// there on, so that nobody need begin the log again.
    private mutating func places(
        of filings: [VerifiedFiling], below end: LeafIndex
    ) async throws -> [[LeafIndex]] {
        let keys = filings.map { LookupIndex.Key.text($0.filing.text.hash) }
        // The last time may have ended halfway.
        try await followAnew(below: end)
        do {
            return try index.entries(underEach: keys)
        } catch is LookupIndex.Damaged {
            try index.reopen()
            try await followAnew(below: end)
            return try index.entries(underEach: keys)
        }
    }

    /// Lets the index follow the entries below `end` that it does not have: the log's own, each bundle compared with its
    /// tile of leaf hashes.
    private mutating func followAnew(below end: LeafIndex) async throws {
        guard let size = TreeSize(end.value) else { preconditionFailure("an index is below a size") }
        while let bundle = Tile.bundle(holding: try index.size().nextIndex, in: size) {
            guard let leaves = Tile(.hashes(level: 0), index: bundle.index, width: bundle.width) else {
                preconditionFailure("a bundle has a tile of its leaf hashes")
            }
            let entries = try await tiles.bundle(bundle).map { try Entry(parsing: Array($0), keys: &keys) }
            guard let hashes = try await tiles.hashTiles([leaves])[leaves],
                TileData(hashes: entries.map(\.leafHash)) == hashes
            else { throw LedgerReadError.doesNotHold(path: bundle.path) }
            try index.follow(entries, from: LeafIndex(entry: bundle.index << 8))
        }
    }

    /// Throws unless the log has published the quoted checkpoint, and its tree is the beginning of this one.
    private func check(_ quote: Quote, of origin: Origin, below size: LeafIndex) async throws {
        // One of a later tree is the registry's to refuse.
        guard let size = TreeSize(size.value), quote.size <= size else { return }
        guard let note = try await QuotedNote(quote, of: origin, in: tiles.source),
            try await tiles.unverifiedHead(of: quote.size, in: size) == note.checkpoint.unverified.head
        else { throw FilingRulesError.unknownQuote(quote) }
    }

    /// What the entries before say about a filing, those ahead of it in the batch included.
    private func prior(
        for filing: Filing, _ found: [LeafIndex], from first: LeafIndex, _ ahead: Ahead
    ) async throws -> PriorEntries {
        var leaves: [PriorEntries.Leaf?] = []
        for reference in filing.action.references {
            if reference.index < first {
                leaves.append(try await leaf(at: reference.index, below: first))
            } else {
                let place = Int(clamping: reference.index.value - first.value)
                leaves.append(place < ahead.entries.count ? PriorEntries.Leaf(of: ahead.entries[place]) : nil)
            }
        }
        return PriorEntries(
            for: filing, sameText: try await same(as: filing, found, from: first, ahead), leaves: leaves)
    }

    private func leaf(at index: LeafIndex, below size: LeafIndex) async throws -> PriorEntries.Leaf? {
        guard let size = TreeSize(size.value), let entry = try await entry(at: index, in: size) else { return nil }
        return PriorEntries.Leaf(of: entry)
    }

    /// The entry with the same filing text. The index only says where to look; the text is read and compared.
    private func same(
        as filing: Filing, _ candidates: [LeafIndex], from first: LeafIndex, _ ahead: Ahead
    ) async throws -> LeafIndex? {
        if let place = ahead.places[filing.text.hash] {
            return LeafIndex(first.value + UInt64(place))
        }
        for candidate in candidates where candidate < first {
            guard let size = TreeSize(first.value) else { continue }
            // An index that leads elsewhere does not say either that there is no such entry.
            guard try await entry(at: candidate, in: size)?.filing.text.bytes == filing.text.bytes else {
                throw LookupIndex.Damaged(reason: "entry \(candidate) is another")
            }
            return candidate
        }
        return nil
    }

    private func entry(at index: LeafIndex, in size: TreeSize) async throws -> Entry? {
        guard let tile = Tile.bundle(holding: index, in: size) else { return nil }
        let bundle = try await tiles.bundle(tile)
        return try Entry(parsing: Array(bundle[Int(index.value % UInt64(Tile.fullWidth))]))
    }
}

/// The entries ahead in a batch, and where each filing text is among them.
private struct Ahead {
    var entries: [Entry] = []
    var places: [Hash: Int] = [:]

    mutating func add(_ entry: Entry) {
        places[entry.filing.text.hash] = entries.count
        entries.append(entry)
    }
}

extension PriorEntries.Leaf {
    fileprivate init(of entry: Entry) {
        let isRegistration = if case .register = entry.filing.action { true } else { false }
        self.init(hash: entry.leafHash, isRegistration: isRegistration)
    }
}

extension Sequencer where Rules == FilingRules {
    /// Verifies a filing's signatures and offers it to the log; see `submit`.
    public func submit(_ filing: Filing) async throws -> Receipt {
        try await submit(try filing.verified())
    }

    /// Verifies the signatures of several filings and offers those that hold to the log, in order; see `submit`.
    public func submit(_ filings: [Filing]) async -> [Result<Receipt, any Error>] {
        let judged = filings.map { filing in Result { try filing.verified() } }
        var answers = await submit(judged.compactMap { try? $0.get() })[...]
        return judged.map { result in
            switch result {
            case .success: answers.popFirst() ?? .failure(SequencerError.notThisLog)
            case .failure(let error): .failure(error)
            }
        }
    }
}
