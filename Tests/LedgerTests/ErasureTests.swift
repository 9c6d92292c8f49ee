// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import Testing

/// What is erased is gone, and nothing else is.
struct ErasureTests {
    /// A folder for one test, gone afterwards.
    private static func inFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("erasure-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try body(folder)
    }

    /// A file is held open meanwhile: what can be read of it afterwards is nothing.
    @Test(arguments: [0, 1, 4096, 3_000_000])
    func fileIsGoneWithItsBytes(_ size: Int) throws {
        try Self.inFolder { folder in
            let path = folder.appending("letter.private")
            try DurableFile.write([UInt8](repeating: 0x5A, count: size), to: path, mode: 0o400)
            let held = try #require(FileHandle(forReadingAtPath: path.string))
            #expect(try Erasure.erase(path) == .overwritten)
            #expect(try DurableFile.names(in: folder).isEmpty)
            #expect(try held.readToEnd() ?? Data() == Data())
        }
    }

    /// Of what is overwritten nothing stands where it stood, and the file is as long as it was.
    @Test(arguments: [1 << 16, (1 << 20) + 12_345])
    func bytesAreOverwritten(_ size: Int) throws {
        try Self.inFolder { folder in
            let path = folder.appending("letter")
            try DurableFile.write([UInt8](repeating: 0x5A, count: size), to: path)
            let descriptor = open(path.string, O_WRONLY)
            defer { close(descriptor) }
            try Erasure.overwrite(descriptor, path, byteCount: size)
            let bytes = try DurableFile.read(path, limit: 2 << 20)
            #expect(bytes.count == size)
            for start in stride(from: 0, to: size, by: 4096) {
                let same = bytes[start..<min(start + 4096, size)].count { $0 == 0x5A }
                #expect(same < 100)
            }
            #expect(bytes.suffix(16).contains { $0 != 0x5A })
        }
    }

    @Test func otherNamesAndLinksKeepWhatTheyHave() throws {
        try Self.inFolder { folder in
            let (kept, linked, link) = (folder.appending("kept"), folder.appending("linked"), folder.appending("link"))
            try DurableFile.write([1, 2, 3], to: kept)
            try FileManager.default.linkItem(atPath: kept.string, toPath: linked.string)
            #expect(try Erasure.erase(linked) == .hasOtherNames)
            #expect(try DurableFile.read(kept, limit: 10) == [1, 2, 3])
            try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "kept")
            #expect(try Erasure.erase(link) == .wasLink)
            #expect(try DurableFile.read(kept, limit: 10) == [1, 2, 3])
            #expect(try DurableFile.names(in: folder).map(\.string) == ["kept"])
        }
    }

    @Test func aFolderGoesWithAllThatIsInIt() throws {
        try Self.inFolder { folder in
            try DurableFile.makeFolder(folder.appending("outside"))
            try DurableFile.write([1], to: folder.appending("outside").appending("x"))
            let root = folder.appending("root")
            try DurableFile.makeFolder(root.appending("a").appending("b"))
            try DurableFile.write([1], to: root.appending("a").appending("b").appending("c"))
            try FileManager.default.createSymbolicLink(
                atPath: root.appending("out").string, withDestinationPath: "../outside")
            #expect(mkfifo(root.appending("pipe").string, 0o600) == 0)
            var seen: [Erasure.Outcome] = []
            try Erasure.eraseAll(root) { seen.append($1) }
            #expect(seen == [.overwritten, .removed, .removed, .wasLink, .removed, .removed])
            #expect(try DurableFile.names(in: folder).map(\.string) == ["outside"])
            #expect(try DurableFile.read(folder.appending("outside").appending("x"), limit: 10) == [1])
        }
    }

    @Test func whatIsNotThereOrAFolderIsRefused() throws {
        try Self.inFolder { folder in
            #expect(throws: FileError.self) { try Erasure.erase(folder.appending("nothing")) }
            #expect(throws: FileError.self) { try Erasure.erase(folder) }
            #expect(DurableFile.isFolder(folder))
        }
    }
}
