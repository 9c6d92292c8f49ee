// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A filing of the stewards about the log itself: entered at once where all their keys are here, and else a file that
/// goes from one to the next.
struct LogFiling {
    let text: FilingText
    let path: FilePath
    private let output: String?

    /// A filing for these signers. Throws what the log would refuse.
    init(
        _ action: Action, by signers: LogSigners, after quote: Quote?, under registry: Registry, at output: String?,
        named fallback: String
    ) throws {
        text = try FilingText(log: registry.origin, after: quote, signers: signers.keys, action: action)
        path = FilePath(output ?? fallback)
        self.output = output
        try registry.judge(unsigned: text, at: Moment.now())
    }

    /// The same filing as an earlier run left it, with the signatures that it has by now; nil where there is none.
    private func begun() throws -> FilingDraft? {
        guard DurableFile.exists(path), !DurableFile.isFolder(path), let draft = try? FilingDraft(reading: path)
        else { return nil }
        // It may quote an older checkpoint: that is what they who signed it had seen.
        let same = try FilingText(log: text.log, after: draft.text.after, signers: text.signers, action: text.action)
        guard draft.text == same else { return nil }
        try draft.verifySignatures()
        return draft
    }

    /// Offers it to the log, or leaves it for others. One that waits for them already stays as it is.
    func offer(in workplace: Workplace) async throws {
        guard let begun = try begun() else {
            return try await workplace.offer(text, having: [], at: output, named: path.string)
        }
        let file = Shown.path(path)
        if workplace.speaksJSON {
            return Console.data(JSON.object([JSON.Member("filing", .text(file))]))
        }
        Console.note(
            begun.unsigned.isEmpty
                ? "not yet logged: \(file) is signed by everybody, and `indelible submit` enters it"
                : "not yet logged: \(file) is there already, and lacks the signature of \(LogSigners.names(begun.unsigned))"
        )
    }
}
