// SPDX-License-Identifier: Apache-2.0

/// Writes what a `LineReader` reads: lines of `keyword SP value`, each with its newline.
public struct LineWriter: Sendable {
    /// The lines so far.
    public private(set) var bytes: [UInt8] = []

    /// Begins with no lines. There is room for `byteCount` bytes before more has to be found.
    public init(expecting byteCount: Int = 0) {
        bytes.reserveCapacity(byteCount)
    }

    /// Adds a line of one word, such as a header or an action without a value.
    public mutating func line(_ word: String) {
        bytes += word.utf8
        bytes.append(0x0A)
    }

    /// Adds a line of a keyword and a value.
    public mutating func line(_ keyword: String, _ value: some Collection<UInt8>) {
        bytes += keyword.utf8
        bytes.append(0x20)
        bytes += value
        bytes.append(0x0A)
    }
}
