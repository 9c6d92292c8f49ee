// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where one program is run again and again: a world whose calls are watched, and beside it what they never reach.
///
///     world/     the folder in which the program runs: documents, ledger, keys
///     world/home private keys
///     handed-out copies of proofs and documents, as somebody else has them
///     disk/      the model of the disk
final class FaultFolder: Sendable {
    let root: String
    var world: String { root + "/world" }
    var home: String { world + "/home" }
    var disk: String { root + "/disk" }
    var scratch: String { root }
    /// Copies of the proofs that were handed out, each beside its document.
    var handedOut: String { root + "/handed-out" }

    /// A folder in memory where that can be had. Links from `disk` to `world` need one file system.
    init() throws {
        let memory = "/dev/shm"
        let base =
            FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
        root = base + "/faults-\(UUID())"
        for folder in [home, disk, handedOut] { try Self.make(folder) }
        try Data("passphrase\n".utf8).write(to: URL(fileURLWithPath: root + "/passphrase"))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    var environment: [String: String] {
        [
            "HOME": root, "INDELIBLE_HOME": home, "INDELIBLE_PASSPHRASE_FILE": root + "/passphrase", "TMPDIR": root,
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "SWIFT_BACKTRACE": "enable=no",
        ]
    }

    static func make(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Writes a file of the world.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: world + "/" + name))
    }

    /// Begins anew with a copy of a folder as the world, and nothing handed out.
    func begin(with template: FaultFolder) throws {
        for (from, to) in [(template.world, world), (template.handedOut, handedOut)] {
            try FileManager.default.removeItem(atPath: to)
            try FileManager.default.copyItem(atPath: from, toPath: to)
        }
        try forgetDisk()
    }

    /// From here on all that is there is on the disk.
    func forgetDisk() throws {
        try FileManager.default.removeItem(atPath: disk)
        try Self.make(disk)
    }

    /// All files and folders of the world, by their paths in it.
    func names() -> [String] {
        (FileManager.default.enumerator(atPath: world)?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// Makes the passphrases of the private keys quick to try: what makes that slow on purpose is not tested here.
    func quickenKeys(in home: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: home) where name.hasSuffix(".pem") {
            let path = home + "/" + name
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let line = text.prefix { $0 != "\n" } + "\n"
            try String(text.dropFirst(line.count)).write(toFile: root + "/slow", atomically: false, encoding: .utf8)
            let shell = Process()
            shell.executableURL = URL(fileURLWithPath: "/bin/sh")
            shell.currentDirectoryURL = URL(fileURLWithPath: root)
            shell.arguments = [
                "-c",
                """
                openssl pkey -in slow -passin file:passphrase -out plain && openssl pkcs8 -topk8 -in plain \
                -v2 aes-256-cbc -iter 1 -passout file:passphrase -out quick
                """,
            ]
            try shell.run()
            shell.waitUntilExit()
            guard shell.terminationStatus == 0 else { throw Problem("openssl does not open \(name)") }
            let quick = try String(contentsOfFile: root + "/quick", encoding: .utf8)
            // Written in place: the file keeps its mode.
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data((String(line) + quick).utf8))
            try file.close()
        }
    }
}
