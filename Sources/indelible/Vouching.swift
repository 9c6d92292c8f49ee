// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Who vouches, as `--as ROLE[:KEY]` says it.
struct Vouching {
    let role: Role
    /// The name of the key, where it was given.
    let key: String?

    /// Reads the argument.
    init(_ argument: String) throws {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let role = Role(String(parts[0])) else {
            throw Failure(
                .usage, "no role \(Shown.bytes(parts[0].utf8))",
                hint: "the roles are \(Role.all.map(\.word).joined(separator: ", "))")
        }
        self.role = role
        key = parts.count == 2 ? String(parts[1]) : nil
    }

    /// Reads a text of one line for an attestation: from a file, so that the shell remembers nothing of it.
    static func lines(_ argument: String, count: Int, for what: String) throws -> [WireText] {
        let path = FilePath(argument.hasPrefix("@") ? String(argument.dropFirst()) : argument)
        var bytes = try DurableFile.read(path, limit: 65_536)
        if bytes.last == 0x0A { bytes.removeLast() }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).compactMap { WireText($0) }
        guard lines.count == count else {
            throw Failure(
                .usage, "\(Shown.bytes(argument.utf8)) does not hold \(what)",
                hint: "one line each: 1 to 1,024 bytes of UTF-8 without control characters")
        }
        return lines
    }
}
