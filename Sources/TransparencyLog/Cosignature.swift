// SPDX-License-Identifier: Apache-2.0

/// A witness's time-stamped Ed25519 signature over a checkpoint (C2SP tlog-cosignature, type 0x04).
///
///     uint64 big-endian POSIX seconds, 64 bytes of Ed25519        on the signature line, behind the key ID
///
///     cosignature/v1
///     time <POSIX seconds>
///     <the checkpoint's text, with its extension lines and final newline>        what is signed
///
/// The time is at most 2^63 - 1.
public struct Cosignature: Sendable, Hashable {
    /// The length on the signature line, in bytes.
    public static let byteCount = 72

    /// When the witness says it signed, in POSIX seconds; 0 where it says nothing of the time.
    public let time: UInt64
    /// The 64 bytes of Ed25519.
    public let signature: [UInt8]

    /// Reads what stands behind the key ID: exactly 72 bytes. The signature is not verified.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count == Self.byteCount else { throw FormatError("cosignature", "want 72 bytes") }
        time = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        guard time < 1 << 63 else { throw FormatError("cosignature", "time from 2^63 on") }
        signature = Array(bytes[8...])
    }

    /// Signs a checkpoint's text at a time below 2^63.
    init(of text: [UInt8], time: UInt64, by key: Ed25519.PrivateKey) {
        precondition(time < 1 << 63, "times are below 2^63")
        self.time = time
        signature = key.sign(Self.message(time: time, text: text))
    }

    /// The 72 bytes.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) } + signature
    }

    /// Whether this is a cosignature over a checkpoint's text by `key`.
    public func verifies(by key: Ed25519.PublicKey, over text: some Collection<UInt8>) -> Bool {
        key.verifies(signature, over: Self.message(time: time, text: text))
    }

    private static func message(time: UInt64, text: some Collection<UInt8>) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
}
