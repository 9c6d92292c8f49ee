// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A proof of registration as it is handed to others: a `.proof` file, `application/vnd.indelible.proof+json`.
///
///     {"format": "indelible-proof/v1",
///      "inclusion":  [tlog-proof text, ...],
///      "dossier":    opening,   "exhibit": opening,   "details": opening,
///      "quoted":     [{"checkpoint": note, "consistency": [base64, ...]}],
///      "related":    [{"entry": base64, "index": n, "path": [base64, ...]}],
///      "timestamps": [base64 DER TimeStampResp, ...]}
///
/// Reading one checks its form alone; `ProofFile.verified(under:)` checks what it says. (Formats section 5.)
public struct ProofFile: Sendable, Hashable {
    /// A checkpoint that a shown `after` line quotes, with what ties it to the last inclusion's tree.
    public struct Quoted: Sendable, Hashable {
        /// The checkpoint, whose whole note the `after` line has the hash of.
        public let checkpoint: SignedCheckpoint
        /// From the checkpoint's tree to that of the last inclusion.
        public let consistency: ConsistencyProof

        /// Joins a checkpoint and a proof.
        public init(checkpoint: SignedCheckpoint, consistency: ConsistencyProof) {
            self.checkpoint = checkpoint
            self.consistency = consistency
        }
    }

    /// Another entry of the log that says something about this one or its keys.
    public struct Related: Sendable, Hashable {
        /// The entry.
        public let entry: Entry
        /// Its place in the log.
        public let index: LeafIndex
        /// That it stands there, under the last inclusion's checkpoint.
        public let inclusion: InclusionProof

        /// Joins an entry and its proof.
        public init(entry: Entry, index: LeafIndex, inclusion: InclusionProof) {
            self.entry = entry
            self.index = index
            self.inclusion = inclusion
        }
    }

    /// The `format` member of every proof file of this version.
    public static let format = "indelible-proof/v1"
    /// The most inclusions, one for each renewal.
    public static let maximumInclusions = 16

    /// The entry that the proof is of.
    public let entry: Entry
    /// Proofs that the log has it, the oldest first.
    public let inclusions: [LogProof]
    /// What is shown of the dossier that a `register` entry names.
    public let dossier: Opening?
    /// What is shown of the exhibit in that dossier.
    public let exhibit: Opening?
    /// What is shown of the details that a `custody` entry names.
    public let details: Opening?
    /// Checkpoints that shown texts quote.
    public let quoted: [Quoted]
    /// Other entries.
    public let related: [Related]
    /// RFC 3161 responses, DER.
    public let timestamps: [[UInt8]]

    /// Puts a proof together. Throws where the parts break the format.
    public init(
        inclusions: [LogProof], dossier: Opening? = nil, exhibit: Opening? = nil, details: Opening? = nil,
        quoted: [Quoted] = [], related: [Related] = [], timestamps: [[UInt8]] = []
    ) throws(FormatError) {
        guard let last = inclusions.last, inclusions.count <= Self.maximumInclusions else {
            throw FormatError("proof file", "want 1 to \(Self.maximumInclusions) inclusions")
        }
        guard let leaf = last.extra else { throw FormatError("proof file", "inclusion without its entry") }
        guard inclusions.allSatisfy({ $0.extra == leaf && $0.index == last.index }) else {
            throw FormatError("proof file", "inclusions of different entries")
        }
        let sizes = inclusions.map(\.checkpoint.unverified.head.size)
        guard zip(sizes, sizes.dropFirst()).allSatisfy(<=) else {
            throw FormatError("proof file", "inclusions out of order")
        }
        entry = try Entry(parsing: leaf)
        guard exhibit == nil || dossier != nil else {
            throw FormatError("proof file", "an exhibit without its dossier")
        }
        if dossier != nil {
            guard case .register = entry.filing.action else {
                throw FormatError("proof file", "a dossier for what is no registration")
            }
        }
        if details != nil {
            guard case .custody(let custody) = entry.filing.action, custody.details != nil else {
                throw FormatError("proof file", "details for what names none")
            }
        }
        self.inclusions = inclusions
        self.dossier = dossier
        self.exhibit = exhibit
        self.details = details
        self.quoted = quoted
        self.related = related
        self.timestamps = timestamps
    }

    /// The place of the entry in the log.
    public var index: LeafIndex { inclusions[inclusions.count - 1].index }

    /// The same entry and inclusions with other openings. What was carried for what the old ones showed is left out.
    public func showing(dossier: Opening?, exhibit: Opening?) throws(FormatError) -> ProofFile {
        let quoted = quoted.filter { item in
            let quote = Quote(size: item.checkpoint.unverified.head.size, checkpointHash: item.checkpoint.noteHash)
            return entry.filing.after == quote
        }
        return try ProofFile(
            inclusions: inclusions, dossier: dossier, exhibit: exhibit, details: details, quoted: quoted,
            timestamps: timestamps)
    }

    /// The same custody entry and inclusions with another opening of its details.
    public func showing(details: Opening?) throws(FormatError) -> ProofFile {
        try ProofFile(inclusions: inclusions, details: details, quoted: quoted, timestamps: timestamps)
    }

    /// The same proof with one more inclusion behind those it has; one of the same size takes the last one's place.
    ///
    /// Where there are 16 already, the second gives way, or the next that no time-stamp is of: the first bound, the newest
    /// and what is stamped are kept.
    public func renewed(
        with inclusion: LogProof, quoted: [Quoted], related: [Related], timestamps: [[UInt8]]
    ) throws(FormatError) -> ProofFile {
        var inclusions = inclusions
        if inclusions.count > 1,
            inclusions.last?.checkpoint.unverified.head.size == inclusion.checkpoint.unverified.head.size
        {
            inclusions.removeLast()
        }
        if inclusions.last != inclusion { inclusions.append(inclusion) }
        if inclusions.count > Self.maximumInclusions {
            inclusions.remove(at: inclusions[1..<Self.maximumInclusions].firstIndex { !isStamped($0) } ?? 1)
        }
        return try ProofFile(
            inclusions: inclusions, dossier: dossier, exhibit: exhibit, details: details, quoted: quoted,
            related: related, timestamps: timestamps)
    }
}
