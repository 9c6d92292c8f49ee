// SPDX-License-Identifier: Apache-2.0

/// The default cut of a text into slices, as `Slices` describes it.
///
/// It goes over the text once, looking at each code point's class; the classes of the first 12,288 code points are in a
/// table, since asking for a code point's properties costs more than everything else here.
struct SliceCut {
    /// What a code point does to the cut.
    private enum Class: UInt8 {
        /// Carried by what stands before it: spaces, punctuation, symbols.
        case carried
        /// Begins a slice unless a word is under way.
        case word
        /// Begins a slice always.
        case ideograph
        /// Belongs to the code point before it: marks, joiners, variation selectors.
        case mark
    }

    private var lengths: [UInt8] = []
    private var start = 0
    private var isInWord = false
    private var isAfterNewline = false

    /// The lengths of the slices of `text`, which must be UTF-8.
    static func lengths(of text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var cut = SliceCut()
        cut.lengths.reserveCapacity(text.count / 5)
        let table = table
        var at = 0
        while at < text.count {
            let point = CodePoint(text, at: at)
            let (scalar, length) = (point.scalar, point.length)
            let kind = classOf(scalar, table)
            cut.step(kind, at: at, length: length)
            if kind == .carried {
                let end = at + length
                let goesOn = cut.isInWord && isApostrophe(scalar) && end < text.count
                cut.isInWord = goesOn && classOf(CodePoint(text, at: end).scalar, table) == .word
                cut.isAfterNewline = scalar == 0x0A
            }
            at += length
        }
        cut.end(at: at)
        return cut.lengths
    }

    /// Begins a slice at a code point of `length` bytes if one must begin there.
    private mutating func step(_ kind: Class, at: Int, length: Int) {
        let begins =
            switch kind {
            case .ideograph: true
            case .word: !isInWord
            case .carried, .mark: false
            }
        if begins || isAfterNewline || at + length - start > Slices.maximumByteCount { end(at: at) }
        isAfterNewline = false
        switch kind {
        case .word: isInWord = true
        case .ideograph: isInWord = false
        case .carried, .mark: break
        }
    }

    private mutating func end(at: Int) {
        guard at > start else { return }
        lengths.append(UInt8(at - start))
        start = at
    }

    private static func isApostrophe(_ scalar: UInt32) -> Bool { scalar == 0x27 || scalar == 0x2019 }

    private static let table: [Class] = (0..<0x3000).map { classify(Unicode.Scalar($0)!) }

    @inline(__always)
    private static func classOf(_ scalar: UInt32, _ table: [Class]) -> Class {
        if scalar < 0x3000 { return table[Int(scalar)] }
        switch scalar {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x3FFFD: return .ideograph
        default: return Unicode.Scalar(scalar).map(classify) ?? .carried
        }
    }

    private static func classify(_ scalar: Unicode.Scalar) -> Class {
        if scalar.properties.isIdeographic { return .ideograph }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .connectorPunctuation:
            return .word
        // Characters that a standard lacks, often those of rare names, are put here.
        case .privateUse: return .ideograph
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return .mark
        default: return .carried
        }
    }
}
