// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Enters what happened to a registered document.
struct CustodyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "custody",
        abstract: "Enter what happened to a registered document: who has it, in the words of those who sign.",
        discussion: """
            The event, the time and the keys of those who sign are public for ever. What more there is to say goes \
            under seal, with --details and --field: the log shows a digest. It is kept in a .private file, and \
            `indelible share` shows what of it you choose.
            A hand-over is signed by both: leave it with -o, carry it to the other, who runs `indelible sign` on it; \
            `indelible submit` enters it. Where there are details, the same command then goes on from there.
            `indelible show --custody` shows all that was entered of a document.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(
        help: "The registration's proof file, or its index in the log.", completion: .file(extensions: ["proof"]))
    var registration: String
    @Option(help: "What happened: \(CustodyEvent.all.map(\.word).joined(separator: ", ")).") var event: String
    @Option(help: ArgumentHelp("Another signer; a hand-over has two at least.", valueName: "vkey")) var with: [String] =
        []
    @Option(help: ArgumentHelp("What more there is to say, sealed: a file that holds it.", valueName: "@file"))
    var details: String?
    @Option(
        help: ArgumentHelp("A text to go with it, sealed: its name, and a file that holds it.", valueName: "name=@file")
    )
    var field: [String] = []
    @Option(help: ArgumentHelp("Encrypt the private file to this key too.", valueName: "vkey")) var to: [String] = []
    @Option(help: ArgumentHelp("The name of your key.", valueName: "name")) var key: String?
    @Option(
        name: [.short, .long], help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
    var output: String?
    @Flag(help: "Write over files that are there.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        guard let event = CustodyEvent(event) else {
            throw Failure(
                .usage, "no event \(Shown.bytes(event.utf8))",
                hint: "the events are \(CustodyEvent.all.map(\.word).joined(separator: ", "))")
        }
        let others = try with.map { try workplace.publicKey($0) }
        guard event != .handedOver || !others.isEmpty else {
            throw Failure(.usage, "a hand-over is signed by two at least", hint: "name the other with --with VKEY")
        }
        let fields = try sealedFields()
        guard to.isEmpty || !fields.isEmpty else {
            throw Failure(
                .usage, "--to says who may read what is sealed, and nothing is",
                hint: "say what is to be sealed with --details @FILE or --field NAME=@FILE")
        }
        let recorder = CustodyRecorder(
            workplace: workplace, key: try workplace.ownKeyFile(key), others: others,
            custodians: try to.map { try workplace.publicKey($0) }, isOnlyLeft: output != nil, force: force)
        let entry = try await workplace.entry(registration)
        let place = CustodyPlace(of: registration, entry.index, event, output: output.map { FilePath($0) })
        workplace.report(try await recorder.record(event, of: entry, sealing: fields, at: place))
    }

    /// What is sealed, in the order of the format.
    private func sealedFields() throws -> [SealedField] {
        if let details, !details.hasPrefix("@") {
            throw Failure(
                .usage, "--details takes @FILE, with what is to be sealed in it",
                hint: "so that what the shell remembers holds no text")
        }
        let fields = try ((details.map { ["details=" + $0] } ?? []) + field).map { try RegisterCommand.field($0) }
        guard !fields.isEmpty else { return [] }
        do throws(DetailsError) {
            return try Details(fields: fields).fields
        } catch {
            throw Failure(.usage, "\(error)", hint: "give each field a name of its own; --details is one named details")
        }
    }
}

extension Workplace {
    /// The entry that an argument means: that of a proof or private file, or the one at an index of the ledger.
    func entry(_ argument: String) async throws -> EntryReference {
        let index: LeafIndex
        let leafHash: Hash
        if let named = LeafIndex(parsing: Array(argument.utf8)) {
            let policy = try trust(nil).policy
            index = named
            leafHash = try await source.read {
                MerkleTree.leafHash(try await LedgerReader($0, under: policy).entry(at: named).bytes)
            }
        } else {
            let proof = try proof(at: FilePath(argument))
            let verified = try proof.verified(under: try trust(nil).policy)
            index = verified.index
            leafHash = verified.entry.leafHash
        }
        guard let reference = EntryReference(index: index, leafHash: leafHash) else {
            throw Failure(.usage, "entry \(index) cannot be referred to")
        }
        return reference
    }
}
