// SPDX-License-Identifier: Apache-2.0
import Foundation
import TransparencyLog

/// The shared test vectors: INDELIBLE_VECTORS, or `../shared/vectors` from the package's root.
enum AuditVectors {
    static let url: URL = {
        if let path = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared/vectors", isDirectory: true)
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: url.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appendingPathComponent(path)))
    }

    /// All files under a folder, by their paths in it.
    static func files(in folder: String) throws -> [String: [UInt8]] {
        let base = url.appendingPathComponent(folder)
        var files: [String: [UInt8]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: base.path) ?? .init() {
            var isFolder: ObjCBool = false
            let file = base.appendingPathComponent(path)
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[path] = [UInt8](try Data(contentsOf: file))
        }
        return files
    }

    static var policy: TrustPolicy { get throws { try TrustPolicy(parsing: bytes("indelible/policy")) } }

    /// The vector log with its entries, signed by its own key and two of its witnesses.
    static func log() throws -> AuditTestLog {
        struct Key: Decodable { let seed: String }
        let json = try JSONSerialization.jsonObject(with: Data(bytes("indelible/keys.json"))) as? [String: Any] ?? [:]
        func key(_ name: String) -> Ed25519.PrivateKey {
            let seed = (json[name] as? [String: String])?["seed"] ?? ""
            return Ed25519.PrivateKey(seed: Hex.decode(Array(seed.utf8)) ?? [])!
        }
        let origin = "ledger.example/vectors"
        var log = AuditTestLog()
        log.signers = AuditTestLog.Signers(
            log: NoteSigner(name: KeyName(origin)!, privateKey: key(origin)),
            witnesses: ["witness.example/w1", "witness.example/w3"].map {
                WitnessSigner(name: KeyName($0)!, privateKey: key($0))
            })
        let files = try files(in: "indelible/ledger")
        for bundle in Tile.bundles(to: 600) {
            log.entries += try EntryBundle(parsing: files[bundle.path] ?? [], of: bundle).map { Array($0) }
        }
        return log
    }
}
