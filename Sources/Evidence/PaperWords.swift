// SPDX-License-Identifier: Apache-2.0
import CSodium
public import TransparencyLog

/// A private key as seventeen words that can be written on paper, read aloud and typed in again.
///
///     word 1 ... 16     the 32-byte seed of the key, two bytes a word, as proquints
///     word 17           the first two bytes of SHA-256("indelible-paper-key/v1" || 0x0A || seed)
///
/// Of words that are read, case, numbers, punctuation and line breaks do not count; letters may be full-width, and
/// where there are 85 letters in all, spaces do not count either. A word of another form is named by its number.
/// The last word tells that some word is wrong, not which; one wrong text in 65,536 passes it. The words are a secret,
/// and are wiped with the last use of this.
public final class PaperWords {
    /// Why a text does not give a key.
    public enum ParseError: Error, Sendable, Hashable {
        /// It is longer than `maximumByteCount`.
        case tooLong
        /// These words, counted from 1, are not of the form that the sheet's words have; so many were read in all.
        case malformed([Int], of: Int)
        /// There are not seventeen words.
        case count(Int)
        /// Each word could be one, and together they are not those of a sheet.
        case checkDiffers
    }

    /// The number of words.
    public static let count = 17
    /// The longest text that is read, in bytes.
    public static let maximumByteCount = 4096

    /// The letters of the words, small, without anything between them.
    private var letters: [UInt8]

    /// The words of a 32-byte seed.
    public init(of key: Ed25519.PrivateKey) {
        letters = []
        letters.reserveCapacity(Self.count * Proquint.letterCount)
        for start in stride(from: 0, to: key.seed.count, by: 2) {
            letters += Proquint(UInt16(key.seed[start]) << 8 | UInt16(key.seed[start + 1])).letters
        }
        letters += Self.check(key.seed).letters
    }

    /// Reads what somebody typed from the sheet.
    public init(parsing text: [UInt8]) throws(ParseError) {
        guard text.count <= Self.maximumByteCount else { throw .tooLong }
        letters = []
        letters.reserveCapacity(text.count)
        var ends: [Int] = []
        Self.read(text, letters: &letters, ends: &ends)
        let isWhole = ends.count != Self.count && letters.count == Self.count * Proquint.letterCount
        if isWhole { ends = (1...Self.count).map { $0 * Proquint.letterCount } }
        let malformed = Self.malformed(letters, ends)
        guard malformed.isEmpty else {
            wipe()
            throw .malformed(malformed, of: ends.count)
        }
        guard ends.count == Self.count else {
            wipe()
            throw .count(ends.count)
        }
        guard privateKey != nil else {
            wipe()
            throw .checkDiffers
        }
    }

    deinit {
        wipe()
    }

    /// Which words of a text, counted from 1, are not of the form that words have, and how many words there are.
    public static func look(at text: [UInt8]) -> (malformed: [Int], count: Int) {
        var letters: [UInt8] = []
        letters.reserveCapacity(text.count)
        defer { sodium_memzero(&letters, letters.count) }
        var ends: [Int] = []
        read(text, letters: &letters, ends: &ends)
        return (malformed(letters, ends), ends.count)
    }

    /// Lends the letters of each word in order, small.
    public func forEach(_ body: (_ number: Int, _ letters: ArraySlice<UInt8>) throws -> Void) rethrows {
        for number in 0..<Self.count {
            let start = number * Proquint.letterCount
            try body(number + 1, letters[start..<start + Proquint.letterCount])
        }
    }

    /// The key; it is there in words that were made of a key or were read.
    public var privateKey: Ed25519.PrivateKey? {
        var seed: [UInt8] = []
        seed.reserveCapacity(32)
        defer { sodium_memzero(&seed, seed.count) }
        var last: Proquint?
        for start in stride(from: 0, to: letters.count, by: Proquint.letterCount) {
            guard let word = Proquint(letters[start..<start + Proquint.letterCount]) else { return nil }
            if seed.count < 32 { seed += [UInt8(word.value >> 8), UInt8(word.value & 0xFF)] } else { last = word }
        }
        guard seed.count == 32, last == Self.check(seed) else { return nil }
        return Ed25519.PrivateKey(seed: seed)
    }

    private func wipe() {
        sodium_memzero(&letters, letters.count)
    }

    private static func check(_ seed: [UInt8]) -> Proquint {
        var hasher = SHA256()
        hasher.update(Array("indelible-paper-key/v1\n".utf8))
        hasher.update(seed)
        let digest = hasher.finish().bytes
        return Proquint(UInt16(digest[0]) << 8 | UInt16(digest[1]))
    }

    private static func malformed(_ letters: [UInt8], _ ends: [Int]) -> [Int] {
        var malformed: [Int] = []
        var start = 0
        for (index, end) in ends.enumerated() {
            if Proquint(letters[start..<end]) == nil { malformed.append(index + 1) }
            start = end
        }
        return malformed
    }

    /// Takes the letters out of a text, and notes where each word ends. A letter that is not of a to z is kept as "?",
    /// so that its word is found to be wrong rather than divided.
    private static func read(_ text: [UInt8], letters: inout [UInt8], ends: inout [Int]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            var width = 1
            var letter: UInt8?
            if byte < 0x80 {
                let small = byte | 0x20
                letter = byte & 0x40 != 0 && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(small) ? small : nil
            } else {
                width = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                letter = Self.letter(text[index..<min(index + width, text.count)])
            }
            if let letter {
                letters.append(letter)
            } else if letters.count > ends.last ?? 0 {
                ends.append(letters.count)
            }
            index += width
        }
        if letters.count > ends.last ?? 0 { ends.append(letters.count) }
    }

    /// The letter that a character beyond ASCII stands for; nil if it stands between words.
    private static func letter(_ character: ArraySlice<UInt8>) -> UInt8? {
        let bytes = Array(character)
        // U+FF21 to U+FF3A and U+FF41 to U+FF5A: the full-width letters of an input method.
        if bytes.count == 3, bytes[0] == 0xEF {
            if bytes[1] == 0xBC, (0xA1...0xBA).contains(bytes[2]) { return bytes[2] - 0xA1 + UInt8(ascii: "a") }
            if bytes[1] == 0xBD, (0x81...0x9A).contains(bytes[2]) { return bytes[2] - 0x81 + UInt8(ascii: "a") }
        }
        // U+00C0 to U+024F: letters with marks. They are in no word, and do not divide one.
        return bytes.count == 2 && (0xC3...0xC9).contains(bytes[0]) ? UInt8(ascii: "?") : nil
    }
}
