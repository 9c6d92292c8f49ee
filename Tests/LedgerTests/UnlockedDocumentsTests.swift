// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing

/// Documents that come out of a private file under names that somebody else chose.
struct UnlockedDocumentsTests {
    /// A folder for one test, gone afterwards.
    private static func inFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("unlocked-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try body(folder)
    }

    private static func paths(_ names: [String]) throws -> [ExhibitPath] {
        try names.map { try #require(ExhibitPath($0)) }
    }

    private static func mode(_ path: FilePath) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
    }

    private static func names(_ folder: FilePath) throws -> [String] {
        try DurableFile.names(in: folder).map(\.string)
    }

    @Test func severalAppearTogetherWithEmptyOnes() throws {
        try Self.inFolder { folder in
            let paths = try Self.paths(["a", "b/c/d", "b/e", "z"])
            let documents = try UnlockedDocuments(paths, in: folder, for: "case")
            try documents.append([1, 2], to: paths[1])
            try documents.append([3], to: paths[1])
            try documents.append([4], to: paths[2])
            let hidden = try Self.names(folder)
            #expect(hidden.count == 1 && hidden[0].hasPrefix(".case.") && hidden[0].hasSuffix(".tmp"))
            #expect(try Self.mode(folder.appending(hidden[0])) == 0o700)
            try documents.place(as: "case", isSingle: false)
            #expect(try Self.names(folder) == ["case"])
            for (name, bytes) in [("a", []), ("b/c/d", [1, 2, 3]), ("b/e", [4]), ("z", [])] as [(String, [UInt8])] {
                let path = folder.appending("case").pushing(FilePath(name))
                #expect(try DurableFile.read(path, limit: 10) == bytes)
                #expect(try Self.mode(path) == 0o600)
            }
            #expect(try Self.mode(folder.appending("case").appending("b")) == 0o700)
        }
    }

    @Test func whatIsNotPlacedIsNotLeft() throws {
        try Self.inFolder { folder in
            let paths = try Self.paths(["a/b", "c"])
            var documents: UnlockedDocuments? = try UnlockedDocuments(paths, in: folder, for: "case")
            try documents?.append([1], to: paths[0])
            documents = nil
            #expect(try Self.names(folder).isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func nothingIsReplaced(_ isSingle: Bool) throws {
        try Self.inFolder { folder in
            let paths = try Self.paths(["a"])
            for taken in ["file", "folder", "empty", "link"] {
                let path = folder.appending(taken)
                switch taken {
                case "file": try DurableFile.write([9], to: path)
                case "link":
                    try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: "away")
                default: try DurableFile.makeFolder(path)
                }
                if taken == "folder" { try DurableFile.write([9], to: path.appending("inside")) }
                var documents: UnlockedDocuments? = try UnlockedDocuments(paths, in: folder, for: "case")
                try documents?.append([1], to: paths[0])
                let name = try #require(path.lastComponent)
                #expect(throws: FileError.self) { try documents?.place(as: name, isSingle: isSingle) }
                documents = nil
            }
            #expect(try Self.names(folder) == ["empty", "file", "folder", "link"])
            #expect(try DurableFile.read(folder.appending("file"), limit: 10) == [9])
            #expect(try Self.names(folder.appending("folder")) == ["inside"])
            #expect(try Self.names(folder.appending("empty")).isEmpty)
        }
    }

    /// A link that appears while documents are written leads nowhere.
    @Test func noLinkIsFollowed() throws {
        try Self.inFolder { folder in
            try DurableFile.makeFolder(folder.appending("outside"))
            let paths = try Self.paths(["a", "b/c"])
            let documents = try UnlockedDocuments(paths, in: folder, for: "case")
            try documents.append([1], to: paths[0])
            let hidden = try #require(try Self.names(folder).first { $0.hasPrefix(".") })
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(hidden).appending("b").string, withDestinationPath: "../outside")
            #expect(throws: FileError.self) { try documents.append([2], to: paths[1]) }
            #expect(try Self.names(folder.appending("outside")).isEmpty)
        }
    }

    @Test func namesThatNoFileCanHaveAreRefusedBeforeAnythingIsWritten() throws {
        try Self.inFolder { folder in
            let nul = try #require(ExhibitPath(Array("a\0b".utf8)))
            #expect(throws: UnlockedDocuments.NameError.impossible(nul)) {
                try UnlockedDocuments([nul], in: folder, for: "case")
            }
            let long = try #require(ExhibitPath(String(repeating: "a/", count: 3000) + "a"))
            #expect(throws: UnlockedDocuments.NameError.impossible(long)) {
                try UnlockedDocuments([long], in: folder, for: "case")
            }
            for names in [["a", "a/b"], ["a/b", "a/b/c/d"], ["a", "a-b", "a/b"]] {
                let paths = try Self.paths(names)
                #expect(throws: UnlockedDocuments.NameError.conflict(paths[0])) {
                    try UnlockedDocuments(paths, in: folder, for: "case")
                }
            }
            #expect(try Self.names(folder).isEmpty)
            // The format lets none of these through.
            for name in ["../a", "/a", "a/../b", "a//b", "./a", "a/", "..", ""] { #expect(ExhibitPath(name) == nil) }
        }
    }

    /// One that is too long for the system fails there, and leaves nothing.
    @Test func namesThatTheSystemRefusesLeaveNothing() throws {
        try Self.inFolder { folder in
            let paths = try Self.paths([String(repeating: "a", count: 300)])
            var documents: UnlockedDocuments? = try UnlockedDocuments(paths, in: folder, for: "case")
            #expect(throws: FileError.self) { try documents?.append([1], to: paths[0]) }
            documents = nil
            #expect(try Self.names(folder).isEmpty)
        }
    }

    /// Controls, marks and what looks like an option are names like others.
    @Test(arguments: ["-rf", "a\nb", "\u{1B}[2J", "\u{202E}txt", "a\\b", ".hidden", "CON", "é", "e\u{301}"])
    func otherNamesAreKeptByteForByte(_ name: String) throws {
        try Self.inFolder { folder in
            let paths = try Self.paths([name])
            let component = try #require(FilePath.Component(name))
            let documents = try UnlockedDocuments(paths, in: folder, for: component)
            try documents.append([7], to: paths[0])
            try documents.place(as: component, isSingle: true)
            #expect(try Self.names(folder).map { Array($0.utf8) } == [Array(name.utf8)])
        }
    }
}
