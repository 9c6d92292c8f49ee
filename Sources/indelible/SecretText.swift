// SPDX-License-Identifier: Apache-2.0
import CSodium

/// A text with secrets in it as it is put together: in memory that does not move, wiped with the last use.
final class SecretText {
    private var storage: [UInt8] = []

    /// Makes room for so many bytes at once. More would be put elsewhere, and the first room left behind as it was.
    init(capacity: Int) {
        storage.reserveCapacity(capacity)
    }

    deinit {
        sodium_memzero(&storage, storage.count)
    }

    /// The bytes so far.
    var bytes: [UInt8] { storage }

    func append(_ text: String) {
        append(Array(text.utf8))
    }

    func append(_ bytes: some Collection<UInt8>) {
        precondition(storage.count + bytes.count <= storage.capacity, "a secret outgrew its room")
        storage.append(contentsOf: bytes)
    }
}
