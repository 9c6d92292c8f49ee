// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Hands out the trust list by which others verify, with the fingerprint that they compare.
struct LogExportTrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-trust",
        abstract: "Write the trust list for others, with a fingerprint to compare aloud.",
        discussion: "Whoever gets it joins with `indelible join FILE`, or verifies with `--trust FILE`.")

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var trust: TrustOption
    @Option(
        name: [.short, .long], help: ArgumentHelp("Write it here (default: standard output).", valueName: "file"))
    var output: String?

    func run() async throws {
        let workplace = try Workplace(options)
        let trust = try workplace.trust(trust.named)
        if let output { try write(trust.policy.bytes, to: FilePath(output)) }
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("policy_sha256", .text(trust.policy.fingerprint.hex)),
                    JSON.Member("logs", .array(trust.policy.logs.map { .text($0.key.utf8) })),
                    JSON.Member("cosigning_servers", .array(trust.policy.witnesses.map { .text($0.key.utf8) })),
                    JSON.Member("file", output.map { .text(Shown.path(FilePath($0))) } ?? .null),
                ]))
        }
        if output == nil { Console.data(bytes: trust.policy.bytes) }
        Console.note(
            """
            SHA-256 of the trust list, to be compared aloud, by another way than the list came:
              \(trust.fingerprint)
            """)
    }

    /// Writes the list; where the very same is there already, nothing.
    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        if try DurableFile.exists(path) && DurableFile.read(path, limit: TrustPolicy.maximumByteCount) == bytes {
            return
        }
        try DurableFile.write(bytes, to: path, ifTaken: .refuse)
    }
}
