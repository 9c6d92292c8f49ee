// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// What the page reads in a time-stamp is what the program reads; and what is none both refuse in the same words.
@Suite(.enabled(if: Browser.isThere))
struct TimestampPageTests {
    private static let function = """
        (files) => files.map((file) => {
            try {
                const { imprint, seconds, bound, policy, name } = indelible.formats.readTimestamp((\(ProofOutcome.bytes))(file));
                return [imprint, seconds, bound, policy, name ?? "nobody"].join(" ");
            } catch (error) {
                return error.name === "FormatError" ? error.message : error.stack;
            }
        })
        """

    @Test func timestampsSayWhatTheySay() throws {
        let folder = Browser.root.appendingPathComponent("Tests/Timestamps")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".tsr") }
            .sorted()
        #expect(names.count > 30)
        let files = try names.map { try PageVectors.own("Tests/Timestamps/\($0)") }
        for (number, outcome) in try Self.outcomes(of: files).enumerated() {
            #expect(outcome == Self.reading(of: files[number]), "\(names[number])")
        }
    }

    /// `EvidenceTests` asks the same of the program.
    @Test func whatIsNoResponse() throws {
        let table = String(decoding: try PageVectors.own("Tests/Timestamps/refused-forms.txt"), as: UTF8.self)
        let forms = table.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t") }
        #expect(forms.count > 30)
        for (form, outcome) in zip(forms, try Self.outcomes(of: forms.map { Self.bytes($0[0]) })) {
            #expect(outcome == form[1], "\(form[0])")
        }
    }

    private static func outcomes(of files: [[UInt8]]) throws -> [String] {
        try TemporaryPlace.with { place in
            let path = try place.write(try PageVectors.text(files.map { Base64.encode($0) }), to: "timestamps.json")
            let found = try Browser.run([
                BrowserSession(page: try place.page(), steps: [["call_with_file", function, path]])
            ])
            let outcomes = found[0].answers[0] as? [String] ?? []
            try #require(outcomes.count == files.count)
            return outcomes
        }
    }

    private static func reading(of bytes: [UInt8]) -> String {
        do throws(FormatError) {
            guard let token = try TimestampResponse(parsing: bytes).token else {
                return "time-stamp response: the authority refused"
            }
            let name = token.name.map { String(decoding: $0, as: UTF8.self) } ?? "nobody"
            return "\(token.imprint.hex) \(token.time.seconds) \(token.bound) \(token.policy) \(name)"
        } catch {
            return "\(error)"
        }
    }

    private static func bytes(_ digits: Substring) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0..<min($0 + 2, digits.count)]), radix: 16)
        }
    }
}
