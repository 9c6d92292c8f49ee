// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A registry as a file, so that opening a large log and going on with an audit need no replay from entry 0.
///
///     indelible-registry/v1
///     log <origin>
///     size <n>
///     passed-over <n>                          0 or 1: entries that an audit found at fault
///     time <POSIX seconds>                     the last entry's that was admitted, if any
///     signatures verified                      or: skipped
///     closed <index>                           0 or 1
///     charter <index> <leaf hash>              the one in force, where an entry was admitted
///     <the charter's fields, as in its filing>
///     member <index> <vkey>                    in the order of enrolment, each with
///     revoker <base64 SHA-256 of a vkey>       0 to 8
///     revoked <index> <vkey>                   in the order of the log, each with
///     reason <word>
///     since <POSIX seconds>                    0 or 1
///     signer <vkey>                            1 to 16
///
/// This is no exchange format: whoever can write it decides who is a member, so it is kept where only the log or the
/// auditor writes. Equal registries give equal bytes.
extension Registry {
    private static let header = "indelible-registry/v1"
    private static let format = "registry snapshot"

    /// The registry as a file.
    public func snapshot() -> [UInt8] {
        var writer = LineWriter()
        writer.line(Self.header)
        writer.line("log", origin.utf8)
        writer.line("size", size.description.utf8)
        if passedOver > 0 { writer.line("passed-over", passedOver.description.utf8) }
        if let lastTime { writer.line("time", lastTime.description.utf8) }
        writer.line("signatures", restsOnUnverifiedSignatures ? "skipped".utf8 : "verified".utf8)
        if let closedAt { writer.line("closed", closedAt.description.utf8) }
        if let charterInForce {
            writer.line("charter", charterInForce.entry.utf8)
            charterInForce.charter.write(to: &writer)
        }
        for member in members {
            writer.line("member", Array("\(member.enrolledAt) ".utf8) + member.key.utf8)
            for revoker in member.revokers { writer.line("revoker", revoker.base64.utf8) }
        }
        for recorded in revocations {
            writer.line("revoked", Array("\(recorded.index) ".utf8) + recorded.revocation.key.utf8)
            writer.line("reason", recorded.revocation.reason.word.utf8)
            if let since = recorded.revocation.since { writer.line("since", since.description.utf8) }
            for signer in recorded.signers { writer.line("signer", signer.utf8) }
        }
        return writer.bytes
    }

    /// Reads what `snapshot()` wrote, and nothing else.
    public init(snapshot bytes: [UInt8]) throws(FormatError) {
        var reader = try LineReader(bytes[...], format: Self.format)
        try reader.header(Self.header)
        guard let origin = Origin(try reader.value("log")) else { throw reader.error("want an origin", back: 1) }
        self.init(origin: origin)
        guard let size = TreeSize(try reader.number("size")) else { throw reader.error("size", back: 1) }
        self.size = size
        if let value = try reader.optional("passed-over") {
            passedOver = Decimal.parse(value, below: LineReader.numberLimit) ?? 0
        }
        if let value = try reader.optional("time") {
            lastTime = EntryTime(value)
            guard lastTime != nil else { throw reader.error("want a time", back: 1) }
        }
        restsOnUnverifiedSignatures = try reader.value("signatures").elementsEqual("skipped".utf8)
        if let value = try reader.optional("closed") {
            closedAt = LeafIndex(parsing: value)
            guard closedAt != nil else { throw reader.error("want an index", back: 1) }
        }
        if let value = try reader.optional("charter") {
            let entry = try reader.reference(value)
            charterInForce = CharterInForce(entry: entry, charter: try Charter(reading: &reader))
        }
        while let value = try reader.optional("member") { insert(try Self.member(value, from: &reader)) }
        while let value = try reader.optional("revoked") { insert(try Self.revocation(value, from: &reader)) }
        try reader.finish()
        guard passedOver <= size.value, (charterInForce == nil) == (lastTime == nil),
            charterInForce != nil || passedOver == size.value,
            areDistinctEntries(membersByKey.values.map(\.enrolledAt)), memberKeysByName.count == membersByKey.count,
            areDistinctEntries(revocationsByKey.values.joined().map(\.index)),
            areDistinctEntries([charterInForce?.entry.index, closedAt].compactMap { $0 })
        else { throw FormatError(Self.format, "the parts do not belong together") }
        // What was not in order, or of one key, does not come out as it went in.
        guard snapshot() == bytes else { throw FormatError(Self.format, "not in canonical form") }
    }

    /// Whether these are distinct entries of the log.
    private func areDistinctEntries(_ indices: [LeafIndex]) -> Bool {
        Set(indices).count == indices.count && indices.allSatisfy { size.contains($0) }
    }

    private static func member(
        _ value: ArraySlice<UInt8>, from reader: inout LineReader
    ) throws(FormatError) -> Member {
        let (index, key) = try indexAndKey(value, from: &reader)
        var revokers: [Hash] = []
        for (value, line) in try reader.values("revoker", 0...Enrolment.maximumRevokers) {
            revokers.append(try reader.hash(value, line: line))
        }
        return Member(key: key, enrolledAt: index, revokers: revokers)
    }

    private static func revocation(
        _ value: ArraySlice<UInt8>, from reader: inout LineReader
    ) throws(FormatError) -> RecordedRevocation {
        let (index, key) = try indexAndKey(value, from: &reader)
        let revocation = try Revocation(of: key, reading: &reader)
        return RecordedRevocation(
            index: index, revocation: revocation, signers: try reader.signingKeys("signer", 1...16))
    }

    private static func indexAndKey(
        _ value: ArraySlice<UInt8>, from reader: inout LineReader
    ) throws(FormatError) -> (LeafIndex, VerifierKey) {
        guard let space = value.firstIndex(of: 0x20), let index = LeafIndex(parsing: value[..<space]) else {
            throw reader.error("want an index and a vkey", back: 1)
        }
        return (index, try reader.signingKey(value[(space + 1)...]))
    }
}
