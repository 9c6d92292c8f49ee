// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A log and witnesses with keys of their own, for tests that make what they check.
struct TestLog {
    let origin: Origin
    let signer: NoteSigner
    let witnesses: [WitnessSigner]

    init(_ origin: String = "ledger.example/vectors", seed: String = Carried.logSeed) {
        let name = KeyName(origin)!
        self.origin = Origin(name)
        signer = NoteSigner(name: name, privateKey: Self.key(seed))
        witnesses = Carried.witnessSeeds.enumerated().map { number, seed in
            WitnessSigner(name: KeyName("witness.example/w\(number + 1)")!, privateKey: Self.key(seed))
        }
    }

    /// A tree of one leaf for each name.
    func checkpoint(size: Int) throws -> SignedCheckpoint {
        try Checkpoint(origin: origin, head: NaiveTree(size: size).head(size)).signed(by: [signer])
    }

    /// A signature line by each witness that is given a time.
    func cosigned(_ checkpoint: SignedCheckpoint, _ times: [UInt64?]) throws -> SignedCheckpoint {
        let text = Array(checkpoint.note.unverifiedText)
        return try checkpoint.adding(
            zip(witnesses, times).compactMap { witness, time in time.map { witness.line(over: text, time: $0) } })
    }

    static func key(_ seed: String) -> Ed25519.PrivateKey {
        Ed25519.PrivateKey(seed: Hex.decode(Array(seed.utf8))!)!
    }

    /// A key whose seed is a small number.
    static func key(_ number: UInt64) -> Ed25519.PrivateKey {
        Ed25519.PrivateKey(seed: (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) : 0 })!
    }
}

extension TrustPolicy {
    init(text: String) throws {
        try self.init(parsing: Array(text.utf8))
    }
}
