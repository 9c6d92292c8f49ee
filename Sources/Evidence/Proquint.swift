// SPDX-License-Identifier: Apache-2.0

/// Sixteen bits as a word of five letters, which can be spoken and spelt in any language (arXiv:0901.4016).
///
///     0 1 2 3 4 5 6 7 8 9 a b c d e f        0 1 2 3
///     b d f g h j k l m n p r s t v z        a i o u
///
///     consonant 4 bits, vowel 2, consonant 4, vowel 2, consonant 4; the highest bits first
///
///     7f00 = lusab     0001 = babad
///
/// Letters are written small and read in either case.
public struct Proquint: Sendable, Hashable {
    /// The number of letters of every word.
    public static let letterCount = 5

    /// The sixteen bits.
    public let value: UInt16

    /// The letters that can stand at a place of a word, counted from 0.
    public static func alphabet(at place: Int) -> [UInt8] { place % 2 == 0 ? consonants : vowels }

    private static let consonants = Array("bdfghjklmnprstvz".utf8)
    private static let vowels = Array("aiou".utf8)

    /// The word of a number.
    public init(_ value: UInt16) {
        self.value = value
    }

    /// Reads a word; nil if it is none.
    public init?(_ letters: some Collection<UInt8>) {
        guard letters.count == Self.letterCount else { return nil }
        var value: UInt16 = 0
        for (place, letter) in letters.enumerated() {
            guard let digit = Self.alphabet(at: place).firstIndex(of: letter | 0x20) else { return nil }
            value = value << (place % 2 == 0 ? 4 : 2) | UInt16(digit)
        }
        self.value = value
    }

    /// The five letters, small.
    public var letters: [UInt8] {
        [
            Self.consonants[Int(value >> 12)], Self.vowels[Int(value >> 10 & 3)],
            Self.consonants[Int(value >> 6 & 15)], Self.vowels[Int(value >> 4 & 3)], Self.consonants[Int(value & 15)],
        ]
    }
}
