// SPDX-License-Identifier: Apache-2.0
import CSodium
import Evidence
import Testing
import TransparencyLog

/// The encrypted body of a private file: chunks are opened in their places, and nowhere else.
@Suite struct SealedStreamTests {
    private static let key = [UInt8](repeating: 7, count: 32)
    private static let chunk = SealedStream.chunkByteCount

    /// The header and the chunks of plain texts of these lengths, the last of which ends the stream.
    private static func sealed(_ counts: Int...) -> (header: [UInt8], chunks: [[UInt8]]) {
        var writer = SealedStream.Writer(contentKey: key)
        let chunks = counts.enumerated().map { number, count in
            writer.seal([UInt8](repeating: UInt8(number + 1), count: count), isLast: number == counts.count - 1)
        }
        return (writer.header, chunks)
    }

    private static func reader(_ header: [UInt8], key: [UInt8] = key) -> SealedStream.Reader? {
        SealedStream.Reader(header: header, contentKey: key)
    }

    @Test func lengthsAreThoseOfTheFormat() {
        let (header, chunks) = Self.sealed(65_536, 65_536, 5)
        #expect(header.count == 24)
        #expect(chunks.map(\.count) == [65_553, 65_553, 22])
        #expect(SealedStream.paddingMultiple == 4096)
    }

    @Test(arguments: [0, 1, 4096, 65_535, 65_536]) func whatIsSealedIsOpened(_ count: Int) throws {
        let (header, chunks) = Self.sealed(Self.chunk, count)
        var reader = try #require(Self.reader(header))
        let opened = [reader.open(chunks[0]), reader.open(chunks[1])]
        let first = try #require(opened[0])
        #expect(first.plain == [UInt8](repeating: 1, count: Self.chunk) && !first.isLast)
        let last = try #require(opened[1])
        #expect(last.plain == [UInt8](repeating: 2, count: count) && last.isLast)
    }

    @Test func chunksOpenInTheirOrderAlone() throws {
        let (header, chunks) = Self.sealed(Self.chunk, Self.chunk, 9)
        for order in [[1], [2], [0, 2], [0, 0], [0, 1, 1], [0, 1, 0]] {
            var reader = try #require(Self.reader(header))
            for number in order.dropLast() { #expect(reader.open(chunks[number]) != nil) }
            #expect(reader.open(chunks[order[order.count - 1]]) == nil, "\(order)")
        }
        let other = Self.sealed(Self.chunk, 9)
        var reader = try #require(Self.reader(header))
        #expect(reader.open(other.chunks[0]) == nil)
    }

    @Test func otherHeadersAndKeysOpenNothing() throws {
        let (header, chunks) = Self.sealed(9)
        for place in header.indices {
            var altered = header
            altered[place] ^= 1
            var reader = Self.reader(altered)
            #expect(reader?.open(chunks[0]) == nil)
        }
        var wrong = Self.reader(header, key: [UInt8](repeating: 8, count: 32))
        #expect(wrong?.open(chunks[0]) == nil)
        for count in [0, 23, 25] { #expect(Self.reader(Array((header + header).prefix(count))) == nil) }
        for count in [0, 31, 33] { #expect(Self.reader(header, key: [UInt8](repeating: 7, count: count)) == nil) }
    }

    @Test func everyBitOfAChunkCounts() throws {
        let (header, chunks) = Self.sealed(9)
        for place in chunks[0].indices {
            for bit in 0..<8 {
                var altered = chunks[0]
                altered[place] ^= 1 << bit
                var reader = try #require(Self.reader(header))
                #expect(reader.open(altered) == nil)
            }
        }
        for count in 0..<chunks[0].count {
            var reader = try #require(Self.reader(header))
            #expect(reader.open(Array(chunks[0][..<count])) == nil)
        }
    }

    /// A chunk of no other length than the format's is opened, though the key that sealed it is the right one.
    @Test func chunksAreFullExceptTheLast() throws {
        var raw = RawStream(key: Self.key)
        let short = raw.seal([UInt8](repeating: 1, count: Self.chunk - 1), isLast: false)
        var reader = try #require(Self.reader(raw.header))
        #expect(reader.open(short) == nil)

        for isLast in [true, false] {
            var raw = RawStream(key: Self.key)
            let long = raw.seal([UInt8](repeating: 1, count: Self.chunk + 1), isLast: isLast)
            var reader = try #require(Self.reader(raw.header))
            #expect(reader.open(long) == nil)
        }
    }
}

/// A stream of libsodium's alone, for chunks that this project would not write.
private struct RawStream {
    private var state = crypto_secretstream_xchacha20poly1305_state()
    let header: [UInt8]

    init(key: [UInt8]) {
        var header = [UInt8](repeating: 0, count: 24)
        crypto_secretstream_xchacha20poly1305_init_push(&state, &header, key)
        self.header = header
    }

    mutating func seal(_ plain: [UInt8], isLast: Bool) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: plain.count + 17)
        crypto_secretstream_xchacha20poly1305_push(
            &state, &sealed, nil, plain, UInt64(plain.count), nil, 0, isLast ? 3 : 0)
        return sealed
    }
}
