// SPDX-License-Identifier: Apache-2.0
public import SystemPackage

/// The hidden name of a file or folder that is still being written, beside the name that it will have.
///
///     .interview.txt.private.2k3v9w0q.tmp
///
/// A system takes 255 bytes: of a long name the first 200 are there, cut between two characters.
public enum TemporaryName {
    /// The most bytes of the later name.
    private static let longestLabel = 200
    private static let ending = Array(".tmp".utf8)

    /// A name that nothing else has, for what will be called `name`.
    static func fresh(for name: FilePath.Component) -> FilePath.Component {
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        let bytes = start(for: name) + Array(random.utf8) + ending
        return FilePath(platformString: (bytes + [0]).map { CChar(bitPattern: $0) }).lastComponent ?? "new.tmp"
    }

    /// Whether `found` was made for what would be called `name`. Names are compared as bytes: two that look alike are
    /// two files.
    public static func isOne(_ found: FilePath.Component, for name: FilePath.Component) -> Bool {
        let (found, start) = (bytes(of: found), start(for: name))
        guard found.starts(with: start), found.suffix(ending.count) == ending[...] else { return false }
        let random = found.dropFirst(start.count).dropLast(ending.count)
        return (1...13).contains(random.count)
            && random.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }

    private static func start(for name: FilePath.Component) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        var label = bytes(of: name)
        if label.count > longestLabel {
            var end = longestLabel
            while end > 0, label[end] & 0xC0 == 0x80 { end -= 1 }
            label.removeSubrange(end...)
        }
        return [dot] + label + [dot]
    }

    private static func bytes(of name: FilePath.Component) -> [UInt8] {
        name.withPlatformString { characters in
            var bytes: [UInt8] = []
            while characters[bytes.count] != 0 { bytes.append(UInt8(bitPattern: characters[bytes.count])) }
            return bytes
        }
    }
}
