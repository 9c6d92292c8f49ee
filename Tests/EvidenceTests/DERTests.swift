// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

/// DER as time-stamps use it: tags of one byte, definite lengths, each in its shortest form and no other.
@Suite struct DERTests {
    private func first(_ bytes: [UInt8]) -> (tag: UInt8, content: [UInt8], rest: Int)? {
        var rest = bytes[...]
        guard let element = DER.first(of: &rest) else {
            #expect(rest == bytes[...], "what is refused is not taken off")
            return nil
        }
        #expect(Array(element.bytes) == Array(bytes.dropLast(rest.count)))
        return (element.tag, Array(element.content), rest.count)
    }

    /// What is written is read; with a byte less it is not, and with one more that byte is left.
    @Test(arguments: [0, 1, 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x100, 0x101, 0xFFFE, 0xFFFF])
    func lengthsAreRead(_ count: Int) throws {
        let content = [UInt8](repeating: 7, count: count)
        let bytes = DER.element(0x30, content)
        #expect(bytes.count == count + (count < 0x80 ? 2 : count < 0x100 ? 3 : 4))
        let read = try #require(first(bytes))
        #expect(read.tag == 0x30 && read.content == content && read.rest == 0)
        #expect(first(bytes + [9])?.rest == 1)
        #expect(first(bytes.dropLast()) == nil)
        #expect(DER.elements(of: bytes, tag: 0x31) == nil)
        #expect(DER.elements(of: bytes + [0], tag: 0x30) == nil)
    }

    @Test func lengthsOfThreeBytesAreRead() throws {
        let content = [UInt8](repeating: 7, count: 0x10000)
        #expect(first([0x04, 0x83, 1, 0, 0] + content)?.content == content)
        #expect(first([0x04, 0x83, 0, 0xFF, 0xFF] + content) == nil)
    }

    @Test func lengthsOfFourBytesAreRefused() {
        #expect(first([0x04, 0x84, 1, 0, 0, 0] + [UInt8](repeating: 7, count: 1 << 24)) == nil)
        #expect(first([0x04, 0x82, 1]) == nil && first([0x04, 0x83, 1, 0]) == nil && first([0x04, 0x81]) == nil)
    }

    @Test func otherFormsAreRefused() {
        let some = [UInt8](repeating: 7, count: 300)
        for head in [
            // No length; of no given end; longer than need be; wider than is read; cut short.
            [], [0x30], [0x30, 0x80], [0x30, 0x81, 0x7F], [0x30, 0x81, 0x00], [0x30, 0x82, 0x00, 0xFF],
            [0x30, 0x82, 0x00, 0x01], [0x30, 0x83, 0x00, 0x01, 0x00], [0x30, 0x84, 0x00, 0x00, 0x01, 0x00],
            [0x30, 0x88, 0, 0, 0, 0, 0, 0, 1, 0], [0x30, 0xFF],
        ] as [[UInt8]] {
            #expect(head.count < 2 || first(head + some) == nil, "\(head)")
            #expect(first(head) == nil, "\(head)")
        }
        for head in [[0x30, 0x82], [0x30, 0x82, 0x01], [0x30, 0x81], [0x30, 0x83, 0x01, 0x00]] as [[UInt8]] {
            #expect(first(head) == nil, "\(head)")
        }
        // A tag of more than one byte.
        for tag in [0x1F, 0x3F, 0x9F, 0xBF, 0xFF] as [UInt8] { #expect(first([tag, 0x01, 0x00]) == nil) }
        for tag in [0x1E, 0x20, 0x3E, 0x9E, 0xA0] as [UInt8] { #expect(first([tag, 0x01, 0x00]) != nil) }
    }

    @Test func elementsFollowOneAnother() {
        let (one, two) = (DER.element(0x02, [1]), DER.element(0x04, []))
        #expect(DER.elements(of: (one + two)[...])?.map(\.tag) == [0x02, 0x04])
        #expect(DER.elements(of: [])?.isEmpty == true)
        #expect(DER.elements(of: (one + two + [0x30])[...]) == nil)
        #expect(DER.elements(of: DER.element(0x30, one + two), tag: 0x30)?.count == 2)
        #expect(DER.elements(of: DER.element(0x30, one + [2]), tag: 0x30) == nil)
    }

    @Test func numbersAreNotNegativeAndOf64BitsAtMost() {
        for value in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 1 << 55, 1 << 63 - 1, 1 << 63, .max] as [UInt64] {
            let bytes = DER.integer(value)
            #expect(bytes[0] & 0x80 == 0)
            #expect(bytes.count == 1 || bytes[0] != 0 || bytes[1] & 0x80 != 0, "it is the shortest")
            #expect(DER.number(bytes[...]) == value)
        }
        for bytes in [[], [0x80], [0xFF, 0x01], [0x01, 0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]] {
            #expect(DER.number(bytes[...]) == nil)
        }
        #expect(DER.number([0, 0xFF, 0, 0, 0, 0, 0, 0, 1]) == 0xFF00_0000_0000_0001)
    }
}
