// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// Encrypted keys of others that ask for more work than anybody would wait for.
@Suite struct KeyDerivationCostTests {
    // MARK: - DER

    private static func der(_ tag: UInt8, _ content: [UInt8]...) -> [UInt8] {
        let content = content.flatMap(\.self)
        let length = content.count
        let head: [UInt8] = length < 128 ? [UInt8(length)] : [0x82, UInt8(length >> 8), UInt8(length & 255)]
        return [tag] + head + content
    }

    private static func integer(_ value: UInt64) -> [UInt8] {
        var bytes = withUnsafeBytes(of: value.bigEndian) { Array($0.drop { $0 == 0 }) }
        if bytes.first.map({ $0 > 127 }) ?? true { bytes.insert(0, at: 0) }
        return der(0x02, bytes)
    }

    private static let salt = der(0x04, [UInt8](repeating: 1, count: 16))
    private static let pbes2: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 0x0D]
    private static let pbkdf2: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 0x0C]
    private static let scrypt: [UInt8] = [0x06, 9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 0x0B]
    private static let tripleDES: [UInt8] = [0x06, 10, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 0x0C, 1, 3]
    private static let aes: [UInt8] = [0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2A]

    private static func key(_ algorithm: [UInt8]) throws -> ForeignKey {
        let bytes = der(0x30, algorithm, der(0x04, [UInt8](repeating: 5, count: 64)))
        var pem = Array(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\(Base64.encode(bytes))\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8
        )
        return try ForeignKey(consuming: &pem)
    }

    private static func second(_ derivation: [UInt8]) -> [UInt8] {
        der(0x30, pbes2, der(0x30, derivation, der(0x30, aes, der(0x04, [UInt8](repeating: 2, count: 16)))))
    }

    private static func open(_ algorithm: [UInt8]) throws {
        var words = Array("correct horse".utf8)
        _ = try key(algorithm).open(with: Passphrase(consuming: &words))
    }

    // MARK: - Costs

    @Test(arguments: [20_000_001, 1 << 31, 1 << 62]) func tooManyRounds(_ rounds: UInt64) {
        let derivation = Self.der(0x30, Self.pbkdf2, Self.der(0x30, Self.salt, Self.integer(rounds)))
        #expect(throws: KeyFile.OpenError.tooCostly) { try Self.open(Self.second(derivation)) }
        let older = Self.der(0x30, Self.tripleDES, Self.der(0x30, Self.salt, Self.integer(rounds)))
        #expect(throws: KeyFile.OpenError.tooCostly) { try Self.open(older) }
    }

    @Test(arguments: [65, 16_000]) func tooManyLanes(_ lanes: UInt64) {
        let parameters = Self.der(0x30, Self.salt, Self.integer(16_384), Self.integer(8), Self.integer(lanes))
        #expect(throws: KeyFile.OpenError.tooCostly) {
            try Self.open(Self.second(Self.der(0x30, Self.scrypt, parameters)))
        }
    }

    @Test func whatIsBorneIsTried() {
        let rounds = Self.der(0x30, Self.pbkdf2, Self.der(0x30, Self.salt, Self.integer(1000)))
        let older = Self.der(0x30, Self.tripleDES, Self.der(0x30, Self.salt, Self.integer(1000)))
        let lanes = Self.der(0x30, Self.salt, Self.integer(16), Self.integer(8), Self.integer(64))
        for algorithm in [Self.second(rounds), older, Self.second(Self.der(0x30, Self.scrypt, lanes))] {
            #expect(throws: KeyFile.OpenError.wrongPassphrase) { try Self.open(algorithm) }
        }
    }

    @Test func whatIsInNoKnownFormIsNotTried() {
        let unknown = Self.der(0x30, Self.aes, Self.der(0x30, Self.salt, Self.integer(1)))
        for algorithm in [Self.second(unknown), Self.der(0x30, Self.pbes2), Self.der(0x30, Self.aes, Self.salt)] {
            #expect(throws: KeyFile.OpenError.tooCostly) { try Self.open(algorithm) }
        }
    }
}
