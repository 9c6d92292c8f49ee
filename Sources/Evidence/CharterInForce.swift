// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A charter with its place in the log: the one whose rules hold until the next.
public struct CharterInForce: Sendable, Hashable {
    /// The entry that holds it.
    public let entry: EntryReference
    /// What it says.
    public let charter: Charter
}
