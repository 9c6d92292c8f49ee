// SPDX-License-Identifier: Apache-2.0

/// The four bytes on a signature line that, with the name, say which key it claims to be by (C2SP signed-note).
public struct KeyID: Sendable, Hashable {
    /// The ID as a big-endian number.
    public let rawValue: UInt32

    /// An ID as it stands in a signature.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The ID that the specification gives to a key: SHA-256(name || 0x0A || type || key), its first four bytes.
    public init(name: KeyName, type: SignatureType, key: [UInt8]) {
        let digest = SHA256.hash(name.utf8 + [0x0A, type.rawValue] + key).bytes
        rawValue = digest[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The four bytes, big-endian.
    public var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) } }
}

extension KeyID: CustomStringConvertible {
    public var description: String { Hex.encode(bytes) }
}

/// The algorithm byte in a vkey (C2SP signed-note). An open set: other values may stand in a note and are ignored.
public struct SignatureType: Sendable, Hashable {
    /// The byte.
    public let rawValue: UInt8

    /// A type by its byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Ed25519 over the note's text.
    public static let ed25519 = SignatureType(rawValue: 0x01)
    /// A time-stamped Ed25519 cosignature (C2SP tlog-cosignature).
    public static let cosignature = SignatureType(rawValue: 0x04)
    /// An ML-DSA-44 cosignature: recognised, not verified here.
    public static let mlDSA44 = SignatureType(rawValue: 0x06)
}

/// A vkey: a name with a public key (C2SP signed-note).
///
///     ledger.example/log+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9
///
/// The name, the key ID in eight lower-case hexadecimal digits, and base64 of the type byte and the key. The ID is
/// recomputed and must agree. Equality is equality of the whole text.
public struct VerifierKey: Sendable, Hashable {
    /// What a key of a known type holds.
    public enum Material: Sendable, Hashable {
        /// 32 bytes of Ed25519.
        case ed25519(Ed25519.PublicKey)
        /// 1,312 bytes of ML-DSA-44, which nothing here can verify yet.
        case mlDSA44([UInt8])
    }

    /// The key's name.
    public let name: KeyName
    /// The key ID, recomputed.
    public let id: KeyID
    /// The algorithm.
    public let type: SignatureType
    /// The key itself.
    public let material: Material
    /// The vkey's text, byte for byte. It is kept, since it is written for every signer of every filing.
    public let utf8: [UInt8]

    /// Reads a vkey. Throws a `FormatError` that says which of the rules it breaks.
    public init(parsing text: some Collection<UInt8>) throws(FormatError) {
        let parts = Array(text).split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw FormatError("vkey", "want name+ID+key") }
        guard let name = KeyName(parts[0]) else { throw FormatError("vkey", "name") }
        guard parts[1].count == 8, let idBytes = Hex.decode(parts[1]) else { throw FormatError("vkey", "key id") }
        guard parts[2].count <= 2048 else { throw FormatError("vkey", "key length") }
        guard let encoded = Base64.decode(parts[2]), let typeByte = encoded.first else {
            throw FormatError("vkey", "base64 is not canonical")
        }
        let key = Array(encoded.dropFirst())
        try self.init(name: name, type: SignatureType(rawValue: typeByte), key: key)
        guard id.bytes == idBytes else { throw FormatError("vkey", "key id does not match the key") }
    }

    /// Makes a vkey of a name, a type and the key's bytes.
    public init(name: KeyName, type: SignatureType, key: [UInt8]) throws(FormatError) {
        switch type {
        case .ed25519, .cosignature:
            guard let publicKey = Ed25519.PublicKey(key) else {
                throw FormatError("vkey", "key is not a canonical point, or is of small order")
            }
            material = .ed25519(publicKey)
        case .mlDSA44:
            guard key.count == 1312 else { throw FormatError("vkey", "key length") }
            material = .mlDSA44(key)
        default: throw FormatError("vkey", "key type is not supported")
        }
        self.name = name
        self.type = type
        id = KeyID(name: name, type: type, key: key)
        utf8 = Self.text(name, id, type, key)
    }

    /// The vkey of an Ed25519 key under a name.
    public init(name: KeyName, type: SignatureType = .ed25519, publicKey: Ed25519.PublicKey) {
        precondition(type == .ed25519 || type == .cosignature)
        self.name = name
        self.type = type
        material = .ed25519(publicKey)
        id = KeyID(name: name, type: type, key: publicKey.bytes)
        utf8 = Self.text(name, id, type, publicKey.bytes)
    }

    /// The public key's bytes without the type.
    public var keyBytes: [UInt8] {
        switch material {
        case .ed25519(let key): key.bytes
        case .mlDSA44(let key): key
        }
    }

    /// The Ed25519 key, where it is one.
    ///
    /// Never inlined: Swift 6.3.1 crashes when it optimises some loops over keys in other modules.
    public var publicKey: Ed25519.PublicKey? {
        @inline(never)
        get { if case .ed25519(let key) = material { key } else { nil } }
    }

    private static func text(_ name: KeyName, _ id: KeyID, _ type: SignatureType, _ key: [UInt8]) -> [UInt8] {
        let plus = UInt8(ascii: "+")
        return name.utf8 + [plus] + id.description.utf8 + [plus] + Base64.encodedBytes([type.rawValue] + key)
    }
}

extension VerifierKey: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}
