// SPDX-License-Identifier: Apache-2.0

/// The name in a vkey and on a signature line (C2SP signed-note): 1 to 255 bytes of UTF-8 without white space or "+".
///
/// Names are compared and sorted as bytes: two that look alike are two names.
public struct KeyName: Sendable, Hashable {
    /// The name's bytes.
    public let utf8: [UInt8]

    /// Reads a name; nil if it breaks the rule above, or holds a control character.
    public init?(_ utf8: some Collection<UInt8>) {
        let bytes = Array(utf8)
        guard (1...255).contains(bytes.count), Self.isName(bytes) else { return nil }
        self.utf8 = bytes
    }

    private static func isName(_ bytes: [UInt8]) -> Bool {
        let plus = UInt8(ascii: "+")
        // Nearly every name is of printing ASCII, and one is read for every signature.
        if bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != plus }) { return true }
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }

    /// Reads a name; nil if it breaks the rule above.
    public init?(_ text: String) {
        self.init(Array(text.utf8))
    }
}

extension KeyName: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}

/// The origin of a log: the first line of its checkpoints (C2SP tlog-checkpoint), 1 to 255 bytes of UTF-8.
///
/// In this project it is also the key name of the log's vkey.
public struct Origin: Sendable, Hashable {
    /// The origin's bytes.
    public let utf8: [UInt8]

    /// Reads an origin; nil if it is empty, too long, not UTF-8, or holds a control character.
    public init?(_ utf8: some Collection<UInt8>) {
        let bytes = Array(utf8)
        guard (1...255).contains(bytes.count), bytes.isUTF8, bytes.allSatisfy({ $0 >= 0x20 })
        else { return nil }
        self.utf8 = bytes
    }

    /// The origin of the log that signs under this key name.
    public init(_ name: KeyName) {
        utf8 = name.utf8
    }
}

extension Origin: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}
