// SPDX-License-Identifier: Apache-2.0

/// Whether bytes are UTF-8, found out without copying them into a string.
extension Array<UInt8> {
    /// Whether all of the bytes are well-formed UTF-8.
    package var isUTF8: Bool { (try? UTF8Span(validating: span)) != nil }
}

extension ArraySlice<UInt8> {
    /// Whether all of the bytes are well-formed UTF-8.
    package var isUTF8: Bool { (try? UTF8Span(validating: span)) != nil }
}
