// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// What the page says of the examples that every clone carries is what the program says of them, member for member.
@Suite(.enabled(if: Browser.isThere), .serialized)
struct ExamplePageTests {
    /// One proof with a document, or alone.
    private struct Example {
        let proof: String
        let document: String?
        let bytes: [UInt8]
    }

    private static let function = """
        async ([policy, examples]) => {
            const bytes = \(ProofOutcome.bytes);
            const found = [];
            for (const [proof, path, text] of examples) {
                const documents = path === null ? [] : [{ path, bytes: bytes(text) }];
                found.push(await indelible.verify(bytes(proof), bytes(policy), { documents }));
            }
            return found;
        }
        """

    @Test func everyExampleIsReportedAsTheProgramReportsIt() throws {
        try TemporaryPlace.with { place in
            var examples: [Example] = []
            for proof in PageVectors.examples {
                let document =
                    proof.hasSuffix(".txt.proof") || proof.hasSuffix(".png.proof") ? String(proof.dropLast(6)) : nil
                examples.append(Example(proof: proof, document: nil, bytes: []))
                if let document {
                    let bytes = try PageVectors.own("docs/examples/\(document)")
                    for variant in try Self.variants(of: bytes) {
                        examples.append(Example(proof: proof, document: document, bytes: variant))
                    }
                }
            }
            #expect(examples.count > 40)
            let arguments: [[Any]] = try examples.map { example in
                [
                    Base64.encode(try PageVectors.own("docs/examples/\(example.proof)")),
                    example.document as Any? ?? NSNull(), Base64.encode(example.bytes),
                ]
            }
            let argument: [Any] = [Base64.encode(try PageVectors.own("keys/policy")), arguments]
            let path = try place.write(try PageVectors.text(argument), to: "examples.json")
            let found = try Browser.run([
                BrowserSession(page: try place.page(), steps: [["call_with_file", Self.function, path]])
            ])
            let reports = found[0].answers[0] as? [[String: Any]] ?? []
            try #require(reports.count == examples.count)
            for (example, report) in zip(examples, reports) {
                let expected = try Self.report(on: example, in: place)
                #expect(
                    try Self.sorted(report) == Self.sorted(expected),
                    "\(example.proof) with \(example.document ?? "nothing") of \(example.bytes.count) bytes")
            }
        }
    }

    /// A document as it is, with a byte changed, and written down in other ways.
    private static func variants(of bytes: [UInt8]) throws -> [[UInt8]] {
        var changed = bytes
        changed[bytes.count / 2] ^= 1
        guard let text = String(validating: bytes, as: UTF8.self) else { return [bytes, changed] }
        let windows = Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
        let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        return [
            bytes, changed, windows, [0xEF, 0xBB, 0xBF] + windows, bytes.dropLast(), [0xFF, 0xFE] + wide, wide,
            Array(bytes) + [0x0A], try recoded(bytes, "GB18030") ?? bytes, try recoded(windows, "GBK") ?? bytes, [],
        ]
    }

    /// A text in another encoding, by the C library's converter; nil where it cannot be written in it.
    private static func recoded(_ bytes: [UInt8], _ encoding: String) throws -> [UInt8]? {
        try TemporaryPlace.with { place in
            let path = try place.write(bytes, to: "text")
            let output = Pipe()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["iconv", "-f", "UTF-8", "-t", encoding, path]
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let recoded = Array(output.fileHandleForReading.readDataToEndOfFile())
            process.waitUntilExit()
            return process.terminationStatus == 0 ? recoded : nil
        }
    }

    /// What `indelible verify --json` says.
    private static func report(on example: Example, in place: TemporaryPlace) throws -> [String: Any] {
        let folder = place.file(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let proof = folder.appendingPathComponent("a.proof")
        try Data(try PageVectors.own("docs/examples/\(example.proof)")).write(to: proof)
        if let document = example.document {
            try Data(example.bytes).write(to: folder.appendingPathComponent(document))
        }
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("indelible")
        process.currentDirectoryURL = folder
        process.arguments =
            ["verify", "--json", "--keys", Browser.root.appendingPathComponent("keys").path, "--proof", "a.proof"]
            + (example.document.map { [$0] } ?? [])
        process.environment = ["PATH": "/usr/bin:/bin", "INDELIBLE_HOME": folder.path, "LANG": "C.UTF-8"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let object = try JSONSerialization.jsonObject(with: text) as? [String: Any]
        return (object?["proofs"] as? [[String: Any]])?.first ?? [:]
    }

    private static func sorted(_ object: [String: Any]) throws -> String {
        String(
            decoding: try JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]),
            as: UTF8.self)
    }
}
