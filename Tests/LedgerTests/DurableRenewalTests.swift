// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Glibc
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// What an earlier run may not have got to the disk is written anew before anything relies on it: another file, with the
/// same bytes, under the same name. That it holds when the power is cut is shown in `Tests/FaultTests`.
@Suite struct DurableRenewalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What tells one file from another of the same name and bytes.
    private func file(_ name: String) throws -> (number: UInt64, mode: UInt32) {
        var status = stat()
        try #require(folder(name).withPlatformString { lstat($0, &status) } == 0)
        return (UInt64(status.st_ino), status.st_mode & 0o7777)
    }

    /// Whether `body` writes a file anew, and changes nothing.
    private func renews(_ name: String, _ body: () throws -> Void) throws -> Bool {
        let (before, bytes) = (try file(name), try folder.read(name))
        let names = try folder.files()
        // Somebody else has it open: its number is not given to another.
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder(name).string))
        try body()
        try handle.close()
        let after = try file(name)
        #expect(try folder.read(name) == bytes)
        #expect(after.mode == before.mode)
        #expect(try folder.files() == names)
        return after.number != before.number
    }

    @Test(arguments: [0, 1, 65_536, 65_537, 200_000]) func renewing(count: Int) throws {
        try folder.write((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "file")
        for mode in [0o600, 0o644] as [mode_t] {
            #expect(chmod(folder("file").string, mode) == 0)
            let isRenewed = try renews("file") { try DurableFile.renew(folder("file")) }
            #expect(isRenewed)
        }
    }

    @Test func whatIsNoFileIsLeft() throws {
        #expect(throws: FileError("read", folder("none"), .noSuchFileOrDirectory)) {
            try DurableFile.renew(folder("none"))
        }
        try folder.write("kept elsewhere", to: "target")
        #expect(symlink("target", folder("link").string) == 0)
        let target = try file("target").number
        let link = try file("link").number
        try DurableFile.renew(folder("link"))
        #expect(try file("link").number == link && file("target").number == target)
        try folder.makeFolder("folder")
        try DurableFile.renew(folder("folder"))
        #expect(try folder.files() == ["link", "target"])
    }

    @Test("Another user's file stays theirs", .enabled(if: geteuid() == 0))
    func anothersFile() throws {
        try folder.write("a key", to: "key.pem")
        try #require(chown(folder("key.pem").string, 65_534, 65_534) == 0)
        let isRenewed = try renews("key.pem") { try DurableFile.renew(folder("key.pem")) }
        #expect(!isRenewed)
        var status = stat()
        try #require(lstat(folder("key.pem").string, &status) == 0)
        #expect(status.st_uid == 65_534 && status.st_gid == 65_534)
    }

    @Test func emptyFolderStaysWhatItIs() throws {
        try folder.makeFolder("empty")
        #expect(chmod(folder("empty").string, 0o750) == 0)
        let before = try file("empty")
        try DurableFile.makeFolder(folder("empty"))
        let after = try file("empty")
        #expect(after.number == before.number && after.mode == 0o750)
        #expect(try DurableFile.names(in: folder.path).map(\.string) == ["empty"])
        // The working folder and the root have no name to be given anew.
        for path in [".", "/"] as [FilePath] { try DurableFile.makeFolder(path) }
    }

    // MARK: - Those who rely on it

    @Test func aKeyThatIsToBeNamed() throws {
        let store = KeyStore(folder: folder("keys"))
        let name = try #require(KeyName("registrar"))
        try folder.write("a key", to: "keys/registrar.pem")
        #expect(chmod(folder("keys/registrar.pem").string, 0o600) == 0)
        let isRenewed = try renews("keys/registrar.pem") { try store.settle(name) }
        #expect(isRenewed)
    }

    @Test func aMirrorsRecord() throws {
        try folder.write("a record", to: "mirror/.state/mirrored")
        _ = try MirrorFolder(folder("mirror"))
        let isRenewed = try renews("mirror/.state/mirrored") { _ = try MirrorFolder(folder("mirror")) }
        #expect(isRenewed)
    }

    @Test func timestampsThatAreThere() throws {
        let store = TimestampStore(folder.path)
        let checkpoint = try AuditTestLog.opaque(9).checkpoint(at: 9)
        let response = try TimestampTestAuthority().stamp(checkpoint.textHash)
        #expect(try store.add([response], to: checkpoint) == [true])
        for name in ["9.checkpoint", "9.tsr", "sizes"] {
            var isNew: [Bool] = []
            let isRenewed = try renews("timestamp/" + name) { isNew = try store.add([response], to: checkpoint) }
            #expect(isRenewed && isNew == [false])
        }
        let isRenewed = try renews("timestamp/9.checkpoint") { try store.keep(checkpoint) }
        #expect(isRenewed)
    }

    @Test func evidenceThatIsThere() throws {
        let checkpoint = try AuditTestLog.opaque(9).checkpoint(at: 9)
        let paths = try #require(try ConflictEvidence.keep([checkpoint], in: folder("conflicts")))
        let name = "conflicts/" + (paths[0].lastComponent?.string ?? "")
        var again: [FilePath]?
        let isRenewed = try renews(name) { again = try ConflictEvidence.keep([checkpoint], in: folder("conflicts")) }
        #expect(isRenewed && again == paths)
    }
}
