// SPDX-License-Identifier: Apache-2.0
public import Evidence
import SystemPackage
public import TransparencyLog

/// What an audit found of a log's time-stamps, which `TimestampArchive` describes.
///
/// A file that is damaged, or is of another history, is a fault of the log. That an authority is not relied on is none.
public struct AuditedTimestamps: Sendable, Hashable {
    /// The valid time-stamps of one authority.
    public struct Authority: Sendable, Hashable {
        /// Its name.
        public let name: [UInt8]
        /// How many there are.
        public internal(set) var count = 0
        /// The first of them.
        public let earliest: Moment
        /// The last of them.
        public internal(set) var latest: Moment
    }

    /// A tree and by when it existed.
    public struct Moment: Sendable, Hashable {
        /// The size of the tree.
        public let size: TreeSize
        /// POSIX seconds.
        public let bound: UInt64
    }

    /// Time-stamps that count for nothing, and why.
    public struct Refused: Sendable, Hashable {
        /// The size of the tree that is stamped.
        public let size: TreeSize
        /// The authority, by the name that it gives itself.
        public let name: [UInt8]?
        /// Why.
        public let reason: TimestampRefusal
    }

    /// The authorities with valid time-stamps, in the order in which they come.
    public internal(set) var authorities: [Authority] = []
    /// The number of those that none of the given certificates stands behind: not judged.
    public internal(set) var notJudged = 0
    /// The names that those give themselves.
    public internal(set) var namesNotJudged: [[UInt8]] = []
    /// Those that count for nothing, up to the audit's limit.
    public internal(set) var refused: [Refused] = []

    /// Nothing was found.
    init() {}

    mutating func add(_ valid: ValidTimestamp, at size: TreeSize) {
        let moment = Moment(size: size, bound: valid.token.bound)
        let place = authorities.firstIndex { $0.name == valid.authority } ?? authorities.count
        if place == authorities.count {
            authorities.append(Authority(name: valid.authority, earliest: moment, latest: moment))
        }
        authorities[place].count += 1
        authorities[place].latest = moment
    }

    mutating func addNotJudged(_ name: [UInt8]?) {
        notJudged += 1
        if let name, !namesNotJudged.contains(name) { namesNotJudged.append(name) }
    }
}

/// Why something among a log's time-stamps does not hold.
public enum TimestampFault: Sendable, Hashable {
    /// The checkpoint that was stamped is not signed by the log.
    case checkpoint(CheckpointError)
    /// The checkpoint that was stamped is of another tree than the log had at its size.
    case anotherTree
    /// A response is an authority's refusal.
    case notGranted
    /// A response is no time-stamp of its checkpoint, or its signature does not hold.
    case response(TimestampRefusal)
}

extension TimestampFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .checkpoint(let error): "the checkpoint that was stamped: \(error)"
        case .anotherTree: "the checkpoint that was stamped is of another tree than the log had at that size"
        case .notGranted: "a response is the refusal of an authority"
        case .response(let refusal): "a response is not what it should be: \(refusal)"
        }
    }
}

/// Judges the time-stamps that a log keeps, against the tree that is anchored under its signed root.
struct AuditTimestamps: Sendable {
    let source: any LedgerSource
    let policy: TrustPolicy
    let authorities: TimestampAuthorities
    let ground: AuditGround
    let files: AuditFiles
    let limit: Int

    /// Judges all that are of a tree which an earlier audit has not seen.
    func judge(_ findings: inout AuditFindings) async throws -> AuditedTimestamps {
        var audited = AuditedTimestamps()
        let archive = TimestampArchive(of: source)
        guard let sizes = try await read(TimestampArchive.sizesPath, &findings, { try await archive.sizes() })
        else { return audited }
        for size in sizes where size > ground.earlier?.head.size ?? 0 {
            try Task.checkCancellation()
            let path = TimestampArchive.path(size, "tsr")
            guard size <= ground.anchors.size else {
                findings.add(.fileAhead(path: path))
                continue
            }
            guard let stamped = try await read(path, &findings, { try await archive.stamped(at: size) }) else {
                continue
            }
            switch try await ground.root(of: size, in: files) {
            case stamped.checkpoint.unverified.head.root: judge(stamped, size, &audited, &findings)
            case nil: findings.add(.timestampedTree(size))
            default: findings.add(.timestamp(size, .anotherTree))
            }
        }
        return audited
    }

    private func judge(
        _ stamped: TimestampArchive.Stamped, _ size: TreeSize, _ audited: inout AuditedTimestamps,
        _ findings: inout AuditFindings
    ) {
        do throws(CheckpointError) {
            _ = try policy.verify(stamped.checkpoint)
        } catch {
            return findings.add(.timestamp(size, .checkpoint(error)))
        }
        let hash = stamped.checkpoint.textHash
        for response in stamped.responses {
            guard let token = response.token else {
                findings.add(.timestamp(size, .notGranted))
                continue
            }
            switch authorities.judge(token, covering: hash) {
            case .valid(let valid): audited.add(valid, at: size)
            case .refused(.unknownAuthority), .refused(.certificateMissing): audited.addNotJudged(token.name)
            case .refused(let reason):
                switch reason {
                case .wrongImprint, .malformed, .badSignature: findings.add(.timestamp(size, .response(reason)))
                default:
                    if audited.refused.count < limit {
                        audited.refused.append(
                            AuditedTimestamps.Refused(size: size, name: token.name, reason: reason))
                    }
                }
            }
        }
    }

    /// What `body` reads; nil, with a finding, where it cannot.
    private func read<Value>(
        _ path: String, _ findings: inout AuditFindings, _ body: () async throws -> Value
    ) async throws -> Value? {
        do {
            return try await body()
        } catch let error as CancellationError {
            throw error
        } catch LedgerReadError.missing(let path) {
            findings.add(.missing(path: path))
        } catch LedgerReadError.malformed(let path, let error) {
            findings.add(.malformed(path: path, error))
        } catch let error as FileError where error.errno == .fileTooLarge {
            findings.add(.malformed(path: path, FormatError("time-stamps", "too long")))
        } catch {
            findings.add(.fileNotRead(path: path, reason: "\(error)"))
        }
        return nil
    }
}
