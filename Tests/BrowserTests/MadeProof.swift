// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog
import TestSupport

/// A proof made from scratch, rightly signed and logged, whose sealed contents or cosignatures may be wrong inside.
///
/// Whatever is wrong is found by the one check that it is about, and by nothing before it.
struct MadeProof {
    private static let origin = KeyName("made.example/log")!

    /// Trust lists that know the log, and ask for its three servers in many ways.
    static func policies() throws -> [TrustPolicy] {
        try [
            "group two 2 w0 w1 w2\nquorum two", "quorum none", "quorum w1", "group any any w0 w1 w2\nquorum any",
            "group all all w0 w1 w2\nquorum all", "group one 1 w2 w0\ngroup both all one w1\nquorum both",
            "group pair 2 w0 w1\ngroup either any pair w2\nquorum either", "group unused 1 w0\nquorum w2",
        ].map { end in
            let witnesses = (0..<3).map { "witness w\($0) \(witness($0).verifierKey)" }
            let lines = ["log \(log.verifierKey)", "log \(otherLog.verifierKey)"] + witnesses + [end, ""]
            return try TrustPolicy(parsing: Array(lines.joined(separator: "\n").utf8))
        }
    }

    private var generator: SeededGenerator
    private let seed: UInt64

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        self.seed = seed
    }

    /// The proof file's bytes.
    mutating func bytes() throws -> [UInt8] {
        let items = exhibitItems()
        let exhibit = SealedList(.exhibit, of: items, count: items.count, seed: sealedSeed(1))
        let size = 1 + generator.below(4)
        let related = try entry(of: relatedAction(), isRightlySigned: !generator.once(in: 6))
        let others = [related.leafHash] + (1..<4).map { SHA256.hash([UInt8($0)]) }
        // One that is quoted is of fewer entries than this one's place has before it, or else is refused.
        let quotedSize = generator.once(in: 10) ? size : size - 1
        let quoted =
            generator.once(in: 2) && quotedSize > 0 ? try checkpoint(of: Array(others.prefix(quotedSize))) : nil
        let after = quoted.flatMap { Quote(of: $0) }
        let dossierItems = try dossierItems(exhibit.digest, after)
        let dossier = SealedList(.dossier, of: dossierItems, count: dossierItems.count, seed: sealedSeed(2))
        // One in six is of a custody entry, whose details are sealed in place of an exhibit.
        let details = SealedList(.details, of: items, count: items.count, seed: sealedSeed(3))
        let isCustody = generator.once(in: 6)
        guard let reference = EntryReference(index: 0, leafHash: others[0]) else {
            throw FormatError("entry", "reference")
        }
        let digest = generator.once(in: 12) ? SHA256.hash([9]) : details.digest
        let entry = try entry(
            of: isCustody
                ? .custody(Custody(of: reference, event: .sealed, details: digest))
                : .register(try Registration(dossier: dossier.digest)),
            after: generator.once(in: 2) ? after : nil)
        let leaves = others.prefix(size - 1) + [entry.leafHash]
        guard let index = LeafIndex(UInt64(size - 1)) else { throw FormatError("entry", "index") }
        var inclusions: [LogProof] = []
        for _ in 0...(generator.once(in: 4) ? 1 : 0) {
            inclusions.append(
                try LogProof(
                    extra: entry.bytes, index: index,
                    inclusion: InclusionProof(path: Self.path(to: size - 1, Array(leaves))),
                    checkpoint: try checkpoint(of: Array(leaves))))
        }
        let isExhibitShown = !isCustody && !generator.once(in: 6)
        let older = min(quotedSize, size - 1)
        let consistency = ConsistencyProof(path: older > 0 ? Self.consistency(older, Array(leaves)) : [])
        let isRelatedShown = size > 1 && generator.once(in: 3)
        let proof = try ProofFile(
            inclusions: inclusions,
            dossier: isCustody ? nil : dossier.opening(showing: shown(of: dossierItems.count, always: 0)),
            exhibit: isExhibitShown ? exhibit.opening(showing: shown(of: items.count, always: nil)) : nil,
            details: isCustody ? details.opening(showing: shown(of: items.count, always: nil)) : nil,
            quoted: quoted.map { [ProofFile.Quoted(checkpoint: $0, consistency: consistency)] } ?? [],
            related: isRelatedShown
                ? [
                    ProofFile.Related(
                        entry: related, index: 0, inclusion: InclusionProof(path: Self.path(to: 0, Array(leaves))))
                ] : [],
            timestamps: generator.once(in: 24)
                ? [try generator.one(of: [[0x30, 0x00], PageVectors.own(Self.timestamp)])] : [])
        return proof.json.encoded()
    }

    private static let timestamp = "Tests/Timestamps/rsa.tsr"

    /// What another entry says: that a key of this one's is revoked, or another's.
    private mutating func relatedAction() throws -> Action {
        let key = Self.member(generator.below(3)).verifierKey
        return .revoke(try Revocation(key: key, reason: generator.one(of: RevocationReason.all)))
    }

    /// An entry by the first member, in a few cases for another log.
    private mutating func entry(
        of action: Action, after: Quote? = nil, isRightlySigned: Bool = true
    ) throws -> Entry {
        let log = generator.once(in: 16) ? Self.otherLog.verifierKey.name : Self.origin
        let filing = try Filing(
            FilingText(log: Origin(log), after: after, signers: [Self.member(0).verifierKey], action: action),
            signedBy: [Self.member(0)])
        guard let time = EntryTime(seconds: 5) else { throw FormatError("entry", "time") }
        var bytes = try Entry(time: time, filing: filing).bytes
        // A digit of the signature, and still base64.
        if !isRightlySigned { bytes[bytes.count - 20] = bytes[bytes.count - 20] == 0x41 ? 0x42 : 0x41 }
        return try Entry(parsing: bytes)
    }

    // MARK: - Contents

    /// The items of an exhibit, in most cases with something wrong.
    private mutating func exhibitItems() -> [SealedItem] {
        func text(_ label: String, _ value: String) -> SealedItem { .text(label: Array(label.utf8), Array(value.utf8)) }
        var items: [SealedItem] = ["a", "\u{FF21}", "\u{10000}"].prefix(generator.below(4)).map {
            text("field/\($0)", $0)
        }
        let files = generator.below(3)
        for file in 0..<files {
            let slices = (0..<generator.below(5)).map { _ in generator.one(of: ["ab ", "\u{554F}", "c\n", "\u{202E}x"])
            }
            let whole = Array(slices.joined().utf8)
            items.append(text("file/\(file)/name", "\(generator.once(in: 8) ? 9 - file : file)/n.txt"))
            items.append(.sha256(label: Array("file/\(file)".utf8), SHA256.hash(whole)))
            for (number, slice) in slices.enumerated() {
                items.append(.slice(file: file, number: number, Array(slice.utf8)[...]))
            }
        }
        if items.isEmpty { items = [text("field/only", "")] }
        for _ in 0..<generator.below(3) { spoil(&items) }
        return items
    }

    private mutating func spoil(_ items: inout [SealedItem]) {
        let place = generator.below(items.count)
        switch generator.below(7) {
        case 0: items.swapAt(place, generator.below(items.count))
        case 1: items.insert(items[place], at: place)
        case 2 where items.count > 1: items.remove(at: place)
        case 3: items[place] = .text(label: items[place].label, Array("../x".utf8))
        case 4: items[place] = .sha256(label: items[place].label, SHA256.hash([1]))
        case 5: items[place] = .slice(file: generator.below(3), number: generator.below(4), Array("z".utf8)[...])
        default:
            let label = generator.one(of: [
                "file/00", "file/1#0", "field/", "field/\u{7F}", "file/2/name", "file/2", "x", "file/0#00", "field/b",
            ])
            items[place] = .text(label: Array(label.utf8), Array("v".utf8))
        }
    }

    /// The items of a dossier, in some cases with something wrong.
    private mutating func dossierItems(_ exhibit: Hash, _ after: Quote?) throws -> [SealedItem] {
        let count = generator.once(in: 8) ? generator.one(of: [8, 15, 17, 32]) : 16
        let lines = FilingText.signerLinesHash([Self.member(generator.once(in: 16) ? 1 : 0).verifierKey])
        let tie = generator.once(in: 16) ? SHA256.hash([2]) : SHA256.hash(exhibit.bytes + lines.bytes)
        var items: [SealedItem] = [.sha256(label: Array("exhibit".utf8), tie)]
        for position in 1..<count {
            let note = generator.once(in: 4) ? try attestation(of: exhibit, after) : []
            let isMislabelled = generator.once(in: 60)
            items.append(.text(label: Array("attestation/\(isMislabelled ? position + 1 : position)".utf8), note))
        }
        return items
    }

    private mutating func attestation(of exhibit: Hash, _ after: Quote?) throws -> [UInt8] {
        let signer = Self.member(generator.below(40))
        let log = generator.once(in: 40) ? KeyName("other.example") : Self.origin
        let text = try AttestationText(
            log: Origin(log ?? Self.origin), after: generator.once(in: 2) ? after : nil, signer: signer.verifierKey,
            exhibit: generator.once(in: 40) ? SHA256.hash([3]) : exhibit, role: generator.one(of: Role.all),
            name: generator.once(in: 2) ? WireText("\u{6797}\u{6708}") : nil)
        var bytes = try Attestation(text, signedBy: signer).bytes
        if generator.once(in: 40) { bytes[bytes.count - 20] ^= 1 }
        if generator.once(in: 40) { bytes.append(contentsOf: bytes.suffix(60)) }
        return String(validating: bytes, as: UTF8.self) == nil ? [] : bytes
    }

    /// What is shown of so many items: all of them, or some stretches.
    private mutating func shown(of count: Int, always first: Int?) -> RangeSet<Int> {
        guard !generator.once(in: 3) else { return RangeSet(0..<count) }
        var shown = RangeSet<Int>()
        for position in 0..<count where position == first && !generator.once(in: 12) || !generator.once(in: 3) {
            shown.insert(contentsOf: position..<(position + 1))
        }
        return shown
    }

    // MARK: - The log

    /// A checkpoint over these leaves, cosigned by some of the witnesses at times of their own.
    private mutating func checkpoint(of leaves: [Hash]) throws -> SignedCheckpoint {
        guard let size = TreeSize(UInt64(leaves.count)) else { throw FormatError("checkpoint", "size") }
        let head = TreeHead(size: size, root: MerkleTree.root(of: leaves))
        let log = generator.once(in: 16) ? Self.otherLog : Self.log
        let signed = try Checkpoint(origin: Origin(log.verifierKey.name), head: head).signed(by: [log])
        let text = Array(signed.note.unverifiedText)
        var lines: [SignedNote.Signature] = []
        for number in 0..<3 where !generator.once(in: 6) {
            let time = generator.once(in: 12) ? 0 : UInt64(generator.below(12)) << (generator.once(in: 10) ? 40 : 0)
            lines.append(Self.witness(number).line(over: text, time: time))
        }
        return try signed.adding(lines)
    }

    private func sealedSeed(_ number: UInt8) -> SealedSeed { SealedSeed(SHA256.hash(Array("\(seed) \(number)".utf8))) }

    private static let log = NoteSigner(name: origin, privateKey: key("log"))
    /// Another log, which the trust lists know too.
    private static let otherLog = NoteSigner(name: KeyName("made.example/other")!, privateKey: key("other"))

    private static func witness(_ number: Int) -> WitnessSigner {
        WitnessSigner(name: KeyName("made.example/w\(number)")!, privateKey: key("witness \(number)"))
    }

    private static func member(_ number: Int) -> NoteSigner {
        NoteSigner(name: KeyName("member-\(number)")!, privateKey: key("member \(number)"))
    }

    private static func key(_ name: String) -> Ed25519.PrivateKey {
        Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)!
    }

    /// The audit path of RFC 6962 section 2.1.1.
    private static func path(to index: Int, _ leaves: [Hash]) -> [Hash] {
        guard leaves.count > 1 else { return [] }
        let half = half(of: leaves.count)
        let (left, right) = (Array(leaves[..<half]), Array(leaves[half...]))
        return index < half
            ? path(to: index, left) + [MerkleTree.root(of: right)]
            : path(to: index - half, right) + [MerkleTree.root(of: left)]
    }

    /// The consistency proof of RFC 6962 section 2.1.2.
    private static func consistency(_ older: Int, _ leaves: [Hash], isWhole: Bool = true) -> [Hash] {
        guard older < leaves.count else { return isWhole ? [] : [MerkleTree.root(of: leaves)] }
        let half = half(of: leaves.count)
        let (left, right) = (Array(leaves[..<half]), Array(leaves[half...]))
        return older <= half
            ? consistency(older, left, isWhole: isWhole) + [MerkleTree.root(of: right)]
            : consistency(older - half, right, isWhole: false) + [MerkleTree.root(of: left)]
    }

    private static func half(of count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }
}
