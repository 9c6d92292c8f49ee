// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage

/// Hashing a file of 1 GiB as `register` does, against `openssl dgst -sha256`.
struct HashingBenchmark {
    let folder: FilePath
    let tool: String

    func run() throws -> [Measured] {
        let file = folder.appending("large.bin")
        let part = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
        try Data().write(to: URL(fileURLWithPath: file.string))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.string))
        for _ in 0..<1024 { try handle.write(contentsOf: part) }
        try handle.close()
        defer { try? FileManager.default.removeItem(atPath: file.string) }
        // In turns, so that what else the machine does falls on both.
        var own: [Double] = []
        var other: [Double] = []
        for _ in 0..<5 {
            other.append(try seconds { try Benchmarks.run("openssl", ["dgst", "-sha256", file.string]) })
            own.append(try seconds { _ = try DocumentReader(keepsText: true).read(file) })
        }
        let ratio = median(other) / median(own)
        return [
            Measured(
                what: "hash a file of 1 GiB", figure: "\(Int(1024 / median(own))) MiB/s",
                against: "`openssl dgst -sha256` \(Int(1024 / median(other))) MiB/s", ratio: ratio,
                wanted: "at least 0.9")
        ]
    }
}

/// `indelible verify` of a small proof, as a whole process, against a process that does nothing.
struct VerifyBenchmark {
    let folder: FilePath
    let tool: String

    func run() throws -> [Measured] {
        let place = folder.appending("verify")
        try FileManager.default.createDirectory(atPath: place.string, withIntermediateDirectories: true)
        let passphrase = place.appending("passphrase").string
        try Data("for a benchmark\n".utf8).write(to: URL(fileURLWithPath: passphrase))
        let document = place.appending("letter.txt").string
        try Data("To whom it may concern\n".utf8).write(to: URL(fileURLWithPath: document))
        let environment = [
            "INDELIBLE_HOME": place.appending("home").string, "INDELIBLE_PASSPHRASE_FILE": passphrase,
            "INDELIBLE_LEDGER": place.appending("ledger").string, "INDELIBLE_KEYS": place.appending("keys").string,
        ]
        try Benchmarks.run(tool, ["init", "--origin", "benchmark.example/verify"], environment: environment)
        try Benchmarks.run(tool, ["register", document], environment: environment)
        var own: [Double] = []
        var nothing: [Double] = []
        for _ in 0..<40 {
            nothing.append(try seconds { try Benchmarks.run("true", []) })
            own.append(try seconds { try Benchmarks.run(tool, ["verify", document], environment: environment) })
        }
        let milliseconds = { (figure: Double) in Double(Int(figure * 10_000)) / 10 }
        return [
            Measured(
                what: "`verify` of a small proof, the whole process", figure: "\(milliseconds(median(own))) ms",
                against: "starting `true` the same way \(milliseconds(median(nothing))) ms",
                ratio: median(own) / median(nothing),
                wanted: "under 30 ms")
        ]
    }
}
