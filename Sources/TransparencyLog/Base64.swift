// SPDX-License-Identifier: Apache-2.0

/// Base64 as every format here uses it: RFC 4648 section 4, padded, the bits behind the last byte zero.
///
/// Decoding accepts exactly what encoding writes, so that no two texts stand for the same bytes.
public enum Base64 {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()
    private static let equals = UInt8(ascii: "=")

    /// `bytes` in base64.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encodedBytes(bytes), as: UTF8.self)
    }

    /// `bytes` in base64, as ASCII.
    public static func encodedBytes(_ bytes: some Collection<UInt8>) -> [UInt8] {
        bytes.withContiguousStorageIfAvailable(encodeContiguous)
            ?? Array(bytes).withUnsafeBufferPointer(encodeContiguous)
    }

    /// The bytes that `text` stands for; nil unless it is canonical.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable(decodeContiguous) ?? Array(text).withUnsafeBufferPointer(decodeContiguous)
    }

    private static func encodeContiguous(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let alphabet = alphabet
        return [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text, count in
            // The character for the six bits of a group of 24 that start `shift` above the lowest.
            func put(_ bits: UInt32, _ shift: UInt32) {
                text[count] = alphabet[Int(bits >> shift & 63)]
                count += 1
            }
            var index = 0
            while index + 3 <= bytes.count {
                let bits = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
                put(bits, 18)
                put(bits, 12)
                put(bits, 6)
                put(bits, 0)
                index += 3
            }
            guard index < bytes.count else { return }
            let hasTwo = index + 1 < bytes.count
            let bits = UInt32(bytes[index]) << 16 | (hasTwo ? UInt32(bytes[index + 1]) << 8 : 0)
            put(bits, 18)
            put(bits, 12)
            if hasTwo { put(bits, 6) }
            while count % 4 != 0 {
                text[count] = equals
                count += 1
            }
        }
    }

    private static func decodeContiguous(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == equals }.count
        let digits = text.count - padding
        let values = values
        var invalid: UInt8 = 0
        var bits: UInt32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 - padding) { bytes, count in
            for index in 0..<digits {
                let value = values[Int(text[index])]
                invalid |= value
                bits = bits << 6 | UInt32(value & 63)
                // A byte is whole at every digit but the first of four.
                let over = UInt32(index & 3)
                if over != 0 {
                    bytes[count] = UInt8(truncatingIfNeeded: bits >> (6 - 2 * over))
                    count += 1
                }
            }
        }
        let unused: UInt32 = padding == 2 ? 0xF : padding == 1 ? 0x3 : 0
        return invalid & 0xC0 == 0 && bits & unused == 0 ? bytes : nil
    }
}
