// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage
import Testing

/// The names of files that are still being written.
struct TemporaryNameTests {
    @Test func longNamesAreCutBetweenCharacters() throws {
        let folder = try TemporaryFolder()
        for length in 60...85 {
            for start in ["", "a", "ab"] {
                let name = start + String(repeating: "\u{8a18}", count: length)
                guard name.utf8.count <= 255 else { continue }
                try DurableFile.write([1], to: folder(name))
                var seen: [FilePath.Component] = []
                try DurableFile.write(to: folder(name)) { _ in seen = try DurableFile.names(in: folder.path) }
                let component = try #require(FilePath.Component(name))
                let temporary = try #require(seen.first { $0 != component })
                #expect(String(validating: temporary) != nil)
                #expect(temporary.string.utf8.count <= 255)
                #expect(TemporaryName.isOne(temporary, for: component))
                #expect(try DurableFile.names(in: folder.path) == [component])
                try DurableFile.remove(folder(name))
            }
        }
    }

    @Test(arguments: [
        (".a.txt.2k3v9w0q.tmp", true), (".a.txt.0.tmp", true), (".a.txt.2k3v9w0q2k3v9.tmp", true),
        (".a.txt..tmp", false), (".a.txt.tmp", false), (".a.txt.2k3v9w0q2k3v9w.tmp", false),
        (".a.txt.private.2k3v.tmp", false), (".a.txt.2K.tmp", false), (".a.2k3v9w0q.tmp", false),
        ("a.txt.2k3v9w0q.tmp", false), (".a.txt.2k3v9w0q", false),
    ]) func othersAreNotTaken(name: String, isOne: Bool) throws {
        #expect(TemporaryName.isOne(try #require(FilePath.Component(name)), for: "a.txt") == isOne)
    }

    /// One that looks alike is another file.
    @Test func namesAreCompared() throws {
        #expect(!TemporaryName.isOne(".e\u{301}.1.tmp", for: "\u{e9}"))
        #expect(TemporaryName.isOne(".\u{e9}.1.tmp", for: "\u{e9}"))
    }
}
