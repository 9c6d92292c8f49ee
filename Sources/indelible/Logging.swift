// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// A filing that is in the log, with the proof.
struct Logged {
    let inclusion: LogProof
    /// The checkpoint that the filing quotes, where the log has it.
    let quoted: [ProofFile.Quoted]
    let wasPresent: Bool

    var index: LeafIndex { inclusion.index }
}

extension Workplace {
    /// Offers filings to the log, one after the other; nil where this machine cannot write to it, nor reach who can.
    ///
    /// Throws what the first refused one is refused for; those before it are in the log.
    func enter(_ filings: [Filing]) async throws -> [Logged]? {
        if case .address(let address) = source { return try await enter(filings, at: address) }
        guard DurableFile.isFolder(ledger), let identity = try logIdentity() else { return nil }
        if let address = try servedAddress() { return try await enter(filings, at: address) }
        let policy = try trust(nil).policy
        let log = try await openLog(identity)
        var logged: [Logged] = []
        do {
            for filing in filings {
                let receipt = try await log.sequencer.submit(filing)
                let checkpoint = try policy.verify(SignedCheckpoint(receipt.checkpoint))
                let reader = LedgerReader(DirectoryStore.reading(ledger), at: checkpoint)
                logged.append(try await reader.logged(receipt.index, wasPresent: receipt.wasPresent))
            }
        } catch {
            try await log.close()
            throw error
        }
        try await log.close()
        return logged
    }

    /// Offers filings to the log that is served at an address; nil where it cannot be reached, and says why.
    private func enter(_ filings: [Filing], at address: String) async throws -> [Logged]? {
        let policy = try trust(nil).policy
        let token = try accessToken()
        return try await HTTPClientTransport.with(environment: ProcessInfo.processInfo.environment) { transport in
            let log = RemoteLog(address, token: token, over: transport)
            let files = HTTPLedgerSource(address, over: transport)
            var logged: [Logged] = []
            for filing in filings {
                do {
                    let (proof, checkpoint) = try await log.submit(filing, under: policy)
                    let reader = LedgerReader(files, at: checkpoint)
                    logged.append(try await reader.logged(proof, wasPresent: false))
                } catch let error as RemoteLog.Unreachable {
                    Console.note("\(Shown.bytes(address.utf8)): \(error)")
                    return nil
                }
            }
            return logged
        }
    }

    /// The access token that the person was given; nil if none.
    private func accessToken() throws -> String? {
        guard let path = ProcessInfo.processInfo.environment["INDELIBLE_TOKEN_FILE"], !path.isEmpty else { return nil }
        let bytes = try DurableFile.read(FilePath(path), limit: 1024)
        let word = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !word.isEmpty, word.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(
                .usage, "\(Shown.path(FilePath(path))) holds no access token",
                hint:
                    "the file named in INDELIBLE_TOKEN_FILE has one line, the word that the people who run the log gave you"
            )
        }
        return String(decoding: word, as: UTF8.self)
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
            return Logged(
                inclusion: proof.inclusions[proof.inclusions.count - 1], quoted: proof.quoted, wasPresent: true)
        }
        // A log at an address was asked already.
        if case .address = source { return nil }
        do {
            let (reader, index) = try await openForReading(policy)
            guard let place = try index.entries(under: .text(text.hash)).first else { return nil }
            return try await reader.logged(place, wasPresent: true)
        } catch is DirectoryStore.OpenError {
            return nil
        } catch LedgerReadError.noCheckpoint {
            return nil
        }
    }

    /// The newest checkpoint of the ledger that meets the quorum of the trust list, to be quoted by what is signed now;
    /// nil where there is none, where it is not of the log `log`, and where there is no trust list or it asks for no
    /// cosignature.
    ///
    /// Where this machine runs the log, the witnesses are asked first, unless they were within the last minute.
    func quote(of log: Origin? = nil) async throws -> Quote? {
        guard DurableFile.exists(keys.appending("policy")) else { return nil }
        let policy = try trust(nil).policy
        guard policy.quorum != nil, source.isThere else { return nil }
        do {
            if case .address = source { return try await source.read { try await $0.quote(of: log, under: policy) } }
            var newest = try await LedgerReader(DirectoryStore.reading(ledger), under: policy).checkpoint
            if try servedAddress() == nil, let identity = try logIdentity(),
                (newest.lowerBound ?? 0) + 60 < Moment.now()
            {
                try await openLog(identity).close()
                newest = try await LedgerReader(DirectoryStore.reading(ledger), under: policy).checkpoint
            }
            return try await DirectoryStore.reading(ledger).quote(newest, of: log)
        } catch LedgerReadError.noCheckpoint {
            return nil
        } catch is HTTPLedgerSource.ReadError {
            // Who cannot reach the log signs without a lower bound.
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
    func signed(_ draft: FilingDraft, having opened: [NoteSigner] = []) throws -> FilingDraft {
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

extension LedgerSource {
    /// The checkpoint that this serves, to be quoted; nil if it is of another log, or does not meet the quorum.
    fileprivate func quote(of log: Origin?, under policy: TrustPolicy) async throws -> Quote? {
        try await quote(try await LedgerReader(self, under: policy).checkpoint, of: log)
    }

    /// A checkpoint, to be quoted, if the log keeps it for that.
    fileprivate func quote(_ newest: CosignedCheckpoint, of log: Origin?) async throws -> Quote? {
        guard log == nil || newest.verified.origin == log, newest.isQuorumMet,
            let quote = Quote(of: newest.verified.signed),
            try await LedgerReader(self, at: newest).quoted(quote) != nil
        else { return nil }
        return quote
    }
}

extension LedgerReader {
    /// The proof of an entry, with the checkpoint that its filing quotes.
    fileprivate func logged(_ index: LeafIndex, wasPresent: Bool) async throws -> Logged {
        try await logged(try await proof(of: index), wasPresent: wasPresent)
    }

    fileprivate func logged(_ inclusion: LogProof, wasPresent: Bool) async throws -> Logged {
        let quote = try inclusion.extra.map { try Entry(parsing: $0) }?.filing.after
        var quoted: [ProofFile.Quoted] = []
        if let quote, let found = try await self.quoted(quote) { quoted.append(found) }
        return Logged(inclusion: inclusion, quoted: quoted, wasPresent: wasPresent)
    }
}

extension Error {
    /// Whether the log says no to what was offered to it, and not that it cannot now.
    ///
    /// What a server says is its word: it, or another on the way, may have the filing all the same. What was sealed for it
    /// is removed where the log's own rules refuse it here, and never for a server's word.
    var isRefusal: Bool { self is RegistryError || self is RemoteLog.Refused }
}
