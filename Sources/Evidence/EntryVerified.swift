// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An entry each of whose filing's signatures was verified: what a `Registry` admits.
public struct VerifiedEntry: Sendable, Hashable {
    /// The entry.
    public let entry: Entry

    fileprivate init(_ entry: Entry) {
        self.entry = entry
    }

    /// Makes the entry of a verified filing. Throws where it would be longer than 65,535 bytes.
    public init(time: EntryTime, filing: VerifiedFiling) throws(FormatError) {
        entry = try Entry(time: time, filing: filing.filing)
    }
}

/// An entry whose signatures an audit has chosen not to verify (`--no-signatures`).
///
/// Each signature line claims to be by the signer in its place, and that is all that is known. A `Registry` that has
/// admitted one says so for good: `Registry.restsOnUnverifiedSignatures`.
public struct UnverifiedEntry: Sendable, Hashable {
    /// The entry.
    public let entry: Entry

    fileprivate init(_ entry: Entry) {
        self.entry = entry
    }
}

extension Entry {
    /// Verifies every signature of the filing; see `Filing.verifySignatures()`.
    public func verified() throws(FilingError) -> VerifiedEntry {
        try filing.verifySignatures()
        return VerifiedEntry(self)
    }

    /// Skips the signatures, but not their number, names and order.
    public func skippingSignatures() throws(FilingError) -> UnverifiedEntry {
        try filing.checkSignatureLines()
        return UnverifiedEntry(self)
    }
}
