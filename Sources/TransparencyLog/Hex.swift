// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal, two digits a byte.
public enum Hex {
    private static let digits = [UInt8]("0123456789abcdef".utf8)

    /// `bytes` in lower-case hexadecimal.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` stands for; nil for upper-case digits, other characters or an odd length.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable(decodeContiguous) ?? Array(text).withUnsafeBufferPointer(decodeContiguous)
    }

    private static func decodeContiguous(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var isInvalid = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { bytes, count in
            while count < text.count / 2 {
                guard let high = value(of: text[2 * count]), let low = value(of: text[2 * count + 1]) else {
                    isInvalid = true
                    return
                }
                bytes[count] = high << 4 | low
                count += 1
            }
        }
        return isInvalid ? nil : bytes
    }

    @inline(__always)
    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
