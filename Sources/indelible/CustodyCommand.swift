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
        abstract: "Enter what happened to a registered document: who has it, in the words of those who sign.")

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The registration's proof file, or its index in the log.") var registration: String
    @Option(help: "What happened: \(CustodyEvent.all.map(\.word).joined(separator: ", ")).") var event: String
    @Option(help: ArgumentHelp("Another signer; a hand-over has two at least.", valueName: "vkey")) var with: [String] =
        []
    @Option(name: .customLong("as"), help: ArgumentHelp("The name of your key.", valueName: "name")) var name: String?
    @Option(
        name: [.short, .long], help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
    var output: String?

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
        let entry = try await workplace.entry(registration)
        let key = try workplace.ownKey(name)
        let text = try FilingText(
            log: try workplace.ownLog().origin, signers: [key.verifierKey] + others,
            action: .custody(Custody(of: entry, event: event)))
        try await workplace.offer(text, having: [key], at: output, named: "custody.filing")
    }
}

extension Workplace {
    /// The entry that an argument means: that of a proof file, or the one at an index of the ledger.
    func entry(_ argument: String) async throws -> EntryReference {
        let index: LeafIndex
        let leafHash: Hash
        if let named = LeafIndex(parsing: Array(argument.utf8)) {
            guard DurableFile.isFolder(ledger) else { throw DirectoryStore.OpenError.absent(ledger) }
            let reader = try await LedgerReader(DirectoryStore.reading(ledger), under: try trust(nil).policy)
            index = named
            leafHash = MerkleTree.leafHash(try await reader.entry(at: named).bytes)
        } else {
            let proof = try ProofFile(reading: FilePath(argument))
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
