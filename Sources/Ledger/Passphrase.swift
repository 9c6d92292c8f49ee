// SPDX-License-Identifier: Apache-2.0
import CSodium

/// A passphrase, wiped from memory when the last use of it ends.
public final class Passphrase: Sendable {
    private let storage: UnsafeSendableBuffer

    /// Takes the bytes of a passphrase and wipes them where they were. Nil if there are none.
    public init?(consuming bytes: inout [UInt8]) {
        defer { sodium_memzero(&bytes, bytes.count) }
        guard !bytes.isEmpty, bytes.count <= 1024 else { return nil }
        storage = UnsafeSendableBuffer(copying: bytes)
    }

    deinit {
        sodium_memzero(storage.base, storage.count)
        storage.base.deallocate()
    }

    /// Whether two passphrases are the same.
    public func matches(_ other: Passphrase) -> Bool {
        storage.count == other.storage.count && sodium_memcmp(storage.base, other.storage.base, storage.count) == 0
    }

    /// Lends the bytes.
    func withBytes<R>(_ body: (UnsafePointer<CChar>, Int32) -> R) -> R {
        storage.base.withMemoryRebound(to: CChar.self, capacity: storage.count) { body($0, Int32(storage.count)) }
    }
}

/// Memory that is written once, before it is shared.
private struct UnsafeSendableBuffer: Sendable {
    nonisolated(unsafe) let base: UnsafeMutablePointer<UInt8>
    let count: Int

    init(copying bytes: [UInt8]) {
        base = .allocate(capacity: bytes.count)
        base.initialize(from: bytes, count: bytes.count)
        count = bytes.count
    }
}
