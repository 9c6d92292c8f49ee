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
/// The last word tells that some word is wrong; which, it tells only where one letter makes all of them right. One
/// wrong text in 65,536 passes it. The words are a secret, and are wiped with the last use of this.
public final class PaperWords {
    /// Why a text does not give a key.
    public enum ParseError: Error, Sendable, Hashable {
        /// It is longer than `maximumByteCount`.
        case tooLong
        /// These words, counted from 1, are not of the form that the sheet's words have; so many were read in all.
        case malformed([Int], of: Int)
        /// There are not seventeen words.
        case count(Int)
        /// Each word could be one, and together they are not those of a sheet. With another letter in one of the words
        /// `likely`, counted from 1, they would be; mostly there is none or one, and it may be chance.
        case checkDiffers(likely: [Int])
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
        var seed = key.withSeed { Array($0) }
        defer { sodium_memzero(&seed, seed.count) }
        for start in stride(from: 0, to: seed.count, by: 2) {
            letters += Proquint(UInt16(seed[start]) << 8 | UInt16(seed[start + 1])).letters
        }
        letters += Self.check(seed).letters
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
        guard seedHolds() else {
            let likely = likelyWrong()
            wipe()
            throw .checkDiffers(likely: likely)
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

    /// The key.
    public var privateKey: Ed25519.PrivateKey {
        get throws(ParseError) {
            var seed: [UInt8] = []
            seed.reserveCapacity(32)
            defer { sodium_memzero(&seed, seed.count) }
            guard seedHolds(into: &seed), let key = Ed25519.PrivateKey(seed: seed) else {
                throw .checkDiffers(likely: [])
            }
            return key
        }
    }

    private func seedHolds() -> Bool {
        var seed: [UInt8] = []
        seed.reserveCapacity(32)
        defer { sodium_memzero(&seed, seed.count) }
        return seedHolds(into: &seed)
    }

    /// Reads the seed, and tells whether the last word is that of the others.
    private func seedHolds(into seed: inout [UInt8]) -> Bool {
        for start in stride(from: 0, to: letters.count, by: Proquint.letterCount) {
            guard let word = Proquint(letters[start..<start + Proquint.letterCount]) else { return false }
            guard seed.count < 32 else { return word == Self.check(seed) }
            seed += [UInt8(word.value >> 8), UInt8(word.value & 0xFF)]
        }
        return false
    }

    /// The words in which one other letter would make all of them right.
    private func likelyWrong() -> [Int] {
        var likely: [Int] = []
        for place in letters.indices {
            let typed = letters[place]
            for letter in Proquint.alphabet(at: place % Proquint.letterCount) where letter != typed {
                letters[place] = letter
                if seedHolds() { likely.append(place / Proquint.letterCount + 1) }
            }
            letters[place] = typed
        }
        return likely.enumerated().filter { $0.offset == 0 || likely[$0.offset - 1] != $0.element }.map(\.element)
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
                letter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(small) ? small : nil
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
        // U+00C0 to U+027F: letters with marks. They are in no word, and do not divide one.
        return bytes.count == 2 && (0xC3...0xC9).contains(bytes[0]) ? UInt8(ascii: "?") : nil
    }
}
