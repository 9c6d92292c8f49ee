// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Private files: what is written comes back to those it is for, and to nobody else, and no byte of it can change.
struct PrivateFileTests {
    private static func signer(_ number: UInt8) throws -> NoteSigner {
        let key = try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: number, count: 32)))
        return NoteSigner(name: try #require(KeyName("holder-\(number)")), privateKey: key)
    }

    private static func contents(_ files: [PrivateContents.File] = [], note: String = "kept") throws -> PrivateContents
    {
        let seed = SealedSeed(SHA256.hash(Array("seed".utf8)))
        return PrivateContents(
            exhibit: PrivateContents.ExhibitPart(
                seed: seed, fields: [try #require(SealedField("title", note))], files: files),
            dossier: PrivateContents.DossierPart(seed: seed, count: 16, attestations: [3: Array("a note\n".utf8)]))
    }

    /// A folder for one test, gone afterwards.
    private static func inFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
    }

    @Test(arguments: [1, 2, 64])
    func eachRecipientOpensItAndNobodyElse(_ count: Int) throws {
        try Self.inFolder { folder in
            let path = folder.appending("case.private")
            let holders = try (1...count).map { try Self.signer(UInt8($0)) }
            let contents = try Self.contents()
            try PrivateFile.write(contents, to: holders.map(\.verifierKey), at: path, ifTaken: .refuse)
            for holder in holders { #expect(try PrivateFile.read(path, with: [holder]) == contents) }
            #expect(try PrivateFile.recipientCount(path) == count)
            let stranger = try Self.signer(200)
            #expect(throws: PrivateFile.ReadError.self) { try PrivateFile.read(path, with: [stranger]) }
            // Any of several keys will do.
            #expect(try PrivateFile.read(path, with: [stranger, holders[0]]) == contents)
            let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(throws: FileError.self) {
                try PrivateFile.write(contents, to: [holders[0].verifierKey], at: path, ifTaken: .refuse)
            }
        }
    }

    /// Carried files of sizes around the borders of chunks and padding.
    @Test(arguments: [0, 1, 4_095, 4_096, 65_535, 65_536, 65_537, 200_000])
    func carriedFilesComeOutAsTheyWentIn(_ size: Int) throws {
        try Self.inFolder { folder in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let source = folder.appending("document")
            try DurableFile.write(bytes, to: source)
            let file = PrivateContents.File(
                path: try #require(ExhibitPath("document")), sha256: SHA256.hash(bytes), size: UInt64(size),
                lengths: nil,
                isCarried: true)
            let holder = try Self.signer(1)
            let path = folder.appending("case.private")
            let contents = try Self.contents([file])
            try PrivateFile.write(
                contents, carrying: [source], to: [holder.verifierKey], at: path, ifTaken: .refuse)
            var carried: [UInt8] = []
            let read = try PrivateFile.read(path, with: [holder]) { _, part in carried += part }
            #expect(read == contents)
            #expect(carried == bytes)
            // What is on the disk has been filled up, so that its length says little.
            let sealed = try DurableFile.read(path, limit: 1 << 24)
            let envelope = try PrivateEnvelope(parsing: sealed)
            let body = sealed.count - envelope.bytes.count - SealedStream.headerByteCount
            let chunks = (body + SealedStream.chunkByteCount + 16) / (SealedStream.chunkByteCount + 17)
            #expect((body - chunks * SealedStream.overhead) % SealedStream.paddingMultiple == 0)
        }
    }

    @Test func aFileThatChangedSinceItWasReadIsNotCarried() throws {
        try Self.inFolder { folder in
            let source = folder.appending("document")
            try DurableFile.write(Array("one".utf8), to: source)
            let file = PrivateContents.File(
                path: try #require(ExhibitPath("document")), sha256: SHA256.hash(Array("two".utf8)), size: 3,
                lengths: nil,
                isCarried: true)
            let path = folder.appending("case.private")
            #expect(throws: DocumentReader.ReadError.self) {
                try PrivateFile.write(
                    Self.contents([file]), carrying: [source], to: [Self.signer(1).verifierKey], at: path,
                    ifTaken: .refuse)
            }
            // Nothing half-written stays behind.
            #expect(try DurableFile.names(in: folder).map(\.string) == ["document"])
        }
    }

    @Test func noByteCanChangeAndNothingCanBeCutOffOrAdded() throws {
        try Self.inFolder { folder in
            let path = folder.appending("case.private")
            let holder = try Self.signer(1)
            try PrivateFile.write(Self.contents(), to: [holder.verifierKey], at: path, ifTaken: .refuse)
            let sealed = try DurableFile.read(path, limit: 1 << 20)
            let altered = folder.appending("altered")
            func refuses(_ bytes: [UInt8], _ what: String) throws {
                try DurableFile.write(bytes, to: altered)
                #expect(throws: (any Error).self, "\(what)") { try PrivateFile.read(altered, with: [holder]) }
            }
            for place in stride(from: 0, to: sealed.count, by: 7) {
                var bytes = sealed
                bytes[place] ^= 1
                try refuses(bytes, "byte \(place)")
            }
            for count in stride(from: 0, to: sealed.count, by: 97) {
                try refuses(Array(sealed[..<count]), "cut at \(count)")
            }
            try refuses(Array(sealed.dropLast()), "last byte gone")
            try refuses(sealed + [0], "a byte more")
        }
    }

    @Test func nothingOfItCanBeReadOnTheDisk() throws {
        try Self.inFolder { folder in
            let path = folder.appending("case.private")
            try PrivateFile.write(
                Self.contents(note: "where the family lives"), to: [Self.signer(1).verifierKey], at: path,
                ifTaken: .refuse)
            let sealed = String(decoding: try DurableFile.read(path, limit: 1 << 20), as: UTF8.self)
            for word in ["family", "title", "exhibit", "holder-1", SHA256.hash(Array("seed".utf8)).base64] {
                #expect(!sealed.contains(word))
            }
        }
    }

    @Test func anotherVersionIsNamedAsSuch() throws {
        #expect(throws: ProofFileError.anotherVersion) {
            try PrivateEnvelope(parsing: Array("indelible-private/v2\nAAAA\n\n".utf8))
        }
        #expect(throws: ProofFileError.anotherVersion) {
            try PrivateContents(json: .object([JSON.Member("format", .text("indelible-private/v2"))]))
        }
    }

    /// Sealed again, it opens for the new recipients alone, and holds the same to the byte.
    @Test(arguments: [0, 1, 65_536, 200_000])
    func resealedItIsTheSameForOthers(_ size: Int) throws {
        try Self.inFolder { folder in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let (source, path, target) = (
                folder.appending("document"), folder.appending("case.private"), folder.appending("for-others.private")
            )
            try DurableFile.write(bytes, to: source)
            let file = PrivateContents.File(
                path: try #require(ExhibitPath("document")), sha256: SHA256.hash(bytes), size: UInt64(size),
                lengths: nil,
                isCarried: true)
            let contents = try Self.contents([file])
            let (owner, other) = (try Self.signer(1), try Self.signer(2))
            try PrivateFile.write(
                contents, carrying: [source], to: [owner.verifierKey], at: path, ifTaken: .refuse)
            try PrivateFile.reseal(path, with: owner, to: [other.verifierKey], at: target, ifTaken: .refuse)
            var carried: [UInt8] = []
            #expect(try PrivateFile.read(target, with: [other]) { carried += $1 } == contents)
            #expect(carried == bytes)
            #expect(throws: PrivateFile.ReadError.self) { try PrivateFile.read(target, with: [owner]) }
            #expect(throws: PrivateFile.ReadError.self) {
                try PrivateFile.reseal(
                    path, with: other, to: [other.verifierKey], at: folder.appending("x"), ifTaken: .refuse)
            }
            #expect(!DurableFile.exists(folder.appending("x")))
        }
    }
}
