// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// Where a ledger is read from: a folder, or the address of a web server that serves one as it stands.
enum LedgerPlace {
    case folder(FilePath)
    case address(String)

    /// What a person names: anything with a scheme is an address.
    init(_ name: String) throws {
        guard name.contains("://") else {
            self = .folder(FilePath(name))
            return
        }
        let lower = name.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
            throw Failure(
                .usage, "this version reads ledgers in folders and over http(s), not \(Shown.bytes(name.utf8))")
        }
        guard !name.contains("?"), !name.contains("#") else {
            throw Failure(.usage, "the address of a ledger has no query: \(Shown.bytes(name.utf8))")
        }
        self = .address(name)
    }

    /// The place as it is spoken of.
    var shown: String {
        switch self {
        case .folder(let path): Shown.path(path)
        case .address(let address): Shown.bytes(address.utf8)
        }
    }

    /// Whether there is something to be asked: a folder, or a server that may answer.
    var isThere: Bool {
        switch self {
        case .folder(let path): DurableFile.isFolder(path)
        case .address: true
        }
    }

    /// Runs `body` with the files of the ledger. Throws `DirectoryStore.OpenError.absent` where there is no folder.
    func read<Value: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ body: (any LedgerSource) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .folder(let path):
            guard DurableFile.isFolder(path) else { throw DirectoryStore.OpenError.absent(path) }
            return try await body(DirectoryStore.reading(path))
        case .address(let address):
            return try await HTTPClientTransport.with(environment: ProcessInfo.processInfo.environment) { transport in
                try await body(HTTPLedgerSource(address, over: transport))
            }
        }
    }
}

extension Workplace {
    /// Runs `body` with a reader of the ledger under a trust list, and an index of all its entries.
    func reading<Value: Sendable>(
        _ policy: TrustPolicy,
        _ body: (LedgerReader, LookupIndex) async throws -> Value
    ) async throws -> Value {
        guard case .address = source else {
            let (reader, index) = try await openForReading(policy)
            return try await body(reader, index)
        }
        return try await source.read { files in
            let reader = try await LedgerReader(files, under: policy)
            return try await body(reader, try await Self.followed(reader))
        }
    }

    /// An index of all that a reader can read.
    static func followed(_ reader: LedgerReader) async throws -> LookupIndex {
        let progress = Progress("reading the log", total: reader.head.size.value, unit: "entries")
        defer { progress.finish() }
        return try await LookupIndex(following: reader) { progress.reach($0) }
    }

    /// Says that a log is written to in a folder only; for commands that would write.
    func requireFolder() throws {
        guard case .address = source else { return }
        throw Failure(
            .usage, "this version writes to logs in folders only, not \(source.shown)",
            hint: "name the ledger's folder with --ledger on the machine that runs the log")
    }
}
