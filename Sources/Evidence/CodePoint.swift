// SPDX-License-Identifier: Apache-2.0

/// A code point in UTF-8 that is known to be valid, with the number of its bytes.
struct CodePoint {
    let scalar: UInt32
    let length: Int

    /// Decodes the code point that begins at `index`.
    @inline(__always)
    init(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        let first = UInt32(text[index])
        func tail(_ offset: Int) -> UInt32 { UInt32(text[index + offset] & 0x3F) }
        if first < 0x80 {
            (scalar, length) = (first, 1)
        } else if first < 0xE0 {
            (scalar, length) = ((first & 0x1F) << 6 | tail(1), 2)
        } else if first < 0xF0 {
            (scalar, length) = ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
        } else {
            (scalar, length) = ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
        }
    }
}
