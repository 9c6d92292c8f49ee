// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// A folder of private keys as it may be found, and key files as OpenSSL sees them.
@Suite struct KeyStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func passphrase(_ text: String) throws -> Passphrase {
        var bytes = Array(text.utf8)
        return try #require(Passphrase(consuming: &bytes))
    }

    private static func key(_ name: String, _ passphrase: String = "correct horse") throws -> KeyFile {
        KeyFile(
            sealing: SequencerWorld.person(name).privateKey, named: KeyName(name)!,
            under: try Self.passphrase(passphrase), salt: Array(SHA256.hash(Array(name.utf8)).bytes.prefix(16)),
            initializationVector: [UInt8](repeating: 3, count: 16))
    }

    private static let sealed = Result { try key("registrar") }

    /// A key file of another name without the work of sealing it: its secret is that of "registrar".
    private static func renamed(_ name: String) throws -> KeyFile {
        let bytes = try sealed.get().bytes
        let signer = NoteSigner(
            name: try #require(KeyName(name)), privateKey: SequencerWorld.person("registrar").privateKey)
        let end = try #require(bytes.firstIndex(of: 0x0A))
        return try KeyFile(parsing: Array("indelible private key of \(signer.verifierKey)".utf8) + bytes[end...])
    }

    // MARK: - Names

    @Test(arguments: [
        ("registrar", "registrar"), ("ledger.example/log", "ledger.example%2flog"), ("林月", "%e6%9e%97%e6%9c%88"),
        ("..", "%2e."), (".hidden", "%2ehidden"), ("a/../b", "a%2f..%2fb"), ("A-z_0.9", "A-z_0.9"), ("a%2f", "a%252f"),
        ("é", "%c3%a9"), ("e\u{301}", "e%cc%81"), ("~", "%7e"), ("-rf", "-rf"),
    ])
    func fileNames(name: String, file: String) throws {
        let store = KeyStore(folder: folder("keys"))
        let keyName = try #require(KeyName(name))
        #expect(store.fileName(of: keyName) == file)
        #expect(store.path(of: keyName) == folder("keys").appending(file + ".pem"))
        try store.add(Self.renamed(name))
        #expect(try folder.files() == ["keys/\(file).pem"], "it stands in the folder and nowhere else")
        let found = try store.key(named: keyName)
        #expect(found.verifierKey.name == keyName)
        #expect(store.contains(keyName))
        #expect(try store.list().map(\.verifierKey) == [found.verifierKey])
    }

    /// Every byte that a name may have gives a file name of its own, without a separator.
    @Test func fileNamesDiffer() throws {
        let store = KeyStore(folder: folder.path)
        var names: Set<[UInt8]> = []
        var seen: Set<String> = []
        for byte in UInt8(0x21)...0x7E {
            for text in [[byte], [0x61, byte], [byte, 0x2E]] {
                guard let name = KeyName(text), names.insert(text).inserted else { continue }
                let file = store.fileName(of: name)
                #expect(seen.insert(file).inserted)
                #expect(!file.contains("/") && !file.hasPrefix("."))
            }
        }
    }

    // MARK: - What else is there

    /// Whatever else a folder holds under such a name is passed over, and not waited for.
    @Test(.timeLimit(.minutes(1))) func listingIgnoresWhatIsNoKeyFile() throws {
        let store = KeyStore(folder: folder.path)
        #expect(try store.list().isEmpty)
        try store.add(Self.renamed("b"))
        try store.add(Self.renamed("a"))
        try folder.write("", to: "empty.pem")
        try folder.write("-----BEGIN PRIVATE KEY-----\n", to: "other.pem")
        try folder.write(Self.renamed("c").bytes, to: "c.pem.bak")
        try folder.write([UInt8](repeating: 65, count: 65_537), to: "long.pem")
        try folder.write(Self.renamed("d").bytes.dropFirst(), to: "d.pem")
        try folder.makeFolder("folder.pem")
        #expect(symlink("nowhere", folder("link.pem").string) == 0)
        #expect(mkfifo(folder("pipe.pem").string, 0o600) == 0)
        #expect(try store.list().map(\.verifierKey.name.description) == ["a", "b"])
        #expect(try KeyStore(folder: folder("none")).list().isEmpty)
        #expect(try KeyStore(folder: folder("a.pem")).list().isEmpty)
    }

    @Test func lookups() throws {
        let store = KeyStore(folder: folder("deep/keys"))
        let name = KeyName("registrar")!
        #expect { try store.key(named: name) } throws: { error in
            if case KeyStore.LookupError.absent(name, store.path(of: name)) = error { true } else { false }
        }
        #expect(!store.contains(name))
        try store.add(Self.sealed.get())
        #expect(try store.folder.mode == 0o700)
        #expect(try store.path(of: name).mode == 0o600)
        #expect(throws: FileError("write", store.path(of: name), .fileExists)) {
            try store.add(Self.renamed("registrar"))
        }
        for mode in [0o640, 0o604, 0o620, 0o601, 0o610, 0o666] {
            chmod(store.path(of: name).string, mode_t(mode))
            #expect { try store.key(named: name) } throws: { error in
                if case KeyStore.LookupError.openToOthers = error { true } else { false }
            }
        }
        for mode in [0o600, 0o400] {
            chmod(store.path(of: name).string, mode_t(mode))
            #expect(throws: Never.self) { try store.key(named: name) }
        }
        try DurableFile.write(Array("junk".utf8), to: store.path(of: name), mode: 0o600)
        #expect { try store.key(named: name) } throws: { error in
            if case KeyStore.LookupError.malformed = error { true } else { false }
        }
    }

    // MARK: - Key files

    /// Cut off anywhere, the file does not open; with any byte of its line changed, it is not that key's.
    @Test func truncatedAndAltered() throws {
        let file = try Self.key("registrar")
        let passphrase = try Self.passphrase("correct horse")
        let line = try #require(file.bytes.firstIndex(of: 0x0A))
        for count in 0..<file.bytes.count - 1 where count <= line || count % 16 == 0 {
            let cut = Array(file.bytes.prefix(count))
            #expect(throws: (any Error).self) { try KeyFile(parsing: cut).open(with: passphrase) }
        }
        for place in 0...line {
            var bytes = file.bytes
            bytes[place] ^= 1
            #expect(throws: (any Error).self) { try KeyFile(parsing: bytes).open(with: passphrase) }
        }
    }

    private static let opensslPath = "/usr/bin/openssl"

    /// Anybody can open the key without this package.
    @Test(arguments: ["correct horse", "合言葉 1"])
    func opensslOpensIt(_ passphrase: String) throws {
        let key = SequencerWorld.person("registrar").privateKey
        let path = try folder.write(Self.key("registrar", passphrase).bytes, to: "registrar.pem")
        try folder.write(passphrase + "\n", to: "passphrase")
        let text = try openssl(
            "pkey", "-in", path.string, "-passin", "file:" + folder("passphrase").string, "-outform", "DER")
        // The last 32 bytes of an unencrypted PKCS#8 key of this kind are the seed.
        #expect(text.status == 0)
        #expect(Array(text.output.suffix(32)) == key.withSeed { Array($0) })
        let wrong = try openssl("pkey", "-in", path.string, "-passin", "pass:wrong", "-outform", "DER")
        #expect(wrong.status != 0)
    }

    /// A key that OpenSSL has encrypted anew under another passphrase opens here.
    @Test
    func opensslChangesThePassphrase() throws {
        let file = try Self.key("registrar")
        let path = try folder.write(file.bytes, to: "registrar.pem")
        let changed = try openssl(
            "pkcs8", "-topk8", "-in", path.string, "-passin", "pass:correct horse", "-passout", "pass:new", "-v2",
            "aes-256-cbc")
        #expect(changed.status == 0)
        let line = file.bytes.prefix { $0 != 0x0A } + [0x0A]
        let signer = try KeyFile(parsing: Array(line) + changed.output).open(with: Self.passphrase("new"))
        #expect(signer.verifierKey == file.verifierKey)
    }

    private func openssl(_ arguments: String...) throws -> (status: Int32, output: [UInt8]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.opensslPath)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, [UInt8](bytes))
    }
}
