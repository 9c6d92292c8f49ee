// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// A registration of two files and a field, with one attestation, in a `SmallLog`: the documents, what their holder
/// keeps, and the proof of any part of it.
struct SmallCase {
    static let witness = RegistryWorld.person("mei")
    static let text = Array("one two three".utf8)
    static let picture: [UInt8] = [0xFF, 0x00, 0xFF]
    private static let seeds = (SealedSeed(SHA256.hash([1])), SealedSeed(SHA256.hash([2])))

    let exhibit: Exhibit
    let contents: PrivateContents
    private(set) var log = SmallLog()

    var filing: Filing { log.entries[0].filing }
    var texts: [ExhibitPath: [UInt8]] { [exhibit.files[0].path: Self.text] }

    /// The attestation quotes a checkpoint of the log, where one is given.
    init(after: Quote? = nil, before entries: [Filing] = []) throws {
        let origin = Origin(SmallLog.signer.verifierKey.name)
        let files = [("a.txt", Self.text), ("b.png", Self.picture)].compactMap { name, bytes in
            ExhibitPath(name).map { Exhibit.File(path: $0, bytes: bytes) }
        }
        exhibit = try Exhibit(fields: [SealedField("place", "here")].compactMap(\.self), files: files)
        let attestation = try Attestation(
            AttestationText(
                log: origin, after: after, signer: Self.witness.verifierKey,
                exhibit: exhibit.sealed(with: Self.seeds.0).digest, role: .interviewer),
            signedBy: Self.witness)
        contents = PrivateContents(
            exhibit: PrivateContents.ExhibitPart(
                seed: Self.seeds.0, fields: exhibit.fields,
                files: exhibit.files.map {
                    PrivateContents.File(
                        path: $0.path, sha256: $0.sha256, size: $0.size, lengths: $0.slices?.lengths, isCarried: false)
                }),
            dossier: PrivateContents.DossierPart(seed: Self.seeds.1, count: 16, attestations: [3: attestation.bytes]))
        let signers = try RegistryWorld.filing(
            .register(Registration(dossier: SHA256.hash([]))), by: [SmallLog.lin]
        ).signerLinesHash
        let dossier = try Dossier(
            exhibit: attestation.exhibit, signerLinesHash: signers, log: origin, attestations: [3: attestation])
        for entry in entries { try log.add(entry) }
        try log.add(
            RegistryWorld.filing(
                .register(Registration(dossier: dossier.sealed(with: Self.seeds.1).digest)), by: [SmallLog.lin]))
    }
}
