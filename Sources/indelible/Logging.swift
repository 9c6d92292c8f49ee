// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A filing that is in the log, with the proof.
struct Logged {
    let inclusion: LogProof
    let wasPresent: Bool

    var index: LeafIndex { inclusion.index }
}

extension Workplace {
    /// Offers filings to the log, one after the other; nil where this machine cannot write to it.
    ///
    /// Throws what the first refused one is refused for; those before it are in the log.
    func enter(_ filings: [Filing]) async throws -> [Logged]? {
        if case .address = source { try requireFolder() }
        guard DurableFile.isFolder(ledger), let identity = try logIdentity() else { return nil }
        let log = try await openLog(identity)
        var logged: [Logged] = []
        do {
            for filing in filings {
                let receipt = try await log.sequencer.submit(filing)
                let checkpoint = try identity.policy().verify(SignedCheckpoint(receipt.checkpoint))
                let reader = LedgerReader(DirectoryStore.reading(ledger), at: checkpoint)
                logged.append(
                    Logged(inclusion: try await reader.proof(of: receipt.index), wasPresent: receipt.wasPresent))
            }
        } catch {
            try await log.close()
            throw error
        }
        try await log.close()
        return logged
    }

    /// The proof that the log has a filing which somebody else entered: from the proof that `submit` made for them, or
    /// from a ledger that can be read here; nil where there is neither.
    func entered(_ filing: Filing, provedBy path: FilePath) async throws -> Logged? {
        try await entered(filing.text, provedBy: path)
    }

    /// The same for a filing of which not every signature is here.
    func entered(_ text: FilingText, provedBy path: FilePath) async throws -> Logged? {
        let policy = try trust(nil).policy
        if DurableFile.exists(path) {
            let proof = try ProofFile(reading: path)
            guard proof.entry.filing.text == text else {
                throw Failure(
                    .usage, "\(Shown.path(path)) is the proof of another filing",
                    hint: "move it away and run this again")
            }
            _ = try proof.verified(under: policy)
            return Logged(inclusion: proof.inclusions[proof.inclusions.count - 1], wasPresent: true)
        }
        do {
            let (reader, index) = try await openForReading(policy)
            guard let place = try index.entries(under: .text(text.hash)).first else { return nil }
            return Logged(inclusion: try await reader.proof(of: place), wasPresent: true)
        } catch is DirectoryStore.OpenError {
            return nil
        } catch LedgerReadError.noCheckpoint {
            return nil
        }
    }

    /// Signs a filing with the keys at hand, and enters it; or leaves it as a file, where others must sign it, where
    /// this machine cannot write to the log, or where `output` asks for it. Says which.
    func offer(
        _ text: FilingText, having opened: [NoteSigner], at output: String?, named fallback: String
    ) async throws {
        let draft = try signed(FilingDraft(text), having: opened)
        if output == nil, draft.unsigned.isEmpty, let logged = try await enter([draft.finished().filing])?.first {
            let word = logged.wasPresent ? "already in the log as" : "logged as"
            return say("\(word) entry \(logged.index)", [JSON.Member("entry", .number(logged.index.value))])
        }
        let path = FilePath(output ?? fallback)
        try DurableFile.write(draft.bytes, to: path, ifTaken: .refuse)
        let file = Shown.path(path)
        let names = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let next =
            draft.unsigned.isEmpty
            ? "anybody may carry \(file) to the log and enter it with `indelible submit`"
            : "\(file) still lacks the signature of \(names); they sign it with `indelible sign`"
        say("not yet logged: \(next)", [JSON.Member("filing", .text(file))])
    }

    private func say(_ words: String, _ members: [JSON.Member]) {
        if speaksJSON { Console.data(JSON.object(members)) } else { Console.note(words) }
    }

    /// Adds the signatures of those signers whose keys are at hand.
    private func signed(_ draft: FilingDraft, having opened: [NoteSigner]) throws -> FilingDraft {
        var draft = draft
        for signer in draft.unsigned {
            if let key = opened.first(where: { $0.verifierKey == signer }) {
                try draft.sign(with: key)
            } else if try holds(signer) {
                try draft.sign(with: try prompt.open(try home.key(named: signer.name)))
            }
        }
        return draft
    }

    /// The vkey that an argument means: a vkey itself, a file that holds one, or the name of one in the keys folder.
    func publicKey(_ argument: String) throws -> VerifierKey {
        if argument.contains("+") {
            do throws(FormatError) {
                return try VerifierKey(parsing: Array(argument.utf8))
            } catch {
                throw Failure(.usage, "\(error)", hint: "a vkey is one line, NAME+ID+KEY, as `key new` prints it")
            }
        }
        if let name = KeyName(argument), home.contains(name) { return try home.key(named: name).verifierKey }
        for path in [keys.appending(argument + ".vkey"), FilePath(argument)] {
            if let key = try VerifierKey(reading: path) { return key }
        }
        throw Failure(
            .usage, "\(Shown.bytes(argument.utf8)) is no vkey, no file that holds one, and no name in the keys folder",
            hint: "`indelible key list` shows your own; ask others for theirs, which `indelible key new` printed")
    }

    /// Puts a vkey where others find it.
    func publish(_ key: VerifierKey) throws {
        try DurableFile.makeFolder(keys)
        let path = keys.appending(KeyStore(folder: keys).fileName(of: key.name) + ".vkey")
        try DurableFile.write(key.utf8 + [0x0A], to: path)
    }
}
