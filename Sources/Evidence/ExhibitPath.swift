// SPDX-License-Identifier: Apache-2.0

/// The path of a file of an exhibit: relative, parts divided by "/", no part empty, "." or "..".
///
///     photos/2026-11-09/gate.jpg
///
/// It is UTF-8 and otherwise free: it may hold controls and direction marks, and is escaped when shown. Paths compare
/// and sort as bytes. (Formats section 4.)
public struct ExhibitPath: Sendable, Hashable {
    /// The path's bytes.
    public let utf8: [UInt8]

    /// Reads a path; nil if it breaks the rule above.
    public init?(_ utf8: some Collection<UInt8>) {
        let bytes = Array(utf8)
        guard bytes.firstInvalidUTF8 == nil else { return nil }
        // Part by part: all of them at once take many times the path.
        var rest = bytes[...]
        while true {
            let part = rest.prefix { $0 != UInt8(ascii: "/") }
            guard !part.isEmpty, !part.elementsEqual(".".utf8), !part.elementsEqual("..".utf8) else { return nil }
            if part.endIndex == rest.endIndex { break }
            rest = rest[(part.endIndex + 1)...]
        }
        self.utf8 = bytes
    }

    /// Reads a path; nil if it breaks the rule above.
    public init?(_ path: String) {
        self.init(Array(path.utf8))
    }
}

extension ExhibitPath: Comparable {
    public static func < (left: ExhibitPath, right: ExhibitPath) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
