// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// A proof of what a test wants to see on the page, in a log of its own of one entry, under names of the test's choice.
struct CraftedProof {
    /// The name of the log, and of its key.
    var origin = "crafted.example/log"
    /// The name of the key that registers.
    var signer = "registrar"
    /// What somebody who vouches calls themself, and adds.
    var vouching: (name: String, note: String)?
    var fields: [(name: String, text: String)] = []
    /// The path of the one file.
    var path = "document.txt"
    /// The hash of its bytes; nil where it is not shown.
    var hash: Hash?
    /// Its text, which is shown whole or in part; nil where it is none.
    var text: String?
    /// The numbers of the words that are hidden.
    var hidden: [Int] = []
    /// How many of three servers cosign, of which the trust list asks for two; nil for a list that names none.
    var cosigners: Int?

    /// The proof file and the trust list.
    func made() throws -> (proof: [UInt8], policy: [UInt8]) {
        let log = try signer(named: origin)
        let registrar = try signer(named: signer)
        let items = try items()
        let exhibit = SealedList(.exhibit, of: items, count: items.count, seed: SealedSeed(SHA256.hash([1])))
        var attestations: [Int: Attestation] = [:]
        if let vouching {
            let voucher = try signer(named: "voucher")
            let text = try AttestationText(
                log: Origin(log.verifierKey.name), signer: voucher.verifierKey, exhibit: exhibit.digest,
                role: .interviewer,
                name: WireText(vouching.name), note: WireText(vouching.note))
            attestations[7] = try Attestation(text, signedBy: voucher)
        }
        let dossier = try Dossier(
            exhibit: exhibit.digest, signerLinesHash: FilingText.signerLinesHash([registrar.verifierKey]),
            log: Origin(log.verifierKey.name), attestations: attestations)
        let dossierSeed = SealedSeed(SHA256.hash([2]))
        let filing = try Filing(
            FilingText(
                log: Origin(log.verifierKey.name), signers: [registrar.verifierKey],
                action: .register(Registration(dossier: dossier.sealed(with: dossierSeed).digest))),
            signedBy: [registrar])
        guard let time = EntryTime(seconds: 1_795_000_000) else { throw FormatError("entry", "time") }
        let entry = try Entry(time: time, filing: filing)
        let inclusion = try LogProof(
            extra: entry.bytes, index: 0, inclusion: InclusionProof(path: []),
            checkpoint: try checkpoint(of: entry, by: log))
        let proof = try ProofFile(
            inclusions: [inclusion], dossier: dossier.opening(seed: dossierSeed, showing: RangeSet(0..<16)),
            exhibit: exhibit.opening(showing: shown(of: items)))
        return (proof.json.encoded(), try policy(log).bytes)
    }

    private func items() throws -> [SealedItem] {
        var items = fields.map { SealedItem.text(label: Array("field/\($0.name)".utf8), Array($0.text.utf8)) }
        items.append(.text(label: Array("file/0/name".utf8), Array(path.utf8)))
        let bytes = Array((text ?? "").utf8)
        items.append(.sha256(label: Array("file/0".utf8), hash ?? SHA256.hash(bytes)))
        guard let slices = Slices(cutting: bytes) else { throw FormatError("text", "not UTF-8") }
        var start = 0
        for (number, length) in slices.lengths.enumerated() {
            items.append(.slice(file: 0, number: number, bytes[start..<(start + Int(length))]))
            start += Int(length)
        }
        return items
    }

    private func shown(of items: [SealedItem]) -> RangeSet<Int> {
        var shown = RangeSet(0..<items.count)
        // A file's hash would let anybody test guesses at what is hidden.
        if hash == nil, !hidden.isEmpty { shown.remove(contentsOf: fields.count + 1..<fields.count + 2) }
        for number in hidden { shown.remove(contentsOf: fields.count + 2 + number..<fields.count + 3 + number) }
        return shown
    }

    private func checkpoint(of entry: Entry, by log: NoteSigner) throws -> SignedCheckpoint {
        let head = TreeHead(size: 1, root: entry.leafHash)
        let signed = try Checkpoint(origin: Origin(log.verifierKey.name), head: head).signed(by: [log])
        let text = Array(signed.note.unverifiedText)
        return try signed.adding(
            (0..<(cosigners ?? 0)).map { try witness($0).line(over: text, time: 1_795_000_060 + UInt64($0)) })
    }

    private func policy(_ log: NoteSigner) throws -> TrustPolicy {
        var text = PolicyText()
        text.log(log.verifierKey)
        guard cosigners != nil else {
            text.quorum(nil)
            return try text.policy()
        }
        let names = try ["north", "<b>south</b>", "east"].map { try name($0) }
        for (number, name) in names.enumerated() { text.witness(name, try witness(number).verifierKey) }
        text.group(try name("two"), .atLeast(2), of: names)
        text.quorum(try name("two"))
        return try text.policy()
    }

    private func name(_ text: String) throws -> TrustPolicy.Name {
        guard let name = TrustPolicy.Name(Array(text.utf8)) else { throw FormatError("policy", "name") }
        return name
    }

    private func signer(named name: String) throws -> NoteSigner {
        guard let key = KeyName(name), let privateKey = Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)
        else {
            throw FormatError("key", "name")
        }
        return NoteSigner(name: key, privateKey: privateKey)
    }

    private func witness(_ number: Int) throws -> WitnessSigner {
        let signer = try signer(named: "server-\(number)")
        return WitnessSigner(name: signer.verifierKey.name, privateKey: signer.privateKey)
    }
}
