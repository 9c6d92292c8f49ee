// SPDX-License-Identifier: Apache-2.0

/// Elements of DER (ITU-T X.690): tag, length, content, with definite lengths in their shortest form.
package enum DER {
    /// One element.
    package struct Element {
        package let tag: UInt8
        /// The whole element.
        package let bytes: ArraySlice<UInt8>
        package let content: ArraySlice<UInt8>
    }

    /// An element of a tag and content.
    package static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        var length: [UInt8] = [UInt8(truncatingIfNeeded: count)]
        if count > 0xFF {
            length = [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        } else if count > 0x7F {
            length = [0x81, UInt8(count)]
        }
        precondition(count <= 0xFFFF, "nothing longer is written")
        return [tag] + length + content
    }

    /// The content of an INTEGER that is not negative.
    package static func integer(_ value: UInt64) -> [UInt8] {
        let bytes = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        let significant = Array(bytes.drop { $0 == 0 })
        return (significant.first ?? 0x80) & 0x80 != 0 ? [0] + significant : significant
    }

    /// The number in the content of an INTEGER; nil where it is negative or beyond 64 bits.
    package static func number(_ content: ArraySlice<UInt8>) -> UInt64? {
        guard let first = content.first, first & 0x80 == 0 else { return nil }
        let significant = content.drop { $0 == 0 }
        guard significant.count <= 8 else { return nil }
        return significant.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes the first element off; nil where there is none of this form.
    package static func first(of rest: inout ArraySlice<UInt8>) -> Element? {
        var bytes = rest
        guard let tag = bytes.popFirst(), tag & 0x1F != 0x1F, let short = bytes.popFirst() else { return nil }
        var count = Int(short)
        if short >= 0x80 {
            let width = Int(short & 0x7F)
            guard (1...3).contains(width) else { return nil }
            // Where it is cut short, nothing is left for a content.
            count = bytes.prefix(width).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(width)
            guard count >= (width == 1 ? 0x80 : 1 << (8 * (width - 1))) else { return nil }
        }
        guard bytes.count >= count else { return nil }
        let content = bytes.prefix(count)
        let whole = rest[rest.startIndex..<content.endIndex]
        rest = rest[content.endIndex...]
        return Element(tag: tag, bytes: whole, content: content)
    }

    /// The elements within one element of a tag that is all there is; nil for anything else.
    package static func elements(of bytes: [UInt8], tag: UInt8) -> [Element]? {
        var rest = bytes[...]
        guard let whole = first(of: &rest), whole.tag == tag, rest.isEmpty else { return nil }
        return elements(of: whole.content)
    }

    /// The elements that follow one another; nil where something else does.
    package static func elements(of content: ArraySlice<UInt8>) -> [Element]? {
        var rest = content
        var elements: [Element] = []
        while !rest.isEmpty {
            guard let element = first(of: &rest) else { return nil }
            elements.append(element)
        }
        return elements
    }
}
