// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The rules of a log: who may change them, who may enrol and revoke, who may register, which keys sign checkpoints.
///
///     charter
///     amends <index> <leaf hash>                       0 or 1: the charter in force; none in entry 0
///     steward <vkey>                                   1 to 16
///     threshold <k>                                    1 to min(15, stewards)
///     sponsors <n>                                     0 to 15; 0: members cannot sponsor
///     admission members                                or: anyone
///     log-key <vkey>                                   1 or 2, their name is the origin
///     continues <origin> <size> <root hash>            0 or 1, in entry 0 only
///     note <text>                                      0 or 1
///
/// The payload of a `charter` filing (formats section 1). What depends on the log, such as what it amends, is judged by
/// `Registry`.
public struct Charter: Sendable, Hashable {
    /// Who may sign `register` and `custody`.
    public enum Admission: Sendable, Hashable {
        /// A member in good standing must be among the signers.
        case members
        /// Anybody may.
        case anyone
    }

    /// The last checkpoint of the log that this one follows.
    public struct Continuation: Sendable, Hashable {
        /// The earlier log's origin.
        public let origin: Origin
        /// Its last size and root hash.
        public let head: TreeHead

        /// Names the last checkpoint of an earlier log; nil unless its origin is a key name and its size below 2^53.
        public init?(origin: Origin, head: TreeHead) {
            guard KeyName(origin.utf8) != nil, head.size.value < LineReader.numberLimit else { return nil }
            self.origin = origin
            self.head = head
        }
    }

    /// The charter that this one takes the place of; nil in entry 0.
    public let amends: EntryReference?
    /// The stewards, no two with one key, in the order of their lines.
    public let stewards: [VerifierKey]
    /// How many stewards make a quorum.
    public let threshold: Int
    /// How many members may sponsor an enrolment together; 0 where they cannot.
    public let sponsors: Int
    /// Who may register.
    public let admission: Admission
    /// The keys that may sign checkpoints from here on.
    public let logKeys: [VerifierKey]
    /// The log that this one follows.
    public let continues: Continuation?
    /// Free text, public for ever.
    public let note: WireText?

    /// Makes a charter. Throws where a number or a key breaks the rules above.
    public init(
        amends: EntryReference? = nil, stewards: [VerifierKey], threshold: Int, sponsors: Int,
        admission: Admission, logKeys: [VerifierKey], continues: Continuation? = nil, note: WireText? = nil
    ) throws(FormatError) {
        func require(_ condition: Bool, _ reason: String) throws(FormatError) {
            guard condition else { throw FormatError("charter", reason) }
        }
        try require((1...16).contains(stewards.count), "want 1 to 16 stewards")
        try require(stewards.allSatisfy { $0.type == .ed25519 }, "steward: \(FormatError.wrongKeyType)")
        try require(Set(stewards.map(\.keyBytes)).count == stewards.count, "the same steward twice")
        try require((1...min(15, stewards.count)).contains(threshold), "threshold is not 1 to min(15, stewards)")
        try require((0...15).contains(sponsors), "sponsors is not 0 to 15")
        try require((1...2).contains(logKeys.count), "want 1 or 2 log keys")
        try require(logKeys.allSatisfy { $0.type == .ed25519 }, "log-key: \(FormatError.wrongKeyType)")
        try require(Set(logKeys.map(\.keyBytes)).count == logKeys.count, "the same log-key twice")
        self.amends = amends
        self.stewards = stewards
        self.threshold = threshold
        self.sponsors = sponsors
        self.admission = admission
        self.logKeys = logKeys
        self.continues = continues
        self.note = note
    }
}

extension Charter {
    /// How many of the stewards are among `signers`, whatever names they bear there.
    func stewards(among signers: [VerifierKey]) -> Int {
        stewards.count { steward in signers.contains { $0.hasKey(of: steward) } }
    }
}

extension Charter {
    /// Reads the lines behind `charter`.
    init(reading reader: inout LineReader) throws(FormatError) {
        var amends: EntryReference?
        if let value = try reader.optional("amends") { amends = try reader.reference(value) }
        let stewards = try reader.signingKeys("steward", 1...16)
        let threshold = Int(try reader.number("threshold"))
        let sponsors = Int(try reader.number("sponsors"))
        guard let admission = Admission(try reader.value("admission")) else {
            throw reader.error("admission is members or anyone", back: 1)
        }
        let logKeys = try reader.signingKeys("log-key", 1...2)
        var continues: Continuation?
        if let value = try reader.optional("continues") {
            continues = Continuation(value)
            guard continues != nil else { throw reader.error("want an origin, a size and a root hash", back: 1) }
        }
        try self.init(
            amends: amends, stewards: stewards, threshold: threshold, sponsors: sponsors, admission: admission,
            logKeys: logKeys, continues: continues, note: try reader.text("note"))
    }

    /// Writes the lines behind `charter`.
    func write(to writer: inout LineWriter) {
        if let amends { writer.line("amends", amends.utf8) }
        for steward in stewards { writer.line("steward", steward.utf8) }
        writer.line("threshold", "\(threshold)".utf8)
        writer.line("sponsors", "\(sponsors)".utf8)
        writer.line("admission", admission.description.utf8)
        for key in logKeys { writer.line("log-key", key.utf8) }
        if let continues { writer.line("continues", continues.utf8) }
        if let note { writer.line("note", note.utf8) }
    }
}

extension Charter.Admission: CustomStringConvertible {
    init?(_ utf8: some Collection<UInt8>) {
        if utf8.elementsEqual("members".utf8) {
            self = .members
        } else if utf8.elementsEqual("anyone".utf8) {
            self = .anyone
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .members: "members"
        case .anyone: "anyone"
        }
    }
}

extension Charter.Continuation {
    /// Reads an origin, a size and a root hash; nil unless all is canonical.
    init?(_ utf8: some Collection<UInt8>) {
        let parts = utf8.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let origin = Origin(parts[0]),
            let size = TreeSize(parsing: parts[1]), let root = Hash(base64: parts[2])
        else { return nil }
        self.init(origin: origin, head: TreeHead(size: size, root: root))
    }

    /// The origin, the size and the root hash.
    var utf8: [UInt8] { origin.utf8 + Array(" \(head.size) \(head.root.base64)".utf8) }
}
