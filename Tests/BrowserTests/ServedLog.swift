// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A log in a folder of its own, made and served by the built program, with the command line of those who use it.
///
/// It ends, and its folder goes, with the last use of it.
final class ServedLog {
    /// What a program left behind.
    struct Ran {
        let code: Int32
        let output: String
    }

    /// Something that a test needs is not there.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The passphrase of every key here.
    static let passphrase = "six words of a test"

    /// The folder, with `ledger`, `keys` and `home` in it.
    let folder: URL
    /// Where it is served.
    let address: String
    private let server = Process()

    /// Makes a log and serves it. `origin` is its name; `arguments` are further ones of `init`.
    init(origin: String = "ledger.example/2026", _ arguments: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("indelible-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let secret = folder.appendingPathComponent("passphrase")
        try Data(Self.passphrase.utf8).write(to: secret)
        let made = try Self.run(
            try Self.program(), ["init", "--origin", origin] + arguments, in: folder, Self.environment(folder))
        guard made.code == 0 else { throw Problem(description: made.output) }
        server.executableURL = try Self.program()
        server.arguments = ["serve", "--listen", "127.0.0.1:0"]
        server.currentDirectoryURL = folder
        server.environment = Self.environment(folder)
        let told = Pipe()
        server.standardOutput = told
        server.standardError = FileHandle.nullDevice
        try server.run()
        var line = ""
        while !line.hasSuffix("\n") {
            guard let part = try told.fileHandleForReading.read(upToCount: 1), !part.isEmpty else {
                throw Problem(description: "the server ended: \(line)")
            }
            line += String(decoding: part, as: UTF8.self)
        }
        address = String(line.dropLast().split(separator: " ").last ?? "")
    }

    deinit {
        server.terminate()
        server.waitUntilExit()
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            print("left behind: \(folder.path)")
        }
    }

    /// A path in the folder.
    func callAsFunction(_ path: String) -> String { folder.appendingPathComponent(path).path }

    /// Writes a file, and gives its path.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to path: String) throws -> String {
        let file = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(Array(bytes)).write(to: file)
        return file.path
    }

    /// Runs the program in a folder within this one, with the keys of `home`.
    func indelible(_ arguments: String..., in place: String = ".", home: String = "home") throws -> Ran {
        let directory = folder.appendingPathComponent(place).standardizedFileURL
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var environment = Self.environment(folder)
        environment["INDELIBLE_HOME"] = folder.appendingPathComponent(home).path
        return try Self.run(try Self.program(), arguments, in: directory, environment)
    }

    /// What is at an address of the server.
    func answer(_ path: String) throws -> String {
        let curl = URL(fileURLWithPath: "/usr/bin/env")
        return try Self.run(curl, ["curl", "-s", address + path], in: folder, [:]).output
    }

    /// Runs a program to its end, with what it says on both streams.
    static func run(
        _ program: URL, _ arguments: [String], in directory: URL, _ environment: [String: String],
        input: Data? = nil, hearsErrors: Bool = true
    ) throws -> Ran {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = hearsErrors ? output : FileHandle.standardError
        let fed = Pipe()
        process.standardInput = fed
        try process.run()
        if let input { try fed.fileHandleForWriting.write(contentsOf: input) }
        try fed.fileHandleForWriting.close()
        let told = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Ran(code: process.terminationStatus, output: String(decoding: told, as: UTF8.self))
    }

    private static func environment(_ folder: URL) -> [String: String] {
        [
            "INDELIBLE_HOME": folder.appendingPathComponent("home").path,
            "INDELIBLE_PASSPHRASE_FILE": folder.appendingPathComponent("passphrase").path,
            "INDELIBLE_LEDGER": folder.appendingPathComponent("ledger").path,
            "INDELIBLE_KEYS": folder.appendingPathComponent("keys").path, "LANG": "C.UTF-8",
        ]
    }

    /// The program that was built together with the tests: it lies beside the one that runs them.
    private static func program() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("indelible")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Problem(description: "\(program.path) is not there: build the product indelible first")
        }
        return program
    }
}
