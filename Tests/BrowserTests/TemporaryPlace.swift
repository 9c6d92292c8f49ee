// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A folder for the files of one test, which is gone after it.
struct TemporaryPlace {
    let url: URL

    /// Gives a folder to `body`, and removes it.
    static func with<Result>(_ body: (TemporaryPlace) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("indelible-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(TemporaryPlace(url: url))
    }

    /// A file in it, by name.
    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file, and gives its path.
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    /// Writes the page that verifies, with a trust list in it or without one, as `indelible page` does.
    func page(trust: String? = nil) throws -> URL {
        let page = file("verify.html")
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("indelible")
        process.arguments = ["page", "-o", page.path] + (trust.map { ["--trust", $0] } ?? [])
        process.environment = ["PATH": "/usr/bin:/bin", "INDELIBLE_HOME": url.path, "LANG": "C.UTF-8"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BrowserProblem(words: "`indelible page` failed") }
        return page
    }
}
