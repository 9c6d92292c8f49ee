// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The options of `show` for the chain of custody.
struct CustodyViewOptions: ParsableArguments {
    @Flag(name: .customLong("custody"), help: "Show every custody entry of a registration, in the order of the log.")
    var isAsked = false

    @Option(
        help: ArgumentHelp(
            "Show what a custody entry has under seal, from a .proof that shows it or a .private of yours.",
            valueName: "file"))
    var details: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the chain of custody to this file too, as a picture or for programs.", valueName: "file.svg|.json"),
        completion: .file(extensions: ["svg", "json"]))
    var report: String?

    @Flag(help: "Write over a file that is there.") var force = false

    func validate() throws {
        guard isAsked || (details.isEmpty && report == nil && !force) else {
            throw ValidationError("--details, --report and --force go with --custody")
        }
    }
}

/// Shows the chain of custody of one registration: from the ledger where there is one, and from proofs.
struct CustodyView {
    let workplace: Workplace
    let options: CustodyViewOptions

    func run(_ what: String?) async throws {
        guard let what else {
            throw Failure(
                .usage, "say of what the custody entries are to be shown", hint: "name its proof file, or its index")
        }
        let target = try options.report.map { try ReportFile($0, form: "svg", force: options.force) }
        let report: CustodyReport
        do {
            report = try await self.report(of: what)
        } catch let error as ChainOfCustody.TwoHistories {
            throw Failure(
                .doesNotHold, "\(error)",
                hint: "keep every one of these files: together they show that the log did not keep to one history")
        }
        try target?.write(json: report.json, otherwise: CustodyPicture(report).svg)
        if workplace.speaksJSON {
            Console.data(report.json)
        } else {
            report.lines.forEach { Console.data($0) }
        }
    }

    // MARK: - Where it comes from

    private func report(of what: String) async throws -> CustodyReport {
        let trust = try workplace.trust(nil)
        let place = LeafIndex(parsing: Array(what.utf8))
        var given: [VerifiedProof] = []
        if place == nil { given.append(try opened(FilePath(what), trust)) }
        let hasLedger = workplace.isLedgerNamed || workplace.source.isThere
        guard hasLedger else {
            guard place == nil else { throw DirectoryStore.OpenError.absent(workplace.ledger) }
            return try await report(of: place, &given, from: nil, trust)
        }
        return try await workplace.reading(trust.policy) { reader, index in
            try await report(of: place, &given, from: (reader, index), trust)
        }
    }

    private func report(
        of place: LeafIndex?, _ given: inout [VerifiedProof], from ledger: (reader: LedgerReader, index: LookupIndex)?,
        _ trust: Workplace.Trust
    ) async throws -> CustodyReport {
        // What was named: a registration, or one of its custody entries.
        let entry: Entry
        let index: LeafIndex
        if let proof = given.first {
            (entry, index) = (proof.entry, proof.index)
            if let ledger { try await compare(proof, ledger.reader) }
        } else if let place, let ledger {
            (entry, index) = (try await Self.entry(at: place, ledger.reader), place)
        } else {
            throw DirectoryStore.OpenError.absent(workplace.ledger)
        }
        var chain = ChainOfCustody(of: try reference(entry, index))
        var registered = chain.registration.index == index ? entry : nil
        try chain.add(entry, at: index)
        for proof in given { for item in proof.related { try chain.add(item.entry, at: item.index) } }
        if let ledger {
            let (reader, lookup) = ledger
            if registered == nil, reader.head.size.contains(chain.registration.index) {
                registered = try await Self.entry(at: chain.registration.index, reader)
            }
            for later in try lookup.entries(under: .reference(chain.registration.index)) {
                try chain.add(try await Self.entry(at: later, reader), at: later)
            }
        }
        for file in options.details {
            let proof = try added(FilePath(file), to: &chain, trust)
            if let ledger { try await compare(proof, ledger.reader) }
            given.append(proof)
        }
        for proof in given {
            if let details = proof.details { _ = chain.show(details, at: proof.index) }
        }
        return CustodyReport(
            chain: chain, registered: registered, origin: entry.filing.log,
            extent: Self.extent(ledger?.reader, given), language: workplace.language)
    }

    private static func extent(_ reader: LedgerReader?, _ proofs: [VerifiedProof]) -> CustodyReport.Extent {
        if let reader { return .ledger(entries: reader.head.size) }
        return .proofs(count: proofs.count, entries: proofs.map(\.checkpoint.head.size).max() ?? TreeSize(0))
    }

    /// The registration that is meant: the one that was named, or the one that a custody entry is about.
    private func reference(_ entry: Entry, _ index: LeafIndex) throws -> EntryReference {
        switch entry.filing.action {
        case .custody(let custody): return custody.entry
        case .register:
            guard let reference = EntryReference(index: index, leafHash: entry.leafHash) else {
                throw Failure(.usage, "entry \(index) cannot be referred to")
            }
            return reference
        default:
            throw Failure(
                .usage, "entry \(index) registers nothing that could be in custody",
                hint: "name the proof or the index of a registration")
        }
    }

    /// An entry of the ledger, the signatures of which hold.
    private static func entry(at index: LeafIndex, _ reader: LedgerReader) async throws -> Entry {
        let entry = try Entry(parsing: try await reader.entry(at: index).bytes)
        try entry.filing.verifySignatures()
        return entry
    }

    private func compare(_ proof: VerifiedProof, _ reader: LedgerReader) async throws {
        guard proof.entry.filing.log == reader.checkpoint.verified.origin else {
            throw Failure(
                .cannotTell, "the proof is of another log, \(Shown.bytes(proof.entry.filing.log.utf8))",
                hint: "name that log's ledger with --ledger, and its trust list with --keys")
        }
        // A ledger that ends before has nothing to say against it.
        guard reader.head.size.contains(proof.index) else { return }
        guard try await reader.entry(at: proof.index).bytes == proof.entry.bytes else {
            throw ProofRenewal.RenewalError.anotherEntry(proof.index)
        }
    }

    // MARK: - What is under seal

    /// A proof that was checked; from a private file one that shows all the details that it holds.
    private func opened(_ path: FilePath, _ trust: Workplace.Trust) throws -> VerifiedProof {
        guard path.extension == "private" || path.extension == "draft" else {
            return try ProofFile(reading: path).verified(under: trust.policy)
        }
        let opening = try PrivateOpening(path, in: workplace)
        let proof = try opening.proof()
        guard opening.contents.details != nil else { return try proof.verified(under: trust.policy) }
        let sealed = try OpenDetails(opening.contents, of: proof.entry.filing)
        return try proof.showing(details: sealed.opening(showing: Set(sealed.details.fields.map(\.name)))).verified(
            under: trust.policy)
    }

    /// The proof of a custody entry of this chain, which may be one that nothing else at hand has.
    private func added(
        _ path: FilePath, to chain: inout ChainOfCustody, _ trust: Workplace.Trust
    ) throws -> VerifiedProof {
        let proof = try opened(path, trust)
        guard try chain.add(proof.entry, at: proof.index) else {
            throw Failure(
                .usage,
                "\(Shown.path(path)) is of no custody entry of what entry \(chain.registration.index) registers",
                hint: "--details takes the .proof or .private of a custody entry")
        }
        return proof
    }
}
