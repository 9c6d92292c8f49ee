// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage
import TransparencyLog

/// A trust list got from those who run a log, on its way into the keys folder.
///
///     keys/policy                          the one that every command takes
///     keys/trust/replaced-<16 digits>      the one that was there, by the first digits of its SHA-256
struct JoinedTrustList {
    /// What the keys folder has so far.
    private enum Place {
        case free
        case same
        case other(TrustPolicy)
    }

    let trust: Workplace.Trust
    /// The one log that it names.
    let origin: Origin
    private let path: FilePath
    private let folder: FilePath
    private let place: Place

    /// Reads and checks a list: a file, or a folder with a file `policy`. Nothing is written.
    ///
    /// Throws where the keys folder has another one, unless that is to be replaced.
    init(_ argument: String, in workplace: Workplace, replacing: Bool) throws {
        guard !argument.contains("://") else {
            throw Failure(
                .usage, "this version reads trust lists from files only, not from \(Shown.bytes(argument.utf8))",
                hint: "save the file, join with that, and compare its fingerprint with the people who run the log")
        }
        let named = FilePath(argument)
        let source = DurableFile.isFolder(named) ? named.appending("policy") : named
        guard let policy = try TrustPolicy(reading: source) else {
            throw Failure(
                .usage, "there is no trust list at \(Shown.path(source))",
                hint: "ask the people who run the log for the file `policy` of their keys folder")
        }
        guard let log = policy.logs.first, policy.logs.allSatisfy({ $0.origin == log.origin }) else {
            throw Failure(
                .usage, "\(Shown.path(source)) does not name one log, but \(Set(policy.logs.map(\.origin)).count)",
                hint: "joining takes a trust list with a single log; others are named with --trust when verifying")
        }
        folder = workplace.keys
        path = workplace.keys.appending("policy")
        origin = log.origin
        trust = Workplace.Trust(name: Shown.path(path), policy: policy)
        guard let bytes = try DurableFile.readIfPresent(path, limit: TrustPolicy.maximumByteCount) else {
            place = .free
            return
        }
        guard bytes != policy.bytes else {
            place = .same
            return
        }
        guard replacing else {
            throw Failure(
                .usage, "\(Shown.path(path)) is another trust list already",
                hint: "name another folder with --keys, or replace it with --force: the old one is kept under trust")
        }
        guard let old = try TrustPolicy(reading: path) else { throw FileError("read", path, .noSuchFileOrDirectory) }
        place = .other(old)
    }

    /// Puts the list into the keys folder; first keeps the one that is there. Gives where that is kept, if there was one.
    func settle() throws -> FilePath? {
        try DurableFile.makeFolder(folder)
        switch place {
        case .same:
            // Whoever wrote it may not have got it to the disk.
            try DurableFile.renew(path)
            return nil
        case .free:
            try DurableFile.write(trust.policy.bytes, to: path, ifTaken: .refuse)
            return nil
        case .other(let old):
            let shelf = folder.appending("trust")
            try DurableFile.makeFolder(shelf)
            // Under a name that says what it holds, nothing else can be there.
            let kept = shelf.appending("replaced-\(old.fingerprint.hex.prefix(16))")
            try DurableFile.write(old.bytes, to: kept)
            try DurableFile.write(trust.policy.bytes, to: path)
            return kept
        }
    }

    /// Whether the keys folder had this very list before.
    var wasThere: Bool { if case .same = place { true } else { false } }
}
