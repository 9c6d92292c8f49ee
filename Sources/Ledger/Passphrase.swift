// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A passphrase of 1 to 1,024 bytes, wiped from memory when the last use of it ends.
public final class Passphrase: Sendable {
    private let secret: SecretBytes

    /// Takes the bytes of a passphrase and wipes them where they were. Nil if there are none, or too many.
    public init?(consuming bytes: inout [UInt8]) {
        let count = bytes.count
        guard let secret = SecretBytes(consuming: &bytes), (1...1024).contains(count) else { return nil }
        self.secret = secret
    }

    /// Whether two passphrases are the same.
    public func matches(_ other: Passphrase) -> Bool { secret.matches(other.secret) }

    /// Lends the bytes.
    func withBytes<R>(_ body: (UnsafePointer<CChar>?, Int32) -> R) -> R {
        secret.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count)) }
    }
}
