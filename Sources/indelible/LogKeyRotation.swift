// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The log's key on this machine, and the one that is to take its place.
///
///     NAME.pem                    the key; NAME is the log's origin
///     next/NAME.pem               the new one, from `rotate-key` to `rotate-key --finish`
///     old/NAME-1a2b3c4d.pem       one that signs no more
///
/// The names of both are the origin, and a folder has one key of a name.
struct LogKeyRotation {
    let workplace: Workplace
    let name: KeyName
    /// The key that is in use.
    let present: KeyFile
    /// The key that is to take its place; nil where there is none, or where it has done so.
    private(set) var next: KeyFile?

    init(in workplace: Workplace) throws {
        try workplace.requireFolder()
        let origin = try workplace.ownLog().origin
        guard let name = KeyName(origin.utf8), workplace.home.contains(name) else {
            throw Failure(
                .cannotTell, "the log's own key is not on this machine",
                hint: "run this where the log's key is; INDELIBLE_HOME names the folder of keys")
        }
        self.workplace = workplace
        self.name = name
        present = try workplace.home.key(named: name)
        let coming = workplace.nextKeys
        if coming.contains(name) {
            let file = try coming.key(named: name)
            if file.verifierKey != present.verifierKey { next = file }
        }
    }

    /// Makes the new key, unless it is there already.
    mutating func make() throws -> VerifierKey {
        if let next {
            // A charter that names a key that is gone could be mended by nobody.
            try workplace.nextKeys.settle(name)
            return next.verifierKey
        }
        let passphrase = try workplace.prompt.choose(for: "the log's new key")
        let file = KeyFile(
            sealing: try .fresh(), named: name, under: passphrase, salt: .fresh(count: 16),
            initializationVector: .fresh(count: 16))
        try workplace.nextKeys.add(file)
        next = file
        return file.verifierKey
    }

    /// Where the key that is in use is kept once it signs no more.
    var oldPath: FilePath { oldFolder.appending(fileName(of: present.verifierKey) + ".pem") }

    private var oldFolder: FilePath { workplace.home.folder.appending("old") }

    /// Puts the new key in the place of the old one, which is kept. At no moment is either nowhere.
    func swap() throws {
        if let next {
            try DurableFile.makeFolder(oldFolder, mode: 0o700)
            try DurableFile.write(present.bytes, to: oldPath, mode: 0o600)
            try DurableFile.write(next.bytes, to: workplace.home.path(of: name), mode: 0o600)
        } else if workplace.nextKeys.contains(name) {
            // An earlier run has put it there, and may not have got it to the disk.
            try workplace.home.settle(name)
        }
        try DurableFile.remove(workplace.nextKeys.path(of: name))
    }

    // MARK: - What others see

    private func fileName(of key: VerifierKey) -> String {
        workplace.home.fileName(of: name) + "-" + Hex.encode(key.keyBytes).prefix(8)
    }

    private var policyPath: FilePath { workplace.keys.appending("policy") }

    /// The trust list that was in force before it named the new key.
    func earlierPolicyPath(before key: VerifierKey) -> FilePath {
        workplace.keys.appending("trust").appending("before-" + String(Hex.encode(key.keyBytes).prefix(8)))
    }

    /// The keys by which the trust list knows the log.
    func listed() throws -> [VerifierKey] { try workplace.ownLog().keys }

    /// Puts both vkeys where others find them, and lists the new one in the trust list beside the old one.
    func publish(_ new: VerifierKey) throws {
        let old = present.verifierKey
        for key in [old, new] {
            try DurableFile.write(key.utf8 + [0x0A], to: workplace.keys.appending(fileName(of: key) + ".vkey"))
        }
        // What is listed by an earlier run is handed out from here on.
        guard try !listed().contains(new) else { return try DurableFile.renew(policyPath) }
        let before = try workplace.trust(nil).policy
        let kept = earlierPolicyPath(before: new)
        try DurableFile.makeFolder(kept.removingLastComponent())
        try DurableFile.write(before.bytes, to: kept)
        try DurableFile.write(try Self.adding(new, behind: old, to: before).bytes, to: policyPath)
    }

    /// The trust list with one more line, `log`, behind that of the old key; all else stays byte for byte.
    private static func adding(
        _ new: VerifierKey, behind old: VerifierKey, to policy: TrustPolicy
    ) throws -> TrustPolicy {
        var lines: [[UInt8]] = []
        for line in policy.bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
            lines.append(Array(line))
            let items = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
            guard items.count >= 2, items[0].elementsEqual("log".utf8), items[1].elementsEqual(old.utf8) else {
                continue
            }
            let url = items.count > 2 ? [0x20] + Array(items[2]) : []
            lines.append(Array("log ".utf8) + new.utf8 + url)
        }
        let changed = try TrustPolicy(parsing: lines.flatMap { $0 + [0x0A] })
        guard changed.logs.contains(where: { $0.key == new }) else {
            throw Failure(
                .cannotTell, "the trust list does not name the log key that is in use",
                hint: "compare `indelible key show` with keys/policy")
        }
        return changed
    }
}

extension Workplace {
    /// The keys that are to take the place of those of the same name.
    var nextKeys: KeyStore { KeyStore(folder: home.folder.appending("next")) }
}
