// SPDX-License-Identifier: Apache-2.0

/// Chinese as it is set on a page: punctuation as wide as the characters that it stands between.
///
///     the comma in 登记, 21:05 becomes U+FF0C, the colon stays as it is
///
/// A terminal gets the narrow forms of the same words.
enum ChinesePunctuation {
    private static let forms: [Unicode.Scalar: Unicode.Scalar] = [
        ",": "\u{FF0C}", ":": "\u{FF1A}", ";": "\u{FF1B}", "(": "\u{FF08}", ")": "\u{FF09}", "?": "\u{FF1F}",
        "!": "\u{FF01}",
    ]

    /// A piece of our own words with wide punctuation wherever it stands beside a wide character, or where the piece
    /// begins or ends.
    static func wide(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (place, scalar) in scalars.enumerated() {
            let next = place + 1 < scalars.count ? scalars[place + 1] : nil
            if let form = forms[scalar], isWide(result.last) || isWide(next), next != " " {
                result.append(form)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isWide(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return true }
        switch scalar.value {
        case 0x201C, 0x201D, 0x3000...0x303F, 0x3400...0x9FFF, 0xFF01...0xFF1F: return true
        default: return false
        }
    }
}
