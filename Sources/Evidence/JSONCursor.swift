// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A JSON value with its place in the text, for readers that refuse whatever they do not expect.
///
///     let proof = try JSONCursor(json, format: "proof file").object(["format", "inclusion"], optional: ["dossier"])
///     let texts = try proof["inclusion"].array().map { try $0.text() }
///
/// Every error is a `FormatError` that names the place: `exhibit.tree[0][1].items[3]: want a string`.
public struct JSONCursor: Sendable {
    /// The value.
    public let json: JSON
    private let path: Path

    /// The whole of a text of `format`.
    public init(_ json: JSON, format: String) {
        self.json = json
        path = .whole(format: format)
    }

    fileprivate init(_ json: JSON, _ path: Path) {
        self.json = json
        self.path = path
    }

    /// Where the value stands, such as `exhibit.tree[0]`; empty for the whole.
    public var place: String { path.description }

    /// An error at this place.
    public func error(_ reason: String) -> FormatError {
        let place = place
        return FormatError(path.format, place.isEmpty ? reason : "\(place): \(reason)")
    }

    /// The UTF-8 of a string.
    public func text() throws(FormatError) -> [UInt8] {
        guard case .text(let text) = json else { throw error("want a string") }
        return text
    }

    /// The bytes of a string in base64.
    public func base64() throws(FormatError) -> [UInt8] {
        guard let bytes = Base64.decode(try text()) else { throw error("base64 is not canonical") }
        return bytes
    }

    /// The hash in a string of base64.
    public func hash() throws(FormatError) -> Hash {
        guard let hash = Hash(base64: try text()) else { throw error("want 32 bytes in base64") }
        return hash
    }

    /// An integer below 2^53.
    public func number() throws(FormatError) -> UInt64 {
        guard case .number(let number) = json else { throw error("want a number") }
        return number
    }

    /// A truth value.
    public func bool() throws(FormatError) -> Bool {
        guard case .bool(let value) = json else { throw error("want true or false") }
        return value
    }

    /// The elements of an array with a permitted number of them.
    public func array(_ range: ClosedRange<Int> = 0...Int.max) throws(FormatError) -> JSONElements {
        guard case .array(let elements) = json else { throw error("want an array") }
        guard range.contains(elements.count) else { throw error("an array of \(elements.count) elements") }
        return JSONElements(elements: elements, path: path)
    }

    /// The members of an object that has each of `required`, any of `optional`, and no others.
    public func object(
        _ required: [StaticString], optional: [StaticString] = []
    ) throws(FormatError) -> JSONObject {
        guard case .object(let members) = json else { throw error("want an object") }
        for member in members {
            guard required.contains(where: member.isNamed) || optional.contains(where: member.isNamed) else {
                throw error("unknown member\(Self.shown(member.name))")
            }
        }
        for name in required where !members.contains(where: { $0.isNamed(name) }) {
            throw error("no member \(name)")
        }
        return JSONObject(members: members, path: path)
    }

    /// The members of an object whose names are free, in their order.
    public func members() throws(FormatError) -> JSONMembers {
        guard case .object(let members) = json else { throw error("want an object") }
        return JSONMembers(members: members, path: path)
    }

    /// A member's name for an error, if it is short and plain: a terminal must not obey it.
    private static func shown(_ name: [UInt8]) -> String {
        let isPlain = (1...40).contains(name.count) && name.allSatisfy { (0x21...0x7E).contains($0) }
        return isPlain ? " \(String(decoding: name, as: UTF8.self))" : ""
    }

    /// The way from the whole to a value, put into words only when there is an error to report.
    fileprivate indirect enum Path: Sendable {
        case whole(format: String)
        case member(Path, StaticString)
        case element(Path, Int)

        var format: String {
            switch self {
            case .whole(let format): format
            case .member(let outer, _), .element(let outer, _): outer.format
            }
        }

        var description: String {
            switch self {
            case .whole: return ""
            case .member(let outer, let name):
                let outer = outer.description
                return outer.isEmpty ? "\(name)" : "\(outer).\(name)"
            case .element(let outer, let index): return "\(outer.description)[\(index)]"
            }
        }
    }
}

/// The elements of a JSON array, each with its place when it is asked for: there may be millions.
public struct JSONElements: RandomAccessCollection, Sendable {
    fileprivate let elements: [JSON]
    fileprivate let path: JSONCursor.Path

    /// Those of an array that is not there.
    static let none = JSONElements(elements: [], path: .whole(format: ""))

    public var startIndex: Int { 0 }
    public var endIndex: Int { elements.count }

    /// An element by its place.
    public subscript(index: Int) -> JSONCursor { JSONCursor(elements[index], .element(path, index)) }
}

/// The members of a JSON object whose names are free, each with its place when it is asked for.
public struct JSONMembers: RandomAccessCollection, Sendable {
    fileprivate let members: [JSON.Member]
    fileprivate let path: JSONCursor.Path

    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }

    /// A member by its place.
    public subscript(index: Int) -> (name: [UInt8], value: JSONCursor) {
        (members[index].name, JSONCursor(members[index].value, .element(path, index)))
    }
}

/// The members of a JSON object that were checked to be those that a format has.
public struct JSONObject: Sendable {
    fileprivate let members: [JSON.Member]
    fileprivate let path: JSONCursor.Path

    /// The member `name`, which was among the required ones.
    public subscript(name: StaticString) -> JSONCursor {
        guard let member = optional(name) else { preconditionFailure("\(name) was not required") }
        return member
    }

    /// The member `name`, where there is one.
    public func optional(_ name: StaticString) -> JSONCursor? {
        members.first { $0.isNamed(name) }.map { JSONCursor($0.value, .member(path, name)) }
    }
}

extension JSON.Member {
    /// Whether the member's name is `name`, byte for byte.
    func isNamed(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { $0.elementsEqual(self.name) }
    }
}
