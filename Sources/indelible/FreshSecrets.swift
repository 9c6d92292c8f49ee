// SPDX-License-Identifier: Apache-2.0
import CSodium
import Evidence
import TransparencyLog

extension [UInt8] {
    /// Bytes of the system's randomness.
    static func fresh(count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
}

extension Ed25519.PrivateKey {
    /// A key of the system's randomness, which nobody else has.
    static func fresh() throws -> Ed25519.PrivateKey {
        var seed = [UInt8].fresh(count: 32)
        defer { sodium_memzero(&seed, seed.count) }
        guard let key = Ed25519.PrivateKey(seed: seed) else {
            throw Failure(.cannotTell, "no key could be made on this machine")
        }
        return key
    }
}

extension SealedSeed {
    /// A seed of the system's randomness.
    static func fresh() throws -> SealedSeed {
        guard let seed = SealedSeed([UInt8].fresh(count: 32)) else {
            throw Failure(.cannotTell, "no seed could be made on this machine")
        }
        return seed
    }
}
