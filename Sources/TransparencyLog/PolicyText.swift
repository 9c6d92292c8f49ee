// SPDX-License-Identifier: Apache-2.0

/// A policy file being written, line by line; what it has become is read again by `TrustPolicy`, with all its rules.
///
///     var text = PolicyText()
///     text.comment("Whom we trust")
///     text.log(logKey)
///     text.witness(name, witnessKey)
///     text.quorum(name)
///     let policy = try text.policy()        policy.bytes is the file
public struct PolicyText: Sendable {
    /// How many members of a group it takes.
    public enum Threshold: Sendable, Hashable {
        /// Every one.
        case all
        /// One.
        case any
        /// At least this many.
        case atLeast(Int)
    }

    private var bytes: [UInt8] = []

    /// Starts with nothing written.
    public init() {}

    /// Writes a comment; each line of it gets its own "#".
    public mutating func comment(_ text: String) {
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            write(line.isEmpty ? ["#".utf8[...]] : ["#".utf8[...], line])
        }
    }

    /// Writes a log with its key.
    public mutating func log(_ key: VerifierKey, url: String? = nil) {
        write(["log".utf8, key.description.utf8] + (url.map { [$0.utf8] } ?? []))
    }

    /// Writes a witness with its name in the file and its key.
    public mutating func witness(_ name: TrustPolicy.Name, _ key: VerifierKey, url: String? = nil) {
        write([Array("witness".utf8), name.utf8, key.utf8] + (url.map { [Array($0.utf8)] } ?? []))
    }

    /// Writes a group of names that were written before.
    public mutating func group(_ name: TrustPolicy.Name, _ threshold: Threshold, of members: [TrustPolicy.Name]) {
        let count =
            switch threshold {
            case .all: "all"
            case .any: "any"
            case .atLeast(let number): String(number)
            }
        write([Array("group".utf8), name.utf8, Array(count.utf8)] + members.map(\.utf8))
    }

    /// Writes the quorum; nil asks for no cosignature.
    public mutating func quorum(_ name: TrustPolicy.Name?) {
        write([Array("quorum".utf8), name?.utf8 ?? Array("none".utf8)])
    }

    /// The policy that was written.
    public func policy() throws(FormatError) -> TrustPolicy {
        try TrustPolicy(parsing: bytes)
    }

    private mutating func write(_ items: [some Collection<UInt8>]) {
        bytes += items.joined(separator: [0x20])
        bytes.append(0x0A)
    }
}
