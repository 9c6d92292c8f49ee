// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why a file is not read as a proof file.
public enum ProofFileError: Error, Sendable, Hashable {
    /// It says that it is of another version, or is of no version: a newer tool may read it.
    case anotherVersion
    /// It is damaged, or was never a proof file.
    case malformed(FormatError)
}

extension ProofFile {
    /// Reads a proof file of at most 256 MiB.
    public init(parsing bytes: [UInt8]) throws(ProofFileError) {
        let whole: JSON
        do throws(FormatError) {
            whole = try JSON(parsing: bytes, format: "proof file")
        } catch {
            throw .malformed(error)
        }
        try self.init(json: whole)
    }

    /// Reads the JSON of a proof file.
    public init(json: JSON) throws(ProofFileError) {
        guard case .object(let members) = json,
            let named = members.first(where: { $0.name == Array("format".utf8) }),
            case .text(let version) = named.value
        else { throw .malformed(FormatError("proof file", "it does not say what it is: no member format")) }
        guard version == Array(Self.format.utf8) else { throw .anotherVersion }
        do throws(FormatError) {
            try self.init(JSONCursor(json, format: "proof file"))
        } catch {
            throw .malformed(error)
        }
    }

    private init(_ cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(
            ["format", "inclusion"], optional: ["dossier", "exhibit", "details", "quoted", "related", "timestamps"])
        var inclusions: [LogProof] = []
        for element in try object["inclusion"].array(1...Self.maximumInclusions) {
            inclusions.append(try LogProof(parsing: element.text()))
        }
        var quoted: [Quoted] = []
        for element in try Self.elements(object.optional("quoted")) {
            let quote = try element.object(["checkpoint", "consistency"])
            quoted.append(
                Quoted(
                    checkpoint: try SignedCheckpoint(parsing: quote["checkpoint"].text()),
                    consistency: ConsistencyProof(path: try Self.path(quote["consistency"]))))
        }
        var related: [Related] = []
        for element in try Self.elements(object.optional("related")) {
            let item = try element.object(["entry", "index", "path"])
            guard let index = LeafIndex(try item["index"].number()) else { throw item["index"].error("index") }
            related.append(
                Related(
                    entry: try Entry(parsing: item["entry"].base64()), index: index,
                    inclusion: InclusionProof(path: try Self.path(item["path"]))))
        }
        var timestamps: [[UInt8]] = []
        for element in try Self.elements(object.optional("timestamps")) { timestamps.append(try element.base64()) }
        try self.init(
            inclusions: inclusions,
            dossier: try Self.opening(object.optional("dossier")),
            exhibit: try Self.opening(object.optional("exhibit")),
            details: try Self.opening(object.optional("details")),
            quoted: quoted, related: related, timestamps: timestamps)
    }

    /// The proof file as JSON. Members that would be empty are left out.
    public var json: JSON {
        var members = [
            JSON.Member("format", .text(Self.format)),
            JSON.Member("inclusion", .array(inclusions.map { .text($0.bytes) })),
        ]
        if let dossier { members.append(JSON.Member("dossier", dossier.json)) }
        if let exhibit { members.append(JSON.Member("exhibit", exhibit.json)) }
        if let details { members.append(JSON.Member("details", details.json)) }
        if !quoted.isEmpty {
            members.append(JSON.Member("quoted", .array(quoted.map(\.json))))
        }
        if !related.isEmpty {
            members.append(JSON.Member("related", .array(related.map(\.json))))
        }
        if !timestamps.isEmpty {
            members.append(JSON.Member("timestamps", .array(timestamps.map { .base64($0) })))
        }
        return .object(members)
    }

    private static func elements(_ cursor: JSONCursor?) throws(FormatError) -> JSONElements {
        guard let cursor else { return .none }
        return try cursor.array()
    }

    private static func opening(_ cursor: JSONCursor?) throws(FormatError) -> Opening? {
        guard let cursor else { return nil }
        return try Opening(parsing: cursor)
    }

    private static func path(_ cursor: JSONCursor) throws(FormatError) -> [Hash] {
        var path: [Hash] = []
        for element in try cursor.array(0...InclusionProof.maximumCount) { path.append(try element.hash()) }
        return path
    }
}

extension ProofFile.Quoted {
    var json: JSON {
        .object([
            JSON.Member("checkpoint", .text(checkpoint.bytes)),
            JSON.Member("consistency", .array(consistency.path.map { .base64($0) })),
        ])
    }
}

extension ProofFile.Related {
    var json: JSON {
        .object([
            JSON.Member("entry", .base64(entry.bytes)),
            JSON.Member("index", .number(index.value)),
            JSON.Member("path", .array(inclusion.path.map { .base64($0) })),
        ])
    }
}

extension ProofFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .anotherVersion: "made by another version of this program; a newer one may read it"
        case .malformed(let error): error.description
        }
    }
}
