// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// Documents as they are found on a disk.
struct DocumentReaderTests {
    private let reader = DocumentReader(keepsText: true)

    private func inFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try body(folder.path)
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
            let names = (0..<120).map { $0 % 2 == 0 ? "f\($0)" : "sub/deep/g\($0)" }
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

    @Test(.timeLimit(.minutes(1))) func aPipeInTheFilesPlaceIsNotWaitedFor() throws {
        try inFolder { folder in
            let pipe = folder.appending("pipe")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            #expect(throws: DocumentReader.ReadError.notADocument(pipe)) {
                try reader.read(pipe, named: Array("pipe".utf8))
            }
        }
    }

    @Test func textThatIsNotUTF8IsHashedWhole() throws {
        try inFolder { folder in
            let path = folder.appending("gbk.txt")
            for bytes in [[0xCE, 0xD2], [0x61, 0xED, 0xA0, 0x80], [0xC0, 0x80], [0x61, 0xE6, 0x9E]] as [[UInt8]] {
                try DurableFile.write(bytes, to: path)
                let document = try #require(try reader.read(path).first)
                #expect(document.text == nil)
                #expect(document.sha256 == SHA256.hash(bytes))
            }
        }
    }

    /// 70 MiB of which the disk holds nothing: hashed in one pass, with progress.
    @Test func aLargeFileIsHashedInParts() throws {
        try inFolder { folder in
            let path = folder.appending("recording")
            let size = 70 << 20
            let handle = try #require(fopen(path.string, "w"))
            ftruncate(fileno(handle), off_t(size))
            fclose(handle)
            var hasher = SHA256()
            for _ in 0..<70 { hasher.update([UInt8](repeating: 0, count: 1 << 20)) }
            let progress = Mutex<[UInt64]>([])
            let reader = DocumentReader(keepsText: true) { count in progress.withLock { $0.append(count) } }
            let document = try #require(try reader.read(path).first)
            #expect(document.sha256 == hasher.finish())
            #expect(document.size == UInt64(size))
            #expect(progress.withLock { $0 }.last == UInt64(size))
            #expect(progress.withLock { $0.count } >= 70)
        }
    }

    /// The name that something is registered under is its own, however the path to it is written.
    @Test func namesAreThoseOfTheFiles() throws {
        try inFolder { folder in
            try DurableFile.makeFolder(folder.appending("案卷/第一 部分"))
            try DurableFile.write([1], to: folder.appending("案卷/第一 部分/笔录.txt"))
            try DurableFile.write([2], to: folder.appending("案卷/-x"))
            let text = folder.string
            for path in ["\(text)/案卷", "\(text)/案卷/", "\(text)/./案卷/.", "\(text)/案卷/第一 部分/.."] {
                #expect(
                    try reader.read(FilePath(path)).map(\.name) == ["-x", "第一 部分/笔录.txt"].map { Array($0.utf8) })
            }
            // A path has no slash at its end.
            for path in ["案卷/-x", "案卷/-x/", "./案卷/./-x", "案卷/第一 部分/../-x"].map({ "\(text)/\($0)" }) {
                #expect(try reader.read(FilePath(path)).map(\.name) == [Array("-x".utf8)])
            }
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func aFileThatCannotBeReadIsAnError() throws {
        try inFolder { folder in
            let path = folder.appending("secret")
            try DurableFile.write([1], to: path, mode: 0)
            #expect(throws: FileError("read", path, .permissionDenied)) { try reader.read(path) }
        }
    }

    @Test func whatIsNeitherFileNorFolderIsRefused() throws {
        #expect(throws: DocumentReader.ReadError.notADocument("/dev/null")) { try reader.read("/dev/null") }
        try inFolder { folder in
            let link = folder.appending("loop")
            #expect(symlink(link.string, link.string) == 0)
            #expect(throws: FileError.self) { try reader.read(link) }
            #expect(throws: DocumentReader.ReadError.notADocument(link)) { try reader.read(folder) }
            // A link to a folder, named itself, is that folder.
            let other = folder.appending("case")
            try DurableFile.makeFolder(other)
            try DurableFile.write([1], to: other.appending("a"))
            unlink(link.string)
            #expect(symlink(other.string, link.string) == 0)
            #expect(try reader.read(link).map(\.name) == [Array("a".utf8)])
        }
    }
}
