// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Reading of the files that a command line names: what is wrong with one is said with its name, and what to do.
extension Failure {
    fileprivate static func naming<R>(_ path: FilePath, hint: String, _ read: () throws -> R) throws -> R {
        do {
            return try read()
        } catch let error as Errno {
            throw FileError("read", path, error)
        } catch let error as FormatError {
            throw Failure(.usage, "\(Shown.path(path)): \(error)", hint: hint)
        } catch ProofFileError.malformed(let error) {
            throw Failure(.usage, "\(Shown.path(path)): \(error)", hint: hint)
        } catch let error as ProofFileError {
            throw Failure(.usage, "\(Shown.path(path)): \(error)", hint: "ask whoever gave it to you what made it")
        }
    }
}

extension ProofFile {
    /// Reads a proof file.
    init(reading path: FilePath) throws {
        self = try Failure.naming(
            path, hint: "a proof is a .proof file; if it was damaged on its way, ask for it again"
        ) {
            try ProofFile(parsing: try DurableFile.read(path, limit: JSON.maximumByteCount))
        }
    }
}

extension FilingDraft {
    /// Reads a filing, whether all of its signers have signed it or not.
    init(reading path: FilePath) throws {
        self = try Failure.naming(
            path, hint: "a filing is a .filing file, kept byte for byte; if it was damaged on its way, ask for it again"
        ) {
            try FilingDraft(parsing: try DurableFile.read(path, limit: Entry.maximumByteCount))
        }
    }
}

extension Attestation {
    /// Reads an attestation and verifies its signature.
    init(reading path: FilePath) throws {
        self = try Failure.naming(
            path, hint: "an attestation is an .attestation file, kept byte for byte; ask for it again"
        ) {
            do {
                return try Attestation(parsing: try DurableFile.read(path, limit: SignedNote.maximumByteCount))
            } catch let error as AttestationError {
                throw Failure(
                    .usage, "\(Shown.path(path)): \(error)",
                    hint: "an attestation is an .attestation file, kept byte for byte; ask for it again")
            }
        }
    }
}

extension VerifierKey {
    /// Reads a file that holds one vkey; nil if there is none.
    init?(reading path: FilePath) throws {
        let key: VerifierKey? = try Failure.naming(
            path, hint: "a vkey is one line, NAME+ID+KEY, as `key new` prints it"
        ) {
            guard var bytes = try DurableFile.readIfPresent(path, limit: 4096) else { return nil }
            if bytes.last == 0x0A { bytes.removeLast() }
            return try VerifierKey(parsing: bytes)
        }
        guard let key else { return nil }
        self = key
    }
}

extension TrustPolicy {
    /// Reads a trust list; nil if there is none.
    init?(reading path: FilePath) throws {
        let policy: TrustPolicy? = try Failure.naming(
            path, hint: "a trust list is a text file, kept byte for byte; ask for it again, and compare its fingerprint"
        ) {
            try DurableFile.readIfPresent(path, limit: TrustPolicy.maximumByteCount).map {
                try TrustPolicy(parsing: $0)
            }
        }
        guard let policy else { return nil }
        self = policy
    }
}

extension AuditState {
    /// Reads what an earlier audit left.
    init(reading path: FilePath) throws {
        self = try Failure.naming(path, hint: "move it away to audit from the first entry again") {
            try AuditState.read(path)
        }
    }
}
