// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

extension Opening {
    /// Reads an opening. Throws unless it fits the shape of its count, and is canonical.
    ///
    /// Refused as not canonical: a pair of two hidden parts, a pair of two wholly shown parts, two adjacent runs that
    /// could be one. The number of items is compared with the shape before anything is made of them.
    public init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["count", "tree"])
        let number = try object["count"].number()
        guard let count = Int(exactly: number), (1...Self.maximumCount).contains(count) else {
            throw object["count"].error("want 1 to 2^32 items")
        }
        self.init(count: count, tree: try Self.node(object["tree"], count: count))
    }

    /// The opening as JSON.
    public var json: JSON {
        .object([JSON.Member("count", .number(UInt64(count))), JSON.Member("tree", tree.json)])
    }

    private static func node(_ cursor: JSONCursor, count: Int) throws(FormatError) -> Node {
        guard case .object(let members) = cursor.json else { return try pair(cursor, count: count) }
        if members.count == 1 {
            return .hidden(try cursor.object(["hash"])["hash"].hash())
        }
        let object = try cursor.object(["seed", "items"])
        return .shown(SealedSeed(try object["seed"].hash()), try items(object["items"], count: count))
    }

    private static func pair(_ cursor: JSONCursor, count: Int) throws(FormatError) -> Node {
        guard count > 1 else { throw cursor.error("a pair where the list has one item") }
        let parts = try cursor.array(2...2)
        let leftCount = leftCount(of: count)
        let left = try node(parts[0], count: leftCount)
        let right = try node(parts[1], count: count - leftCount)
        switch (left, right) {
        case (.hidden, .hidden): throw cursor.error("not canonical: a pair of two hidden parts")
        case (.shown, .shown): throw cursor.error("not canonical: a pair of two shown parts")
        default: return .pair(left, right)
        }
    }

    private static func items(_ cursor: JSONCursor, count: Int) throws(FormatError) -> [Item] {
        var items: [Item] = []
        var rest = count
        for element in try cursor.array(1...count) {
            let item = try Item(parsing: element)
            if case .run(let run) = item, case .run(let last) = items.last,
                last.isContinued(inFile: run.file, at: run.from)
            {
                throw element.error("not canonical: two runs that could be one")
            }
            rest -= item.count
            guard rest >= 0 else { throw cursor.error("more items than the list has here") }
            items.append(item)
        }
        guard rest == 0 else { throw cursor.error("fewer items than the list has here") }
        return items
    }
}

extension Opening.Node {
    fileprivate var json: JSON {
        switch self {
        case .hidden(let hash): .object([JSON.Member("hash", .base64(hash))])
        case .shown(let seed, let items):
            .object([
                JSON.Member("seed", .base64(seed.raw)),
                JSON.Member("items", .array(items.map(\.json))),
            ])
        case .pair(let left, let right): .array([left.json, right.json])
        }
    }
}

extension Opening.Item {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        guard case .object(let members) = cursor.json else { throw cursor.error("want an item") }
        if members.count == 4 {
            self = .run(try Opening.Run(parsing: cursor))
        } else if members.contains(where: { $0.isNamed("sha256") }) {
            let object = try cursor.object(["label", "sha256"])
            guard let hash = Hash(hex: try object["sha256"].text()) else {
                throw object["sha256"].error("want 64 digits of lower-case hexadecimal")
            }
            self = .sha256(label: try Self.label(object["label"]), hash)
        } else {
            let object = try cursor.object(["label", "text"])
            self = .text(label: try Self.label(object["label"]), try object["text"].text())
        }
    }

    private static func label(_ cursor: JSONCursor) throws(FormatError) -> [UInt8] {
        let label = try cursor.text()
        guard label.count <= ItemLabel.maximumByteCount else { throw cursor.error("label too long") }
        return label
    }

    fileprivate var json: JSON {
        switch self {
        case .text(let label, let text):
            .object([JSON.Member("label", .text(label)), JSON.Member("text", .text(text))])
        case .sha256(let label, let hash):
            .object([JSON.Member("label", .text(label)), JSON.Member("sha256", .text(hash.hex))])
        case .run(let run):
            .object([
                JSON.Member("file", .number(UInt64(run.file))), JSON.Member("from", .number(UInt64(run.from))),
                JSON.Member("text", .text(run.text)), JSON.Member("lengths", .base64(run.lengths)),
            ])
        }
    }
}

extension Opening.Run {
    fileprivate init(parsing cursor: JSONCursor) throws(FormatError) {
        let object = try cursor.object(["file", "from", "text", "lengths"])
        let file = try object["file"].number()
        let from = try object["from"].number()
        let text = try object["text"].text()
        let lengths = try object["lengths"].base64()
        guard !lengths.isEmpty, from + UInt64(lengths.count) <= JSON.numberLimit else {
            throw cursor.error("a run without slices, or beyond 2^53")
        }
        guard Slices.isCut(text, into: lengths) else {
            throw cursor.error("lengths do not cut the text into slices of whole code points")
        }
        self.init(file: Int(file), from: Int(from), text: text, lengths: lengths)
    }
}
