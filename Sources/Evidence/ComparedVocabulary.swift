// SPDX-License-Identifier: Apache-2.0

/// Numbers for the words of one text, so that words of another can be compared with them at the cost of an integer.
///
/// The keys are `String`s on purpose: Swift compares and hashes those by canonical equivalence, which is what NFC makes
/// equal. So no text has to be normalised, and nothing here needs more than the standard library. The hash is seeded
/// anew in each process, so that nobody can make words that collide.
struct ComparedVocabulary {
    /// The number of every word that the first text does not have. It equals none of its words.
    static let absent = UInt32.max - 1

    /// The numbers of the words of the first text.
    private(set) var words: [UInt32] = []

    private var known: [String: UInt32] = [:]
    /// The numbers of words of one low code point, plus one: almost all of a Chinese text.
    private var single: [UInt32]

    /// Numbers the words of a text.
    init(of text: ComparedText) {
        single = [UInt32](repeating: 0, count: text.wordCount < 1024 ? 0x80 : 0x40000)
        words = numbers(of: text) { key, known in
            let number = known[key] ?? UInt32(known.count)
            known[key] = number
            return number
        }
    }

    /// The numbers of the words of another text.
    mutating func numbers(of text: ComparedText) -> [UInt32] {
        numbers(of: text) { key, known in known[key] ?? Self.absent }
    }

    private mutating func numbers(
        of text: ComparedText, _ number: (String, inout [String: UInt32]) -> UInt32
    ) -> [UInt32] {
        text.text.withUnsafeBufferPointer { bytes in
            text.words.map { word in
                let bytes = UnsafeBufferPointer(rebasing: bytes[word.bytes])
                guard let scalar = Self.singleScalar(bytes), scalar < single.count else {
                    return number(String(decoding: bytes, as: UTF8.self), &known)
                }
                if single[scalar] == 0 {
                    single[scalar] = number(String(decoding: bytes, as: UTF8.self), &known) + 1
                }
                return single[scalar] - 1
            }
        }
    }

    /// The code point that some UTF-8 consists of, if it is a single one below U+40000.
    private static func singleScalar(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        func tail(_ index: Int) -> Int { Int(bytes[index] & 0x3F) }
        switch (bytes.count, bytes[0]) {
        case (1, let first): return Int(first)
        case (2, 0xC2...): return Int(bytes[0] & 0x1F) << 6 | tail(1)
        case (3, 0xE0...): return Int(bytes[0] & 0x0F) << 12 | tail(1) << 6 | tail(2)
        case (4, 0xF0): return Int(bytes[0] & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
        default: return nil
        }
    }
}
