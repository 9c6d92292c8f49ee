// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Shows an entry of the ledger in words, found by whatever a person has in hand.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show entries of the ledger in words, and what later entries say of them.",
        discussion: "Without an argument: the newest entries.")

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "An index, a file, a SHA-256, a vkey, a .proof, .private or .filing.", completion: .file())
    var what: String?
    @Flag(help: "The entry's bytes, as they stand in the log.") var raw = false
    @OptionGroup(title: "Chain of custody") var custody: CustodyViewOptions

    func run() async throws {
        let workplace = try Workplace(options)
        if custody.isAsked { return try await CustodyView(workplace: workplace, options: custody).run(what) }
        let held = try held(workplace)
        if let held, !raw, try show(held, workplace) { return }
        try await workplace.reading(try workplace.trust(nil).policy) { reader, index in
            try await show(from: reader, index, held, workplace)
        }
    }

    private func show(
        from reader: LedgerReader, _ index: LookupIndex, _ held: PrivateOpening?, _ workplace: Workplace
    ) async throws {
        let found = try await find(reader, index, held, workplace)
        if workplace.speaksJSON {
            var items: [JSON] = []
            for place in found { items.append(try await json(place, reader, index)) }
            return Console.data(JSON.array(items))
        }
        for place in found {
            let entry = try Entry(parsing: try await reader.entry(at: place).bytes)
            if raw {
                Console.data(bytes: entry.bytes)
            } else {
                try await show(entry, at: place, reader, index, workplace.language)
            }
        }
    }

    /// The private file that is named; nil where something else is.
    private func held(_ workplace: Workplace) throws -> PrivateOpening? {
        guard let what, ["private", "draft"].contains(FilePath(what).extension) else { return nil }
        return try PrivateOpening(FilePath(what), in: workplace)
    }

    /// Shows what a private file holds; whether that is all there is to show, since no log has it yet or is here.
    private func show(_ opening: PrivateOpening, _ workplace: Workplace) throws -> Bool {
        let held = HeldParts(contents: opening.contents)
        let isAll = opening.contents.proof == nil || !workplace.source.isThere
        if workplace.speaksJSON {
            if isAll { Console.data(try held.json) }
        } else {
            let isOfCustody = opening.contents.details != nil
            let state =
                switch (workplace.language, opening.contents.proof?.index) {
                case (.english, let index?) where isOfCustody: "holds what is sealed in entry \(index)"
                case (.english, nil) where isOfCustody: "holds what is sealed in a custody entry, not yet logged"
                case (.chinese, let index?) where isOfCustody: "所存为第 \(index) 号的密封细节"
                case (.chinese, nil) where isOfCustody: "所存为保管条目的密封细节,尚未入册"
                case (.english, let index?): "holds what was registered as entry \(index)"
                case (.english, nil): "not registered yet"
                case (.chinese, let index?): "所存为第 \(index) 号登记的内容"
                case (.chinese, nil): "尚未登记"
                }
            Console.data("\(Shown.path(opening.path)): \(state)")
            for line in try held.lines(workplace.language) { Console.data(line) }
        }
        return isAll
    }

    private func find(
        _ reader: LedgerReader, _ index: LookupIndex, _ held: PrivateOpening?, _ workplace: Workplace
    ) async throws -> [LeafIndex] {
        switch try held.map({ .entryOf(try $0.proof()) }) ?? sought(index) {
        case .newest(let count):
            let size = reader.head.size.value
            return (size - min(size, count)..<size).compactMap { LeafIndex($0) }
        case .entry(let place):
            guard reader.head.size.contains(place) else { throw LedgerReadError.beyondSize(place, reader.head.size) }
            return [place]
        case .entryOf(let proof): return [try await place(of: proof, reader)]
        case .found(let places): return places
        }
    }

    /// What an argument means, before the ledger is asked.
    private enum Sought {
        case newest(UInt64)
        case entry(LeafIndex)
        case entryOf(ProofFile)
        case found([LeafIndex])
    }

    private func sought(_ index: LookupIndex) throws -> Sought {
        guard let what else { return .newest(10) }
        if let place = LeafIndex(parsing: Array(what.utf8)) { return .entry(place) }
        if let hash = Hash(hex: Array(what.utf8)) {
            return .found(
                try require(
                    try index.entries(under: .published(hash)),
                    "no entry publishes this hash; most registrations publish none"))
        }
        if what.contains("+"), let key = try? VerifierKey(parsing: Array(what.utf8)) {
            return .found(try entries(about: key, index))
        }
        let path = FilePath(what)
        switch path.extension {
        case "proof": return .entryOf(try ProofFile(reading: path))
        case "vkey":
            guard let key = try VerifierKey(reading: path) else {
                throw FileError("read", path, .noSuchFileOrDirectory)
            }
            return .found(try entries(about: key, index))
        case "filing":
            let draft = try FilingDraft(reading: path)
            return .found(
                try require(try index.entries(under: .text(draft.text.hash)), "this filing is not in the log"))
        default: return try sought(document: path, index)
        }
    }

    private func sought(document path: FilePath, _ index: LookupIndex) throws -> Sought {
        guard DurableFile.exists(path) else {
            throw Failure(.usage, "\(Shown.path(path)) is no index, hash, vkey or file")
        }
        let place = try RegisteredPlace(path.string)
        if DurableFile.exists(place.proof) { return .entryOf(try ProofFile(reading: place.proof)) }
        let hashes = try place.read(keepingText: false).map(\.sha256)
        return .found(
            try require(
                try hashes.flatMap { try index.entries(under: .published($0)) },
                "no entry publishes this file's hash, and no proof stands beside it; a sealed registration cannot be found from the file alone"
            ))
    }

    private func entries(about key: VerifierKey, _ index: LookupIndex) throws -> [LeafIndex] {
        try require(try key.publicKey.map { try index.entries(under: .key($0)) } ?? [], "no entry is about this key")
    }

    /// Where this ledger has the entry of a proof. Another history, or another log, has another entry there.
    private func place(of proof: ProofFile, _ reader: LedgerReader) async throws -> LeafIndex {
        guard proof.entry.filing.log == reader.checkpoint.verified.origin else {
            throw Failure(
                .cannotTell, "the proof is of another log, \(Shown.bytes(proof.entry.filing.log.utf8))",
                hint: "name that log's ledger with --ledger, and its trust list with --keys")
        }
        guard try await reader.entry(at: proof.index).bytes == proof.entry.bytes else {
            throw ProofRenewal.RenewalError.anotherEntry(proof.index)
        }
        return proof.index
    }

    private func require(_ found: [LeafIndex], _ otherwise: String) throws -> [LeafIndex] {
        guard !found.isEmpty else { throw Failure(.cannotTell, otherwise) }
        return found
    }

    private func show(
        _ entry: Entry, at place: LeafIndex, _ reader: LedgerReader, _ index: LookupIndex, _ language: Language
    ) async throws {
        let words = EntryWords(entry, language: language)
        let english = language == .english
        let clock = Moment(seconds: entry.time.seconds).text(in: language)
        Console.data(english ? "entry \(place)" : "第 \(place) 号")
        Console.data((english ? "  this entry   " : "  内容        ") + words.action)
        Console.data((english ? "  signed with  " : "  签署密钥    ") + words.signers)
        Console.data(
            (english ? "  log's clock  " : "  登记册时钟  ") + clock + (english ? " (the log's own claim)" : "(登记册自称)"))
        if case .register(let registration) = entry.filing.action {
            for hash in registration.published { Console.data("  sha256       \(hash.hex)") }
        }
        for later in try index.entries(under: .reference(place)) {
            let other = try Entry(parsing: try await reader.entry(at: later).bytes)
            Console.data(self.later(other, at: later, language))
        }
        for signer in entry.filing.signers {
            for later in try index.entries(under: .key(try Self.key(signer))) where later > place {
                let other = try Entry(parsing: try await reader.entry(at: later).bytes)
                guard case .revoke(let revocation) = other.filing.action, revocation.key.publicKey == signer.publicKey
                else { continue }
                Console.data(self.later(other, at: later, language))
            }
        }
    }

    private func later(_ entry: Entry, at index: LeafIndex, _ language: Language) -> String {
        let what =
            if case .custody(let custody) = entry.filing.action {
                EntryWords.ofIt(custody.event, language)
            } else {
                EntryWords(entry, language: language).action
            }
        return (language == .english ? "  later        " : "  后续        ")
            + LaterEntries.line(entry, at: index, saying: what, language)
    }

    private func json(_ place: LeafIndex, _ reader: LedgerReader, _ index: LookupIndex) async throws -> JSON {
        let entry = try Entry(parsing: try await reader.entry(at: place).bytes)
        return .object([
            JSON.Member("entry", .number(place.value)), JSON.Member("leaf_hash", .text(entry.leafHash.base64)),
            JSON.Member("log_time", .text(Moment(seconds: entry.time.seconds).rfc3339)),
            JSON.Member("action", .text(entry.filing.action.word)),
            JSON.Member("says", .text(EntryWords(entry, language: .english).action)),
            JSON.Member("signers", .array(entry.filing.signers.map { .text($0.utf8) })),
            JSON.Member(
                "referred_to_by", .array(try index.entries(under: .reference(place)).map { .number($0.value) })),
            JSON.Member("filing", .text(entry.filing.bytes)),
        ])
    }

    private static func key(_ signer: VerifierKey) throws -> Ed25519.PublicKey {
        guard let key = signer.publicKey else { throw Failure(.usage, "key type") }
        return key
    }
}
