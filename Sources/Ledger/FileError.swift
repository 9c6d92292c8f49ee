// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage

/// A file operation that the system refused: which, on what, and why.
public struct FileError: Error, Sendable, Hashable {
    /// What was tried, as a verb: "read", "write", "lock".
    public let operation: String
    /// The file or folder.
    public let path: FilePath
    /// The system's reason.
    public let errno: Errno

    /// Names a refused operation.
    public init(_ operation: String, _ path: FilePath, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// The operation that the C library just refused.
    init(last operation: String, _ path: FilePath) {
        self.init(operation, path, Errno(rawValue: Glibc.errno))
    }
}

extension FileError: CustomStringConvertible {
    public var description: String { "cannot \(operation) \(Shown.path(path)): \(errno.description.lowercased())" }
}

/// How names from outside are shown: what a terminal would obey is written out instead.
public enum Shown {
    /// A path as text; bytes that are not UTF-8, controls and direction marks are shown as `\x..` or `\u{..}`.
    public static func path(_ path: FilePath) -> String {
        bytes(
            path.withCString { Array(UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) }) })
    }

    /// Bytes that should be text, on one line.
    public static func bytes(_ bytes: some Sequence<UInt8>) -> String {
        escape(Array(bytes), keepingNewlines: false)
    }

    /// Bytes that should be text, with its line ends kept and all else that could be obeyed written out.
    public static func lines(_ bytes: some Sequence<UInt8>) -> String {
        escape(Array(bytes), keepingNewlines: true)
    }

    private static func escape(_ bytes: [UInt8], keepingNewlines: Bool) -> String {
        var shown = ""
        var rest = bytes[...]
        var decoder = UTF8()
        var scalars = rest.makeIterator()
        var consumed = 0
        decoding: while true {
            switch decoder.decode(&scalars) {
            case .scalarValue(let scalar):
                consumed += UTF8.width(scalar)
                if scalar == "\n", keepingNewlines {
                    shown.append("\n")
                } else if isObeyed(scalar) {
                    shown += "\\u{" + String(scalar.value, radix: 16) + "}"
                } else {
                    shown.unicodeScalars.append(scalar)
                }
            case .emptyInput: break decoding
            case .error:
                // One byte is written out, and decoding starts again behind it.
                shown += "\\x" + String(bytes[consumed] >> 4, radix: 16) + String(bytes[consumed] & 15, radix: 16)
                consumed += 1
                rest = bytes[consumed...]
                scalars = rest.makeIterator()
                decoder = UTF8()
            }
        }
        return shown
    }

    /// Controls, direction marks, line separators and invisible characters.
    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xE0000...0xE0FFF:
            true
        default: false
        }
    }
}
