// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// The bytes of private files: a file made without this package is read, and only what the format allows.
@Suite struct PrivateFileFormatTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func signer(_ number: UInt8) -> NoteSigner {
        NoteSigner(
            name: KeyName("holder")!, privateKey: Ed25519.PrivateKey(seed: [UInt8](repeating: number, count: 32))!)
    }

    private let holder = signer(1)

    // MARK: - A file from elsewhere

    @Test(arguments: [1, 2] as [UInt8]) func sampleIsRead(seed: UInt8) throws {
        let path = try folder.write(PrivateFileSample.bytes, to: "sample.private")
        var carried: [UInt8] = []
        var files: [[UInt8]] = []
        let contents = try PrivateFile.read(path, with: [Self.signer(seed)]) { file, part in
            files.append(file.path.utf8)
            carried += part
        }
        #expect(contents.json.encoded() == PrivateFileSample.json)
        #expect(carried == PrivateFileSample.carried)
        #expect(files == [Array("notes/page 1.txt".utf8)])
        #expect(contents.proof?.entry.filing.log == Origin(Array("ledger.example/vectors".utf8)))
        #expect(contents.exhibit?.seed == SealedSeed(Array(0..<32)))
        #expect(contents.exhibit?.fields.map(\.name.description) == ["language", "place"])
        #expect(contents.dossier?.attestations.keys.sorted() == [5])
        #expect(try PrivateFile.recipientCount(path) == 2)
    }

    @Test func sampleIsNotForOthers() throws {
        let path = try folder.write(PrivateFileSample.bytes, to: "sample.private")
        for keys in [[], [Self.signer(3)], [Self.signer(3), Self.signer(4)]] {
            #expect { try PrivateFile.read(path, with: keys) } throws: { error in
                if case PrivateFile.ReadError.notForTheseKeys = error { true } else { false }
            }
        }
        #expect(throws: Never.self) { try PrivateFile.read(path, with: [Self.signer(3), Self.signer(1)]) }
    }

    /// Each byte another, each length shorter, and more behind: none is read.
    @Test func everyByteOfTheSample() throws {
        let bytes = PrivateFileSample.bytes
        let end = try PrivateEnvelope(parsing: bytes).bytes.count
        let path = folder("altered.private")
        func isRefused(_ altered: [UInt8]) throws -> Bool {
            try altered.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path.string)) }
            return (try? PrivateFile.read(path, with: [Self.signer(1), Self.signer(2)])) == nil
        }
        var altered = bytes
        for place in bytes.indices {
            altered[place] ^= 0x04
            // Of two boxes one is enough: a box that is damaged keeps its recipient out, and nobody else.
            let isInABox = place >= 21 && place < end - 1
            let refused = try isRefused(altered)
            if !isInABox { #expect(refused, "byte \(place)") }
            altered[place] = bytes[place]
        }
        for count in bytes.indices { #expect(try isRefused(Array(bytes[..<count])), "cut off at \(count)") }
        for more in [[0], [UInt8](repeating: 0, count: 17), Array(bytes[end...]), bytes] {
            #expect(try isRefused(bytes + more))
        }
    }

    // MARK: - What is refused though it is sealed well

    private func seal(_ json: [UInt8], _ behind: [UInt8] = [], length: Int? = nil, chunks: [Int]? = nil) throws
        -> FilePath
    {
        let key = [UInt8](repeating: 7, count: 32)
        var random = SystemRandomNumberGenerator()
        let envelope = try PrivateEnvelope(sealing: key, to: [holder.verifierKey], using: &random)
        var stream = SealedStream.Writer(contentKey: key)
        var file = envelope.bytes + stream.header
        let count = UInt32(length ?? json.count)
        var plain = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + json + behind
        let sizes = chunks ?? stride(from: 0, to: plain.count, by: 65_536).map { min(65_536, plain.count - $0) }
        for (number, size) in sizes.enumerated() {
            file += stream.seal(Array(plain.prefix(size)), isLast: number == sizes.count - 1)
            plain.removeFirst(min(size, plain.count))
        }
        return try folder.write(file, to: "sealed.private")
    }

    private func isDamaged(_ path: FilePath) -> Bool {
        do {
            _ = try PrivateFile.read(path, with: [holder])
        } catch PrivateFile.ReadError.damaged {
            return true
        } catch {}
        return false
    }

    private func padding(of count: Int) -> [UInt8] { [UInt8](repeating: 0, count: (4096 - count % 4096) % 4096) }

    @Test func paddingIsAsTheFormatSays() throws {
        let json = PrivateContents().json.encoded()
        let exact = padding(of: json.count + 4)
        #expect(throws: Never.self) { try PrivateFile.read(seal(json, exact), with: [holder]) }
        #expect(try isDamaged(seal(json)), "none")
        #expect(try isDamaged(seal(json, exact.dropLast())), "a byte short")
        #expect(try isDamaged(seal(json, exact + [0])), "a byte more")
        #expect(try isDamaged(seal(json, exact + [UInt8](repeating: 0, count: 4096))), "a block more")
        for place in [0, exact.count / 2, exact.count - 1] {
            var padding = exact
            padding[place] = 1
            #expect(try isDamaged(seal(json, padding)), "byte \(place) is not zero")
        }
        #expect(try isDamaged(seal(json, exact, length: 4096)), "longer than there is")
        #expect(try isDamaged(seal(json, exact, length: 1 << 28 + 1)), "longer than is read")
    }

    @Test func chunksAreAsTheFormatSays() throws {
        // A JSON text that fills the first chunk to its border.
        let empty = try contents(note: 0).json.encoded().count
        let json = try contents(note: 65_532 - empty).json.encoded()
        #expect(json.count == 65_532)
        #expect(throws: Never.self) { try PrivateFile.read(seal(json), with: [holder]) }
        #expect(try isDamaged(seal(json, chunks: [65_536, 0])), "an empty last chunk")
    }

    @Test func jsonIsRead() throws {
        for json in [
            "", "{}", "[]", #"{"format":"indelible-private/v2"}"#, #"{"format":"indelible-private/v1","x":1}"#,
        ] {
            let bytes = Array(json.utf8)
            #expect { try PrivateFile.read(seal(bytes, padding(of: bytes.count + 4)), with: [holder]) } throws: {
                error in
                if case PrivateFile.ReadError.form = error { true } else { false }
            }
        }
    }

    // MARK: - Lengths at the borders of chunks and padding

    private func contents(note count: Int) throws -> PrivateContents {
        let seed = SealedSeed(SHA256.hash(Array("seed".utf8)))
        let field = try #require(SealedField("text", String(repeating: "x", count: count)))
        return PrivateContents(exhibit: PrivateContents.ExhibitPart(seed: seed, fields: [field], files: []))
    }

    /// The plain text one byte less, as long as, and one byte more than each border; its chunks cut off one by one.
    @Test(arguments: [4096, 8192, 65_536, 69_632, 131_072, 196_608]) func borders(border: Int) throws {
        let empty = try contents(note: 0).json.encoded().count + 4
        for count in [border - 1, border, border + 1] {
            let contents = try contents(note: count - empty)
            let path = folder("\(count).private")
            try PrivateFile.write(contents, to: [holder.verifierKey], at: path, ifTaken: .refuse)
            #expect(try PrivateFile.read(path, with: [holder]) == contents)
            let bytes = try folder.read("\(count).private")
            let start = try PrivateEnvelope(parsing: bytes).bytes.count + 24
            let padded = (count + 4095) / 4096 * 4096
            #expect(bytes.count == start + padded + (padded + 65_535) / 65_536 * 17)
            for cut in stride(from: start, to: bytes.count, by: 65_553) {
                for place in [cut - 1, cut, cut + 1] {
                    try folder.write(bytes.prefix(place), to: "cut.private")
                    #expect(isDamaged(folder("cut.private")), "cut off at \(place)")
                }
            }
            // A chunk left out, or one twice.
            if padded > 131_072 {
                let first = bytes[start..<start + 65_553]
                let second = bytes[start + 65_553..<start + 131_106]
                let rest = bytes[(start + 131_106)...]
                for chunks in [second + rest, first + rest, first + first + rest, second + first + rest] {
                    try folder.write(Array(bytes[..<start]) + chunks, to: "cut.private")
                    #expect(isDamaged(folder("cut.private")))
                }
            }
        }
    }

    // MARK: - Carried files

    @Test func severalCarriedFiles() throws {
        let sizes = [0, 1, 65_536, 140_000, 0, 4095]
        var files: [PrivateContents.File] = []
        var paths: [FilePath] = []
        var all: [[UInt8]] = []
        for (number, size) in sizes.enumerated() {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
            let isCarried = number != 4
            all.append(isCarried ? bytes : [])
            if isCarried { paths.append(try folder.write(bytes, to: "file \(number)")) }
            files.append(
                PrivateContents.File(
                    path: ExhibitPath("file \(number)")!, sha256: SHA256.hash(bytes), size: UInt64(size), lengths: nil,
                    isCarried: isCarried))
        }
        let contents = PrivateContents(
            exhibit: PrivateContents.ExhibitPart(seed: SealedSeed(MerkleTree.emptyRoot), fields: [], files: files))
        let path = folder("case.private")
        try PrivateFile.write(contents, carrying: paths, to: [holder.verifierKey], at: path, ifTaken: .refuse)
        var read = [[UInt8]](repeating: [], count: sizes.count)
        let found = try PrivateFile.read(path, with: [holder]) { file, part in
            read[try #require(files.firstIndex(of: file))] += part
        }
        #expect(found == contents)
        #expect(read == all)
        #expect(try PrivateFile.read(path, with: [holder]) == contents, "they are verified without being asked for")
        #expect(throws: CocoaError.self) {
            try PrivateFile.read(path, with: [holder]) { _, _ in throw CocoaError(.fileWriteOutOfSpace) }
        }
    }

    /// A carried file that is not the one that the contents describe.
    @Test func carriedFileDiffers() throws {
        let file = PrivateContents.File(
            path: ExhibitPath("a")!, sha256: SHA256.hash([1, 2]), size: 2, lengths: nil, isCarried: true)
        let contents = PrivateContents(
            exhibit: PrivateContents.ExhibitPart(seed: SealedSeed(MerkleTree.emptyRoot), fields: [], files: [file]))
        let json = contents.json.encoded()
        let padding = padding(of: json.count + 6)
        #expect(throws: Never.self) { try PrivateFile.read(seal(json, [1, 2] + padding), with: [holder]) }
        #expect { try PrivateFile.read(seal(json, [1, 3] + padding), with: [holder]) } throws: { error in
            if case PrivateFile.ReadError.carriedFileDiffers(ExhibitPath("a")!) = error { true } else { false }
        }
        #expect(try isDamaged(seal(json, chunks: [json.count + 4])), "it is not there")
    }

    // MARK: - Writing

    @Test func draftAndProof() throws {
        let path = try folder.write(PrivateFileSample.bytes, to: "sample.private")
        var contents = try PrivateFile.read(path, with: [holder])
        let proof = contents.proof
        contents.proof = nil
        let draft = folder("case.draft")
        try PrivateFile.write(
            contents, carrying: [try folder.write(PrivateFileSample.carried, to: "page")], to: [holder.verifierKey],
            at: draft, ifTaken: .refuse)
        #expect(try PrivateFile.read(draft, with: [holder]).proof == nil)
        #expect(try draft.mode == 0o600)
        contents.proof = proof
        try PrivateFile.write(
            contents, carrying: [folder("page")], to: [holder.verifierKey, Self.signer(2).verifierKey], at: draft,
            ifTaken: .replace)
        #expect(try PrivateFile.read(draft, with: [Self.signer(2)]) == contents)
        #expect(try draft.mode == 0o600)
        #expect(try folder.files() == ["case.draft", "page", "sample.private"])
    }

    /// What could not be read again is not written: the file is all that opens a registration.
    @Test func contentsThatAreTooLong() throws {
        let contents = try contents(note: 10)
        let count = contents.json.encoded().count
        let path = folder("long.private")
        #expect(throws: FileError("write", path, .fileTooLarge)) {
            try PrivateFile.write(
                contents, to: [holder.verifierKey], at: path, ifTaken: .refuse, maximumByteCount: count - 1)
        }
        #expect(try folder.files() == [])
        try PrivateFile.write(contents, to: [holder.verifierKey], at: path, ifTaken: .refuse, maximumByteCount: count)
    }

    @Test func writtenTwiceIsOtherBytes() throws {
        let contents = try contents(note: 10)
        var seen: Set<[UInt8]> = []
        for number in 0..<8 {
            let path = folder("\(number).private")
            let recipients = (1...3).map { Self.signer($0).verifierKey }
            try PrivateFile.write(contents, to: recipients, at: path, ifTaken: .refuse)
            let bytes = try folder.read("\(number).private")
            #expect(seen.insert(Array(bytes.dropFirst(21).prefix(100))).inserted)
            #expect(seen.insert(Array(bytes.suffix(100))).inserted)
        }
    }
}
