// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What somebody registers: a dossier by its digest, which shows neither content nor who vouched for it.
///
///     register <base64 dossier digest>
///     sha256 <hex>                             0 to 64: hashes that the registrant chose to publish
///     relation <verb> <index> <leaf hash>      0 to 16
///
/// The payload of a `register` filing (formats section 1).
public struct Registration: Sendable, Hashable {
    /// How this is related to one earlier entry.
    public struct Relation: Sendable, Hashable {
        /// The relation.
        public let verb: RelationVerb
        /// The earlier entry.
        public let entry: EntryReference

        /// Relates to an entry.
        public init(_ verb: RelationVerb, _ entry: EntryReference) {
            self.verb = verb
            self.entry = entry
        }

        init?(_ value: ArraySlice<UInt8>) {
            guard let space = value.firstIndex(of: 0x20), let verb = RelationVerb(value[..<space]),
                let entry = EntryReference(value[(space + 1)...])
            else { return nil }
            self.init(verb, entry)
        }

        var utf8: [UInt8] { Array("\(verb.word) ".utf8) + entry.utf8 }
    }

    /// The dossier's digest.
    public let dossier: Hash
    /// SHA-256 hashes of files, published on purpose.
    public let published: [Hash]
    /// Relations to earlier entries.
    public let relations: [Relation]

    /// Registers a dossier. Throws on more than 64 hashes or 16 relations.
    public init(dossier: Hash, published: [Hash] = [], relations: [Relation] = []) throws(FormatError) {
        guard published.count <= 64 else { throw FormatError("registration", "more than 64 hashes") }
        guard relations.count <= 16 else { throw FormatError("registration", "more than 16 relations") }
        self.dossier = dossier
        self.published = published
        self.relations = relations
    }

    init(_ value: ArraySlice<UInt8>, reading reader: inout LineReader) throws(FormatError) {
        dossier = try reader.hash(value)
        var published: [Hash] = []
        for (value, line) in try reader.values("sha256", 0...64) {
            guard let hash = Hash(hex: value) else {
                throw FormatError(reader.format, line: line, "want 64 lower-case hexadecimal digits")
            }
            published.append(hash)
        }
        self.published = published
        var relations: [Relation] = []
        for (value, line) in try reader.values("relation", 0...16) {
            guard let relation = Relation(value) else {
                throw FormatError(reader.format, line: line, "want a known verb, an index and a leaf hash")
            }
            relations.append(relation)
        }
        self.relations = relations
    }
}

/// What happened to something registered.
///
///     custody <index> <leaf hash>
///     event <word>
///     details <base64 sealed digest>           0 or 1
///
/// The payload of a `custody` filing (formats section 1).
public struct Custody: Sendable, Hashable {
    /// The `register` entry that this is about.
    public let entry: EntryReference
    /// What happened.
    public let event: CustodyEvent
    /// The digest of a sealed list with more.
    public let details: Hash?

    /// Says what happened to an entry's documents.
    public init(of entry: EntryReference, event: CustodyEvent, details: Hash? = nil) {
        self.entry = entry
        self.event = event
        self.details = details
    }

    init(_ value: ArraySlice<UInt8>, reading reader: inout LineReader) throws(FormatError) {
        entry = try reader.reference(value)
        event = try reader.word("event")
        details = try reader.optional("details").map { value throws(FormatError) in try reader.hash(value) }
    }
}

/// The end of the log: nothing is entered after it.
///
///     close
///     note <text>                              0 or 1
///
/// The payload of a `close` filing (formats section 1).
public struct Closing: Sendable, Hashable {
    /// Free text, public for ever.
    public let note: WireText?

    /// Ends the log.
    public init(note: WireText? = nil) {
        self.note = note
    }
}
