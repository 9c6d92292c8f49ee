// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Documents as they are found on a disk.
struct DocumentReaderTests {
    private let reader = DocumentReader(keepsText: true)

    private func inFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("documents-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try body(folder)
    }

    @Test(arguments: [
        ("", true), ("x", true), ("一行\r\n\t第二行", true), ("a\0b", false),
    ])
    func textIsKeptAsItIs(_ text: String, isText: Bool) throws {
        try inFolder { folder in
            let path = folder.appending("证词 第一.txt")
            try DurableFile.write(Array(text.utf8), to: path)
            let document = try #require(try reader.read(path).first)
            #expect(document.name == Array("证词 第一.txt".utf8))
            #expect(document.size == UInt64(text.utf8.count))
            #expect(document.sha256 == SHA256.hash(Array(text.utf8)))
            #expect(document.text == (isText ? Array(text.utf8) : nil))
            #expect(try DocumentReader(keepsText: false).read(path).first?.text == nil)
        }
    }

    @Test func bytesThatAreNotTextAreHashedWhole() throws {
        try inFolder { folder in
            let path = folder.appending("photo")
            try DurableFile.write([0xFF, 0xFE, 0x00], to: path)
            let document = try #require(try reader.read(path).first)
            #expect(document.text == nil)
            #expect(document.sha256 == SHA256.hash([0xFF, 0xFE, 0x00]))
        }
    }

    @Test func aLongTextIsHashedWhole() throws {
        try inFolder { folder in
            let path = folder.appending("long.txt")
            let handle = try #require(fopen(path.string, "w"))
            ftruncate(fileno(handle), off_t(DocumentReader.longestCutText + 1))
            fclose(handle)
            let document = try #require(try reader.read(path).first)
            #expect(document.size == DocumentReader.longestCutText + 1)
            #expect(document.text == nil)
        }
    }

    @Test func aFolderIsItsFilesInTheOrderOfTheirNames() throws {
        try inFolder { folder in
            let names = (0..<1_000).map { $0 % 2 == 0 ? "f\($0)" : "sub/deep/g\($0)" }
            try DurableFile.makeFolder(folder.appending("sub/deep"))
            try DurableFile.makeFolder(folder.appending("empty"))
            for name in names { try DurableFile.write(Array(name.utf8), to: folder.appending(name)) }
            let found = try reader.read(folder)
            #expect(found.map(\.name) == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
            #expect(found.allSatisfy { $0.sha256 == SHA256.hash($0.name) })
        }
    }

    @Test func whatIsNoDocumentIsRefusedAndNeverWaitedFor() throws {
        try inFolder { folder in
            #expect(throws: DocumentReader.ReadError.emptyFolder(folder)) { try reader.read(folder) }
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            #expect(throws: DocumentReader.ReadError.notADocument(pipe)) { try reader.read(pipe) }
            #expect(throws: DocumentReader.ReadError.notADocument(pipe)) { try reader.read(folder) }
            #expect(throws: FileError.self) { try reader.read(folder.appending("nothing")) }
        }
    }

    @Test func aLinkIsFollowedWhereItIsNamedAndRefusedWithinAFolder() throws {
        try inFolder { folder in
            let document = folder.appending("document")
            try DurableFile.write(Array("words".utf8), to: document)
            try DurableFile.makeFolder(folder.appending("case"))
            let link = folder.appending("case").appending("link")
            #expect(symlink(document.string, link.string) == 0)
            #expect(try reader.read(link).first?.sha256 == SHA256.hash(Array("words".utf8)))
            #expect(throws: DocumentReader.ReadError.notADocument(link)) { try reader.read(folder.appending("case")) }
        }
    }

    @Test func aNameThatIsNotTextIsRefused() throws {
        try inFolder { folder in
            var name = Array(folder.string.utf8CString.dropLast()) + [CChar(47), CChar(bitPattern: 0xFF), 0]
            let descriptor = open(&name, O_CREAT | O_WRONLY, 0o600)
            #expect(descriptor >= 0)
            close(descriptor)
            #expect(throws: DocumentReader.ReadError.self) { try reader.read(folder) }
        }
    }
}
