// SPDX-License-Identifier: Apache-2.0

/// Why a proof of logging does not hold. The cases are in the order in which the steps are taken.
public enum LogProofError: Error, Sendable, Hashable {
    /// The origin is unknown, or a signature of the log or of a known witness does not hold.
    case checkpoint(CheckpointError)
    /// The signatures hold, but the witnesses that have cosigned are not enough for the policy.
    case quorumNotMet
    /// The leaf is not shown to stand at the index.
    case inclusion(ProofError)
}

/// A proof of logging that carries its own checkpoint (C2SP tlog-proof, v1).
///
///     c2sp.org/tlog-proof@v1
///     extra dGltZSAxNzAwMDAwMTE0Cg==                       0 or 1: data that nothing here vouches for
///     index 4
///     TUnC+EIsqkSxprSeL2BhARQ8PlNi3eD3Din6ZcZ5MoM=         0 to 63: the inclusion proof, the leaf's sibling first
///     (an empty line)
///     the checkpoint, verbatim
///
/// The exact bytes are kept. Nothing is verified by reading it.
public struct LogProof: Sendable, Hashable {
    /// The longest proof that is read, in bytes: two of the longest notes.
    public static let maximumByteCount = 2 * SignedNote.maximumByteCount

    /// The whole proof.
    public let bytes: [UInt8]
    /// The application's data, which no signature covers; never empty.
    public let extra: [UInt8]?
    /// The leaf's place in the log.
    public let index: LeafIndex
    /// The inclusion proof of the leaf in the checkpoint's tree.
    public let inclusion: InclusionProof
    /// The checkpoint.
    public let checkpoint: SignedCheckpoint

    /// Puts a proof together; the same rules hold as for reading.
    public init(
        extra: [UInt8]? = nil, index: LeafIndex, inclusion: InclusionProof, checkpoint: SignedCheckpoint
    ) throws(FormatError) {
        var bytes = Array("c2sp.org/tlog-proof@v1\n".utf8)
        if let extra {
            guard !extra.isEmpty else { throw FormatError("tlog-proof", "extra: empty") }
            bytes += "extra ".utf8
            bytes += Base64.encodedBytes(extra)
            bytes.append(0x0A)
        }
        bytes += "index \(index)\n".utf8
        guard inclusion.path.count <= InclusionProof.maximumCount else {
            throw FormatError("tlog-proof", "more than 63 hashes")
        }
        for hash in inclusion.path {
            bytes += Base64.encodedBytes(hash.bytes)
            bytes.append(0x0A)
        }
        bytes.append(0x0A)
        bytes += checkpoint.bytes
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("tlog-proof", "longer than 2 MiB") }
        self.bytes = bytes
        self.extra = extra
        self.index = index
        self.inclusion = inclusion
        self.checkpoint = checkpoint
    }

    /// Reads a proof.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("tlog-proof", "longer than 2 MiB") }
        var header = Header(rest: bytes[...])
        guard try header.line().elementsEqual("c2sp.org/tlog-proof@v1".utf8) else {
            throw header.error("want c2sp.org/tlog-proof@v1")
        }
        var line = try header.line()
        if line.starts(with: "extra ".utf8) {
            guard let data = Base64.decode(line.dropFirst(6)), !data.isEmpty else { throw header.error("extra") }
            extra = data
            line = try header.line()
        } else {
            extra = nil
        }
        guard line.starts(with: "index ".utf8), let index = LeafIndex(parsing: line.dropFirst(6)) else {
            throw header.error("index")
        }
        var path: [Hash] = []
        line = try header.line()
        while !line.isEmpty {
            guard path.count < InclusionProof.maximumCount else { throw header.error("more than 63 hashes") }
            guard let hash = Hash(base64: line) else { throw header.error("hash") }
            path.append(hash)
            line = try header.line()
        }
        checkpoint = try SignedCheckpoint(parsing: Array(header.rest))
        inclusion = InclusionProof(path: path)
        self.index = index
        self.bytes = bytes
    }

    /// Verifies that the log has the leaf with this hash, under a policy: the log's signature, every known witness's
    /// cosignature, the quorum, the inclusion, in this order.
    ///
    /// The leaf hash is the caller's to compute, from what the caller holds. Gives the checkpoint with its cosigners.
    @discardableResult
    public func verify(_ leafHash: Hash, under policy: TrustPolicy) throws(LogProofError) -> CosignedCheckpoint {
        let cosigned: CosignedCheckpoint
        do { cosigned = try policy.verify(checkpoint) } catch { throw .checkpoint(error) }
        guard cosigned.isQuorumMet else { throw .quorumNotMet }
        do { try inclusion.verify(leafHash, at: index, in: cosigned.head) } catch { throw .inclusion(error) }
        return cosigned
    }

    /// The lines before the checkpoint, as they are read one by one.
    private struct Header {
        var rest: ArraySlice<UInt8>
        var number = 0

        init(rest: ArraySlice<UInt8>) {
            self.rest = rest
        }

        mutating func line() throws(FormatError) -> ArraySlice<UInt8> {
            number += 1
            guard let end = rest.firstIndex(of: 0x0A) else { throw error("ends before the checkpoint") }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }

        func error(_ reason: String) -> FormatError {
            FormatError("tlog-proof", line: number, reason)
        }
    }
}

extension LogProofError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .checkpoint(let error): error.description
        case .quorumNotMet: "the quorum of the policy is not met"
        case .inclusion(let error): error.description
        }
    }
}
