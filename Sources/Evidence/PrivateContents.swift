// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What a registrant keeps: everything it takes, with the files, to open, redact and renew a registration.
///
///     {"format": "indelible-private/v1", "proof": the proof file,
///      "exhibit": {"seed": base64, "fields": {name: text}, "files": [
///          {"name": path, "sha256": hex, "size": n, "lengths": base64 where it is cut, "carried": true or false}]},
///      "dossier": {"seed": base64, "count": n, "attestations": {"<position>": note}},
///      "details": {"seed": base64, "fields": {name: text}}}
///
/// It is secret, and only ever written encrypted: see `PrivateEnvelope`. Before registration there is no `proof`;
/// of a custody entry there are `details`, and no exhibit and dossier. (Formats section 6.)
public struct PrivateContents: Sendable, Hashable {
    /// A file of the exhibit, of which its bytes are kept elsewhere, or carried behind the JSON.
    public struct File: Sendable, Hashable {
        /// The path in the exhibit.
        public let path: ExhibitPath
        /// The SHA-256 of its bytes.
        public let sha256: Hash
        /// The number of its bytes.
        public let size: UInt64
        /// The lengths of its slices, where it is cut.
        public let lengths: [UInt8]?
        /// Whether its bytes stand behind the JSON.
        public let isCarried: Bool

        /// Describes a file.
        public init(path: ExhibitPath, sha256: Hash, size: UInt64, lengths: [UInt8]?, isCarried: Bool) {
            self.path = path
            self.sha256 = sha256
            self.size = size
            self.lengths = lengths
            self.isCarried = isCarried
        }
    }

    /// What is registered, and the seed that it is sealed with.
    public struct ExhibitPart: Sendable, Hashable {
        /// The seed of the exhibit's list.
        public let seed: SealedSeed
        /// The fields.
        public let fields: [SealedField]
        /// The files, by path.
        public let files: [File]

        /// Describes an exhibit.
        public init(seed: SealedSeed, fields: [SealedField], files: [File]) {
            self.seed = seed
            self.fields = fields
            self.files = files
        }
    }

    /// Who vouched for it, and the seed that the dossier is sealed with.
    public struct DossierPart: Sendable, Hashable {
        /// The seed of the dossier's list.
        public let seed: SealedSeed
        /// The number of the dossier's items.
        public let count: Int
        /// The attestations' notes, by slot.
        public let attestations: [Int: [UInt8]]

        /// Describes a dossier.
        public init(seed: SealedSeed, count: Int, attestations: [Int: [UInt8]]) {
            self.seed = seed
            self.count = count
            self.attestations = attestations
        }
    }

    /// The details of a custody entry, and the seed that they are sealed with.
    public struct DetailsPart: Sendable, Hashable {
        /// The seed of the details' list.
        public let seed: SealedSeed
        /// The fields.
        public let fields: [SealedField]

        /// Describes details.
        public init(seed: SealedSeed, fields: [SealedField]) {
            self.seed = seed
            self.fields = fields
        }
    }

    /// The `format` member and first line of every private file of this version.
    public static let format = "indelible-private/v1"

    /// The fullest proof that was made; nil before registration.
    public var proof: ProofFile?
    /// What is registered.
    public let exhibit: ExhibitPart?
    /// Who vouched for it.
    public let dossier: DossierPart?
    /// The details of a custody entry.
    public let details: DetailsPart?

    /// Puts the parts together.
    public init(
        proof: ProofFile? = nil, exhibit: ExhibitPart? = nil, dossier: DossierPart? = nil, details: DetailsPart? = nil
    ) {
        self.proof = proof
        self.exhibit = exhibit
        self.dossier = dossier
        self.details = details
    }
}

extension PrivateContents {
    /// The same contents, saying of every document whether its bytes stand behind the JSON.
    public func carryingAll(_ isCarried: Bool) -> PrivateContents {
        PrivateContents(
            proof: proof, exhibit: exhibit?.carryingAll(isCarried), dossier: dossier, details: details)
    }

    /// Reads the JSON of a private file.
    public init(json: JSON) throws(ProofFileError) {
        guard case .object(let members) = json,
            case .text(let version)? = members.first(where: { $0.name == Array("format".utf8) })?.value
        else { throw .malformed(FormatError("private file", "it does not say what it is: no member format")) }
        guard version == Array(Self.format.utf8) else { throw .anotherVersion }
        if let proof = members.first(where: { $0.name == Array("proof".utf8) })?.value {
            self.proof = try ProofFile(json: proof)
        }
        do throws(FormatError) {
            let object = try JSONCursor(json, format: "private file").object(
                ["format"], optional: ["proof", "exhibit", "dossier", "details"])
            exhibit = try object.optional("exhibit").map(ExhibitPart.init(parsing:))
            dossier = try object.optional("dossier").map(DossierPart.init(parsing:))
            details = try object.optional("details").map(DetailsPart.init(parsing:))
        } catch {
            throw .malformed(error)
        }
    }

    /// The JSON of a private file.
    public var json: JSON {
        var members = [JSON.Member("format", .text(Self.format))]
        if let proof { members.append(JSON.Member("proof", proof.json)) }
        if let exhibit {
            members.append(
                JSON.Member(
                    "exhibit",
                    .object([
                        JSON.Member("seed", .base64(exhibit.seed.raw)), JSON.Member("fields", exhibit.fields.json),
                        JSON.Member("files", .array(exhibit.files.map(\.json))),
                    ])))
        }
        if let dossier {
            let attestations = dossier.attestations.sorted { $0.key < $1.key }.map { slot, note in
                JSON.Member(name: Array(String(slot).utf8), value: .text(note))
            }
            members.append(
                JSON.Member(
                    "dossier",
                    .object([
                        JSON.Member("seed", .base64(dossier.seed.raw)),
                        JSON.Member("count", .number(UInt64(dossier.count))),
                        JSON.Member("attestations", .object(attestations)),
                    ])))
        }
        if let details {
            members.append(
                JSON.Member(
                    "details",
                    .object([
                        JSON.Member("seed", .base64(details.seed.raw)), JSON.Member("fields", details.fields.json),
                    ])))
        }
        return .object(members)
    }
}

extension PrivateContents.ExhibitPart {
    /// The same exhibit, saying of every document whether its bytes stand behind the JSON.
    public func carryingAll(_ isCarried: Bool) -> PrivateContents.ExhibitPart {
        PrivateContents.ExhibitPart(
            seed: seed, fields: fields,
            files: files.map {
                PrivateContents.File(
                    path: $0.path, sha256: $0.sha256, size: $0.size, lengths: $0.lengths, isCarried: isCarried)
            })
    }

    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["seed", "fields", "files"])
        var files: [PrivateContents.File] = []
        for element in try object["files"].array() {
            let file = try PrivateContents.File(parsing: element)
            if let last = files.last, file.path <= last.path { throw element.error("paths do not ascend") }
            files.append(file)
        }
        self.init(
            seed: SealedSeed(try object["seed"].hash()), fields: try [SealedField](parsing: object["fields"]),
            files: files)
    }
}

extension PrivateContents.File {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["name", "sha256", "size", "carried"], optional: ["lengths"])
        guard let path = ExhibitPath(try object["name"].text()) else { throw object["name"].error("path") }
        guard let sha256 = Hash(hex: try object["sha256"].text()) else {
            throw object["sha256"].error("want 64 digits")
        }
        self.init(
            path: path, sha256: sha256, size: try object["size"].number(),
            lengths: try object.optional("lengths").map { (cursor) throws(FormatError) in try cursor.base64() },
            isCarried: try object["carried"].bool())
    }

    fileprivate var json: JSON {
        var members = [
            JSON.Member("name", .text(path.utf8)), JSON.Member("sha256", .text(sha256.hex)),
            JSON.Member("size", .number(size)),
        ]
        if let lengths { members.append(JSON.Member("lengths", .base64(lengths))) }
        members.append(JSON.Member("carried", .bool(isCarried)))
        return .object(members)
    }
}

extension PrivateContents.DossierPart {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["seed", "count", "attestations"])
        let count = try object["count"].number()
        guard count >= 16, count <= 1 << 20, count.nonzeroBitCount == 1 else { throw object["count"].error("count") }
        var attestations: [Int: [UInt8]] = [:]
        for (name, value) in try object["attestations"].members() {
            guard let slot = Decimal.parse(name, below: count), slot > 0 else { throw value.error("slot") }
            attestations[Int(slot)] = try value.text()
        }
        self.init(
            seed: SealedSeed(try object["seed"].hash()), count: Int(count), attestations: attestations)
    }
}

extension PrivateContents.DetailsPart {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["seed", "fields"])
        self.init(
            seed: SealedSeed(try object["seed"].hash()), fields: try [SealedField](parsing: object["fields"]))
    }
}

extension [SealedField] {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        self = []
        for (name, value) in try cursor.members() {
            guard let field = SealedField(name: name, text: try value.text()) else { throw value.error("field name") }
            append(field)
        }
    }

    fileprivate var json: JSON {
        .object(map { JSON.Member(name: $0.name.utf8, value: .text($0.text)) })
    }
}
