// SPDX-License-Identifier: Apache-2.0
@testable import Ledger
import Synchronization
import Testing
import TransparencyLog

/// Which folders an audit lists that goes on from an earlier one: all that may hold what is new, and few others.
@Suite struct AuditListingTests {
    /// Says of folders whether they are asked for; has no files.
    private final class AskingSource: ListableSource {
        private let folders: Set<String>
        private let state = Mutex<[String: Bool]>([:])

        init(_ folders: Set<String>) { self.folders = folders }

        var entered: [String: Bool] { state.withLock { $0 } }

        func read(_ path: String, limit: Int) -> [UInt8]? { nil }

        func list(_ folder: String, entering: (_ path: String) -> Bool) -> [String] {
            state.withLock { state in
                for folder in folders { state[folder] = entering(folder) }
            }
            return []
        }
    }

    private static let contents: [Tile.Content] = [.entries] + (0..<4).map { .hashes(level: $0) }

    /// The folders above a file, without "tile" itself.
    private static func folders(above path: String) -> [String] {
        let parts = path.split(separator: "/")
        return (2..<parts.count).map { parts.prefix($0).joined(separator: "/") }
    }

    private static func entered(_ folders: Set<String>, from old: UInt64, to new: UInt64) async throws -> [String: Bool]
    {
        let source = AskingSource(folders)
        var findings = AuditFindings(limit: 0)
        _ = try await AuditListing(of: source, from: TreeSize(old)!, to: TreeSize(new)!, &findings)
        return source.entered
    }

    private static let sizes: [UInt64] = {
        var sizes: [UInt64] = [0]
        for edge: UInt64 in [1, 256, 256_000, 65_536_000, 256_000_000, 4_294_967_295] {
            sizes += [edge - 1, edge, edge + 255, edge + 256, edge + edge / 2]
        }
        return sizes.filter { $0 <= UInt64(UInt32.max) }.sorted()
    }()

    @Test func everyFolderOfWhatIsNewIsListed() async throws {
        for old in Self.sizes {
            for new in Self.sizes where new >= old {
                var folders: Set<String> = []
                for content in Self.contents {
                    let (first, last) = (content.number(old), content.number(new))
                    for number in [first, first + 1, (first + last) / 2, last].filter({ $0 <= last }) {
                        for width in [1, 256] {
                            let tile = try #require(Tile(content, index: number, width: width))
                            folders.formUnion(Self.folders(above: tile.path))
                        }
                    }
                }
                let left = try await Self.entered(folders, from: old, to: new).filter { !$0.value }
                #expect(left == [:], "\(old) \(new)")
            }
        }
    }

    @Test func noFolderOfWhatWasSeenIsListed() async throws {
        let (old, new): (UInt64, UInt64) = (10_000_000, 10_001_000)
        var folders: Set<String> = []
        for content in Self.contents {
            for number in 0..<content.number(old) {
                folders.insert(String(try #require(Tile(content, index: number, width: 1)).path.dropLast(2)))
            }
            for group in 1..<content.number(old) / 1000 + 1 where group * 1000 + 999 < content.number(old) {
                folders.formUnion(Self.folders(above: try #require(Tile(content, index: group * 1000)).path).suffix(1))
            }
        }
        #expect(folders.count > 78_000 && folders.contains("tile/entries/x038"))
        let listed = try await Self.entered(folders, from: old, to: new).filter { $0.value }
        #expect(listed == [:])
        // Nothing was seen before: all of them are.
        #expect(try await Self.entered(folders, from: 0, to: new).values.allSatisfy { $0 })
        // What is no folder of tiles is looked into.
        let others: Set<String> = ["tile/0", "tile/entries", "tile/9", "tile/notes", "tile/0/x000", "tile/0/x39"]
        #expect(try await Self.entered(others, from: old, to: new).values.allSatisfy { $0 })
    }
}

extension Tile.Content {
    /// The tile or bundle that the next entry of a log of this size goes to.
    fileprivate func number(_ size: UInt64) -> UInt64 {
        if case .hashes(let level) = self { size >> UInt64(8 * level + 8) } else { size >> 8 }
    }
}
