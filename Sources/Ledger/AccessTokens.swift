// SPDX-License-Identifier: Apache-2.0
public import SystemPackage
public import TransparencyLog

/// The access tokens of a log that admits anyone: who has one may file. They are of the server and never in the log.
///
///     .state/tokens      <hex SHA-256 of the token> <POSIX seconds> <label>       one line each, private to the operator
///
/// A token is a word of 52 characters, `ind_` and 24 random bytes in hexadecimal; only its hash is kept. Whoever runs the
/// log can tell which filings came by which token.
public struct AccessTokens: Sendable {
    /// A token, by what is kept of it.
    public struct Kept: Sendable, Hashable {
        /// The SHA-256 of the token.
        public let hash: Hash
        /// When it was made, in POSIX seconds.
        public let made: UInt64
        /// What the operator calls it.
        public let label: String

        /// By what it is spoken of: the first eight digits of its hash.
        public var id: String { String(hash.hex.prefix(8)) }
    }

    /// Why tokens cannot be read or kept.
    public enum TokenError: Error, Sendable, Hashable {
        /// The file holds a line that is no token's.
        case malformed(FilePath, line: Int)
        /// No token, or more than one, is meant by this.
        case unknown(String)
        /// There are as many as are kept.
        case tooMany
        /// A label is 1 to 100 bytes of UTF-8 without controls.
        case label
    }

    /// How many tokens are kept.
    public static let maximumCount = 10_000
    private static let prefix = "ind_"
    private let path: FilePath

    /// The tokens of the ledger in `folder`.
    public init(of folder: FilePath) {
        path = folder.appending(DirectoryStore.stateName).appending("tokens")
    }

    /// All that are kept, the oldest first.
    public func all() throws -> [Kept] {
        guard let bytes = try DurableFile.readIfPresent(path, limit: Self.maximumCount * 256) else { return [] }
        return try bytes.split(separator: 0x0A).enumerated().map { number, line in
            let parts = line.split(separator: 0x20, maxSplits: 2)
            guard parts.count == 3, let hash = Hash(hex: Array(parts[0])),
                let made = Decimal.parse(parts[1], below: 1 << 53)
            else { throw TokenError.malformed(path, line: number + 1) }
            return Kept(hash: hash, made: made, label: String(decoding: parts[2], as: UTF8.self))
        }
    }

    /// How many random bytes a token is made of.
    public static let randomByteCount = 24

    /// Makes a token of random bytes. It is given here once and kept nowhere.
    public func make(label: String, from random: [UInt8], at time: UInt64) throws -> String {
        precondition(random.count == Self.randomByteCount, "a token is made of 24 bytes")
        guard (1...100).contains(label.utf8.count), label.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw TokenError.label
        }
        let token = Self.prefix + Hex.encode(random)
        var kept = try all()
        guard kept.count < Self.maximumCount else { throw TokenError.tooMany }
        kept.append(Kept(hash: Self.hash(token), made: time, label: label))
        try write(kept)
        return token
    }

    /// Removes the token that has this label, or whose hash begins so. What it was used for stays in the log.
    public func revoke(_ name: String) throws -> Kept {
        let kept = try all()
        let meant = kept.filter { $0.label == name || (name.utf8.count >= 8 && $0.hash.hex.hasPrefix(name)) }
        guard meant.count == 1, let token = meant.first else { throw TokenError.unknown(name) }
        try write(kept.filter { $0 != token })
        return token
    }

    /// The hash by which a token is kept.
    public static func hash(_ token: String) -> Hash { SHA256.hash(Array(token.utf8)) }

    private func write(_ kept: [Kept]) throws {
        let lines = kept.map { "\($0.hash.hex) \($0.made) \($0.label)\n" }
        try DurableFile.write(Array(lines.joined().utf8), to: path, mode: 0o600)
    }
}

extension AccessTokens.TokenError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let path, let line): "\(Shown.path(path)) is malformed in line \(line)"
        case .unknown(let name): "no one token is meant by \(Shown.bytes(name.utf8))"
        case .tooMany: "there are \(AccessTokens.maximumCount) tokens, and no more are kept"
        case .label: "a label is 1 to 100 bytes without controls"
        }
    }
}
