// SPDX-License-Identifier: Apache-2.0

extension Tile {
    /// The file's path under the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
    ///
    /// N is written in elements of three digits, all but the last with an "x" before them, so that no folder holds
    /// more than some thousands of files and no file has the name of a folder.
    public var path: String {
        var path = "tile/"
        switch content {
        case .hashes(let level): path += String(level)
        case .entries: path += "entries"
        }
        var groups: [UInt64] = [index % 1000]
        var rest = index / 1000
        while rest > 0 {
            groups.append(rest % 1000)
            rest /= 1000
        }
        for (place, group) in groups.enumerated().reversed() {
            path += place > 0 ? "/x" : "/"
            path += String(String(group + 1000).dropFirst())
        }
        return isFull ? path : path + ".p/" + String(width)
    }

    /// No path is longer, in bytes: that of the last partial bundle has 52.
    private static let maximumPathByteCount = 64

    /// Reads a path; it must be what `path` writes.
    public init(parsing text: some Collection<UInt8>) throws(FormatError) {
        let bytes = Array(text.prefix(Self.maximumPathByteCount + 1))
        guard bytes.count <= Self.maximumPathByteCount, let tile = Tile(reading: bytes), Array(tile.path.utf8) == bytes
        else {
            throw FormatError("tile path", "want tile/<level or entries>/<number>[.p/<width>]")
        }
        self = tile
    }

    /// Reads what may not be canonical: the caller writes it again and compares.
    private init?(reading text: [UInt8]) {
        var elements = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        guard elements.count >= 3, elements.removeFirst().elementsEqual("tile".utf8) else { return nil }
        let kind = elements.removeFirst()
        let content: Content
        if kind.elementsEqual("entries".utf8) {
            content = .entries
        } else {
            guard let level = Decimal.parse(kind, below: 64) else { return nil }
            content = .hashes(level: Int(level))
        }
        var width = Self.fullWidth
        if let folder = elements.dropLast().last, folder.suffix(2).elementsEqual(".p".utf8) {
            guard let partial = Decimal.parse(elements.removeLast(), below: 256) else { return nil }
            width = Int(partial)
            elements[elements.endIndex - 1] = folder.dropLast(2)
        }
        var index: UInt64 = 0
        for element in elements {
            let digits = element.suffix(3)
            guard digits.count == 3, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                index <= 1 << 63 / 1000
            else { return nil }
            index = index * 1000 + digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        }
        self.init(content, index: index, width: width)
    }
}
