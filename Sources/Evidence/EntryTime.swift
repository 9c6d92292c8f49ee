// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A moment as the formats write it: seconds since 1970-01-01 00:00 UTC without leap seconds (POSIX), below 2^53.
///
/// In an entry it is the log's claim, in a `since` line the signers'. Neither is evidence of a time.
public struct EntryTime: Sendable, Hashable, Comparable {
    /// The seconds.
    public let seconds: UInt64

    /// A moment; nil unless it is below 2^53.
    public init?(seconds: UInt64) {
        guard seconds < LineReader.numberLimit else { return nil }
        self.seconds = seconds
    }

    /// Reads canonical decimal digits; nil for anything else.
    public init?(_ utf8: some Collection<UInt8>) {
        guard let seconds = Decimal.parse(utf8, below: LineReader.numberLimit) else { return nil }
        self.seconds = seconds
    }

    public static func < (left: EntryTime, right: EntryTime) -> Bool { left.seconds < right.seconds }
}

extension EntryTime: CustomStringConvertible {
    public var description: String { String(seconds) }
}
