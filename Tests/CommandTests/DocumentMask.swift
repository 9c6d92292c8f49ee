// SPDX-License-Identifier: Apache-2.0

/// What differs each time that keys are made and documents registered, taken out of what is compared.
///
///     registered with    key b8a4c3a4… (calls itself "registrar")
///     registered with    key <digits of a key> (calls itself "registrar")
struct DocumentMask {
    /// What is masked, and how it is recognised, in the order in which it is looked for.
    static let all: [DocumentMask] = [
        DocumentMask("a time", #"\d{4}-\d\d-\d\d \d\d:\d\d (UTC|北京时间)"#),
        DocumentMask("key ID and key of a vkey", #"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"#),
        DocumentMask("digits of a key", "[0-9a-f]{8}…"),
        DocumentMask("a fingerprint", #"\b[0-9a-f]{4} [0-9a-f]{4}\b"#),
        DocumentMask("a hash", "[A-Za-z0-9+/]{43}="),
    ]

    private let name: String
    private let pattern: String

    private init(_ name: String, _ pattern: String) {
        self.name = name
        self.pattern = pattern
    }

    /// A text in which all that varies is named instead of shown.
    static func hide(in text: String) throws -> String {
        try all.reduce(text) { text, mask in
            text.replacing(try Regex(mask.pattern).matchingSemantics(.unicodeScalar), with: "<\(mask.name)>")
        }
    }
}
