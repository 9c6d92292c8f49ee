// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// The time-stamps that a log keeps of its checkpoints, from any source (formats section 7).
///
///     timestamp/sizes              600
///                                  1030           one size a line, ascending
///     timestamp/600.checkpoint     the checkpoint, whose text was stamped
///     timestamp/600.tsr            the responses of 1 to 16 authorities, DER, one behind the other
///
/// Nothing that is read is verified: a proof or an audit does that.
public struct TimestampArchive: Sendable {
    /// The most responses that are kept for one checkpoint.
    public static let maximumResponses = 16

    /// A checkpoint and what authorities answered for it.
    public struct Stamped: Sendable, Hashable {
        /// The checkpoint.
        public let checkpoint: SignedCheckpoint
        /// The responses, in the order in which they came.
        public let responses: [TimestampResponse]

        /// Those that are time-stamps of this checkpoint.
        public var stamping: [TimestampResponse] {
            let hash = checkpoint.textHash
            return responses.filter { $0.token?.imprint == hash }
        }
    }

    /// The longest list of sizes that is read, in bytes.
    static let sizesLimit = 1 << 24
    /// The longest file of responses that is read, in bytes.
    static let responsesLimit = maximumResponses * TimestampResponse.maximumByteCount
    private let source: any LedgerSource

    /// The archive of a log.
    public init(of source: any LedgerSource) {
        self.source = source
    }

    /// The sizes of the trees that were stamped, ascending; none where nothing ever was.
    public func sizes() async throws -> [TreeSize] {
        let path = Self.sizesPath
        guard let bytes = try await source.read(path, limit: Self.sizesLimit) else { return [] }
        return try Self.parsed(path) { () throws(FormatError) in try Self.sizes(parsing: bytes) }
    }

    /// What is kept for a size that is listed. Throws `LedgerReadError` where it is not there, or malformed.
    public func stamped(at size: TreeSize) async throws -> Stamped {
        let checkpoint = try await checkpoint(at: size)
        let path = Self.path(size, "tsr")
        guard let bytes = try await source.read(path, limit: Self.responsesLimit) else {
            throw LedgerReadError.missing(path: path)
        }
        let responses = try Self.parsed(path) { () throws(FormatError) in
            try TimestampResponse.all(in: bytes, limit: Self.maximumResponses)
        }
        return Stamped(checkpoint: checkpoint, responses: responses)
    }

    private func checkpoint(at size: TreeSize) async throws -> SignedCheckpoint {
        let path = Self.path(size, "checkpoint")
        guard let bytes = try await source.read(path, limit: SignedNote.maximumByteCount) else {
            throw LedgerReadError.missing(path: path)
        }
        return try Self.parsed(path) { () throws(FormatError) in
            let checkpoint = try SignedCheckpoint(parsing: bytes)
            guard checkpoint.unverified.head.size == size else { throw FormatError("checkpoint", "of another size") }
            return checkpoint
        }
    }

    // MARK: - Names and form

    /// The folder of the archive.
    static let folder = "timestamp"
    /// The path of the list of sizes.
    static let sizesPath = "timestamp/sizes"

    /// The path of a file that belongs to a size.
    static func path(_ size: TreeSize, _ kind: String) -> String { "\(folder)/\(size).\(kind)" }

    /// Reads a list of sizes.
    static func sizes(parsing bytes: [UInt8]) throws(FormatError) -> [TreeSize] {
        guard bytes.last == 0x0A else { throw FormatError("sizes", "does not end in a newline") }
        var sizes: [TreeSize] = []
        for line in bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard let size = TreeSize(parsing: line), size > sizes.last ?? 0 else {
                throw FormatError("sizes", line: sizes.count + 1, "want sizes that ascend")
            }
            sizes.append(size)
        }
        return sizes
    }

    /// Writes a list of sizes, in their order.
    static func list(of sizes: some Sequence<TreeSize>) -> [UInt8] {
        sizes.sorted().flatMap { Array("\($0)\n".utf8) }
    }

    private static func parsed<Value>(
        _ path: String, _ body: () throws(FormatError) -> Value
    ) throws(LedgerReadError) -> Value {
        do throws(FormatError) {
            return try body()
        } catch {
            throw .malformed(path: path, error)
        }
    }
}
