// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Private keys at rest.
struct KeyFileTests {
    private static func passphrase(_ text: String) throws -> Passphrase {
        var bytes = Array(text.utf8)
        let passphrase = try #require(Passphrase(consuming: &bytes))
        #expect(bytes.allSatisfy { $0 == 0 })
        return passphrase
    }

    private static func sealed(_ name: String, _ text: String = "correct horse") throws -> KeyFile {
        KeyFile(
            sealing: try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 9, count: 32))),
            named: try #require(KeyName(name)), under: try passphrase(text), salt: [UInt8](repeating: 1, count: 16),
            initializationVector: [UInt8](repeating: 2, count: 16))
    }

    @Test(arguments: ["registrar", "ledger.example/log", "林月"])
    func aKeyComesBackWithItsPassphraseAlone(_ name: String) throws {
        let file = try KeyFile(parsing: Self.sealed(name).bytes)
        #expect(file.verifierKey.name.description == name)
        let signer = try file.open(with: Self.passphrase("correct horse"))
        #expect(signer.verifierKey == file.verifierKey)
        #expect(throws: KeyFile.OpenError.wrongPassphrase) { try file.open(with: Self.passphrase("correct hors")) }
    }

    @Test func aFileThatSaysAnotherKeyIsRefused() throws {
        let file = try Self.sealed("registrar")
        let other = VerifierKey(
            name: file.verifierKey.name,
            publicKey: try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 8, count: 32))).publicKey)
        let end = try #require(file.bytes.firstIndex(of: 0x0A))
        let forged = Array("indelible private key of ".utf8) + other.utf8 + file.bytes[end...]
        #expect(throws: KeyFile.OpenError.anotherKey) {
            try KeyFile(parsing: forged).open(with: Self.passphrase("correct horse"))
        }
    }

    @Test func whatIsNoKeyFileIsRefused() throws {
        let file = try Self.sealed("registrar")
        for bytes in [
            [], Array("-----BEGIN ENCRYPTED PRIVATE KEY-----\n".utf8), Array(file.bytes.dropFirst()),
            [UInt8](repeating: 65, count: 70_000),
        ] {
            #expect(throws: FormatError.self) { try KeyFile(parsing: bytes) }
        }
        let cut = try KeyFile(parsing: Array(file.bytes.prefix(120)))
        #expect(throws: KeyFile.OpenError.self) { try cut.open(with: Self.passphrase("correct horse")) }
    }

    @Test func noPassphraseIsNone() {
        var empty: [UInt8] = []
        #expect(Passphrase(consuming: &empty) == nil)
        var long = [UInt8](repeating: 65, count: 1_025)
        #expect(Passphrase(consuming: &long) == nil)
        #expect(long.allSatisfy { $0 == 0 })
    }

    @Test func aStoreKeepsKeysForItsOwnerAndReplacesNone() throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let store = KeyStore(folder: folder)
        #expect(try store.list().isEmpty)
        let name = try #require(KeyName("ledger.example/log"))
        #expect(throws: KeyStore.LookupError.self) { try store.key(named: name) }
        try store.add(Self.sealed("ledger.example/log"))
        #expect(store.path(of: name).lastComponent?.string == "ledger.example%2flog.pem")
        #expect(store.contains(name))
        #expect(throws: FileError.self) { try store.add(Self.sealed("ledger.example/log", "another")) }
        try DurableFile.write(Array("junk".utf8), to: folder.appending("junk.pem"), mode: 0o600)
        #expect(try store.list().map(\.verifierKey.name) == [name])
        func mode(_ path: FilePath) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
        }
        #expect(try mode(folder) == 0o700)
        #expect(try mode(store.path(of: name)) == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store.path(of: name).string)
        #expect(throws: KeyStore.LookupError.self) { try store.key(named: name) }
    }
}
