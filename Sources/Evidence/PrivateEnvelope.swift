// SPDX-License-Identifier: Apache-2.0
import CSodium
public import TransparencyLog

/// The head of a private file: its content key, sealed to each of those who may open it.
///
///     indelible-private/v1
///     <base64 crypto_box_seal of a 32-byte key>        one line a recipient, in random order
///     (an empty line)
///
/// A recipient is an Ed25519 vkey, converted by crypto_sign_ed25519_pk_to_curve25519. The lines name nobody. What
/// follows is a `SealedStream`. Sealing is the one thing in this target that takes randomness of its own: libsodium's,
/// within the box. (Formats section 6.)
public struct PrivateEnvelope: Sendable {
    /// Why a private file cannot be sealed or opened.
    public enum EnvelopeError: Error, Sendable, Hashable {
        /// A recipient's key cannot be encrypted to.
        case unusableRecipient(VerifierKey)
        /// The file is not sealed to this key.
        case notForThisKey
    }

    /// The most recipients.
    public static let maximumRecipients = 64
    /// The longest envelope, in bytes.
    public static let maximumByteCount = 16_384

    /// The envelope's bytes, up to and with its empty line.
    public let bytes: [UInt8]
    private let boxes: [[UInt8]]

    private static let firstLine = Array("\(PrivateContents.format)\n".utf8)

    /// Seals a 32-byte content key to 1 to 64 recipients, in the order that `random` gives.
    public init(
        sealing contentKey: [UInt8], to recipients: [VerifierKey], using random: inout some RandomNumberGenerator
    ) throws(EnvelopeError) {
        precondition(contentKey.count == 32 && (1...Self.maximumRecipients).contains(recipients.count))
        var boxes: [[UInt8]] = []
        for recipient in recipients.shuffled(using: &random) {
            var curveKey = [UInt8](repeating: 0, count: 32)
            guard let key = recipient.publicKey, crypto_sign_ed25519_pk_to_curve25519(&curveKey, key.bytes) == 0 else {
                throw .unusableRecipient(recipient)
            }
            var box = [UInt8](repeating: 0, count: 32 + Self.boxOverhead)
            guard crypto_box_seal(&box, contentKey, 32, curveKey) == 0 else { throw .unusableRecipient(recipient) }
            boxes.append(box)
        }
        self.boxes = boxes
        bytes = Self.firstLine + boxes.flatMap { Base64.encodedBytes($0) + [0x0A] } + [0x0A]
    }

    /// Reads the envelope at the start of a private file, of which at least the first 16 kB, or all, are given.
    public init(parsing start: [UInt8]) throws(ProofFileError) {
        guard start.starts(with: Self.firstLine) else {
            if start.starts(with: Array("indelible-private/".utf8)) { throw .anotherVersion }
            throw .malformed(FormatError("private file", line: 1, "want \(PrivateContents.format)"))
        }
        var rest = start[Self.firstLine.count...]
        var boxes: [[UInt8]] = []
        while true {
            guard let end = rest.firstIndex(of: 0x0A) else {
                throw .malformed(FormatError("private file", line: boxes.count + 2, "cut short"))
            }
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            guard boxes.count < Self.maximumRecipients, let box = Base64.decode(line),
                box.count == 32 + Self.boxOverhead
            else { throw .malformed(FormatError("private file", line: boxes.count + 2, "recipient")) }
            boxes.append(box)
        }
        guard !boxes.isEmpty else { throw .malformed(FormatError("private file", line: 2, "no recipients")) }
        self.boxes = boxes
        bytes = Array(start[..<rest.startIndex])
    }

    /// The number of recipients.
    public var recipientCount: Int { boxes.count }

    /// The content key, with the private key of one of the recipients.
    public func contentKey(for recipient: Ed25519.PrivateKey) throws(EnvelopeError) -> [UInt8] {
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secret = [UInt8](repeating: 0, count: 32)
        defer { sodium_memzero(&secret, secret.count) }
        guard crypto_sign_ed25519_pk_to_curve25519(&publicKey, recipient.publicKey.bytes) == 0,
            recipient.withSecretKey({ crypto_sign_ed25519_sk_to_curve25519(&secret, $0) }) == 0
        else { throw .notForThisKey }
        for box in boxes {
            var key = [UInt8](repeating: 0, count: 32)
            if crypto_box_seal_open(&key, box, UInt64(box.count), publicKey, secret) == 0 { return key }
        }
        throw .notForThisKey
    }

    /// What `crypto_box_seal` adds: a public key and an authenticator.
    private static let boxOverhead = 48
}
