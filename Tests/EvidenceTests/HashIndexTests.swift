// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct HashIndexTests {
    private func hash(_ number: Int) -> Hash { SHA256.hash(Array("\(number)".utf8)) }

    /// Through several growths and more than one chunk.
    @Test func findsEveryPosition() {
        var index = HashIndex()
        #expect(index.position(of: hash(0)) == nil)
        for number in 0..<40_000 {
            #expect(index.count == number)
            let isNew = index.append(hash(number))
            #expect(isNew)
            if number % 97 == 0 { #expect(index.position(of: hash(number + 1)) == nil) }
        }
        for number in 0..<40_000 {
            #expect(index.position(of: hash(number)) == number)
            #expect(index[number] == hash(number))
        }
        let isNew = index.append(hash(17))
        #expect(!isNew)
        #expect(index.count == 40_000)
        #expect(index.position(of: hash(40_000)) == nil)
    }

    /// Hashes that share all bits by which they are placed, and all but the last byte.
    @Test func comparesWholeHashes() throws {
        var index = HashIndex()
        for last in UInt8(0)...255 {
            let hash = try #require(Hash([UInt8](repeating: 7, count: 31) + [last]))
            #expect(index.position(of: hash) == nil)
            let isNew = index.append(hash)
            #expect(isNew)
            #expect(index.position(of: hash) == Int(last))
        }
    }

    @Test func aCopyGoesItsOwnWay() {
        var index = HashIndex()
        var added = [index.append(hash(1))]
        var copy = index
        added += [copy.append(hash(2)), index.append(hash(3))]
        #expect(added == [true, true, true])
        #expect(index.position(of: hash(2)) == nil)
        #expect(copy.position(of: hash(3)) == nil)
        #expect(copy.position(of: hash(2)) == 1)
    }
}
