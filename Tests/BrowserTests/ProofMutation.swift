// SPDX-License-Identifier: Apache-2.0
import Evidence
import TestSupport

/// A proof file with something in it changed: a byte, a digit, a line of a text, a member of its JSON.
struct ProofMutation {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// The text with one to three changes.
    mutating func changed(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0...(generator.once(in: 4) ? generator.below(3) : 0) {
            text = generator.once(in: 2) ? changedBytes(text) : changedJSON(text)
        }
        return text
    }

    /// Lines with one to three of them changed, dropped, doubled or exchanged.
    mutating func changedLines(_ text: [UInt8]) -> [UInt8] {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        for _ in 0...generator.below(3) {
            let place = generator.below(lines.count)
            switch generator.below(6) {
            case 0 where lines.count > 1: lines.remove(at: place)
            case 1: lines.insert(lines[place], at: place)
            case 2: lines.swapAt(place, generator.below(lines.count))
            case 3: lines[place] = changedBytes(lines[place])
            default:
                var words = lines[place].split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
                let word = generator.below(words.count)
                switch generator.below(3) {
                case 0: words.remove(at: word)
                case 1: words.insert(words[word], at: word)
                default:
                    words[word] = Array(
                        generator.one(of: ["0", "1", "2", "any", "all", "none", "w0", "w1", "#", "\t"]).utf8)
                }
                lines[place] = Array(words.joined(separator: [0x20]))
            }
        }
        return Array(lines.joined(separator: [0x0A]))
    }

    // MARK: - Bytes

    private mutating func changedBytes(_ text: [UInt8]) -> [UInt8] {
        guard text.count > 4 else { return text }
        var text = text
        let place = generator.below(text.count - 1)
        switch generator.below(8) {
        case 0: text[place] ^= 1 << UInt8(generator.below(8))
        case 1: text.remove(at: place)
        case 2: text.insert(UInt8(generator.below(256)), at: place)
        case 3: text.insert(contentsOf: text[place..<min(place + 1 + generator.below(30), text.count)], at: place)
        case 4: text.removeSubrange(place..<min(place + 1 + generator.below(30), text.count))
        case 5: text.swapAt(place, place + 1)
        case 6: replace(&text, from: place, among: Array("0123456789".utf8))
        default:
            replace(&text, from: place, among: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/=".utf8))
        }
        return text
    }

    /// Replaces the first byte from a place on that is one of these by another of them.
    private mutating func replace(_ text: inout [UInt8], from place: Int, among bytes: [UInt8]) {
        guard let found = text[place...].firstIndex(where: { bytes.contains($0) }) else { return }
        text[found] = generator.one(of: bytes)
    }

    // MARK: - JSON

    private mutating func changedJSON(_ text: [UInt8]) -> [UInt8] {
        let json: JSON
        do {
            json = try JSON(parsing: text)
        } catch {
            return changedBytes(text)
        }
        var left = generator.below(Self.count(json))
        return changed(json, &left).encoded()
    }

    /// The number of values in a value.
    private static func count(_ json: JSON) -> Int {
        switch json {
        case .array(let elements): 1 + elements.reduce(0) { $0 + count($1) }
        case .object(let members): 1 + members.reduce(0) { $0 + count($1.value) }
        default: 1
        }
    }

    /// The value with a change in its value number `left`, counted from itself.
    private mutating func changed(_ json: JSON, _ left: inout Int) -> JSON {
        left -= 1
        if left < 0 {
            left = .max
            return changedHere(json)
        }
        switch json {
        case .array(let elements):
            var new: [JSON] = []
            for element in elements { new.append(changed(element, &left)) }
            return .array(new)
        case .object(let members):
            var new: [JSON.Member] = []
            for member in members { new.append(JSON.Member(name: member.name, value: changed(member.value, &left))) }
            return .object(new)
        default: return json
        }
    }

    private mutating func changedHere(_ json: JSON) -> JSON {
        if generator.once(in: 8) { return another }
        switch json {
        case .array(var elements):
            guard !elements.isEmpty else { return .array([another]) }
            let place = generator.below(elements.count)
            switch generator.below(4) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements[place], at: place)
            case 2: elements.swapAt(place, generator.below(elements.count))
            default: elements.insert(another, at: place)
            }
            return .array(elements)
        case .object(var members):
            guard !members.isEmpty else { return .object([JSON.Member("hash", another)]) }
            let place = generator.below(members.count)
            switch generator.below(5) {
            case 0: members.remove(at: place)
            case 1: members.append(members[place])
            case 2: members.swapAt(place, generator.below(members.count))
            case 3: members.append(JSON.Member("hash", another))
            default:
                let name = generator.one(of: Self.names)
                members[place] = JSON.Member(name: Array(name.utf8), value: members[place].value)
            }
            return .object(members)
        case .text(let text): return .text(changedText(text))
        case .number(let number):
            return .number(
                generator.one(of: [0, 1, number + 1, number &* 2, number / 2, 1 << 32, (1 << 53) - 1]) % (1 << 53))
        case .null, .bool: return another
        }
    }

    private static let names = [
        "hash", "seed", "items", "label", "text", "sha256", "file", "from", "lengths", "count", "tree", "quoted",
        "related",
        "timestamps", "details", "dossier", "exhibit", "__proto__", "constructor", "",
    ]

    private var another: JSON {
        mutating get {
            generator.one(of: [
                .null, .bool(true), .number(0), .number(1), .text(""), .text("a"), .array([]), .object([]),
                .text(String(repeating: "A", count: 43) + "="), .array([.array([]), .array([])]),
            ])
        }
    }

    /// A text with a line, or a byte, changed: notes, proofs of logging, base64, labels.
    private mutating func changedText(_ text: [UInt8]) -> [UInt8] {
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        guard lines.count > 2, !generator.once(in: 3) else {
            var text = text
            guard !text.isEmpty else { return Array("A".utf8) }
            let place = generator.below(text.count)
            switch generator.below(4) {
            case 0: text[place] = 0x20 + UInt8(generator.below(95))
            case 1: text.remove(at: place)
            case 2:
                text.insert(contentsOf: generator.one(of: ["\u{202E}", "0", " ", "\u{0}", "問", "\n"]).utf8, at: place)
            default: text = Array(text.prefix(place))
            }
            // What is not UTF-8 cannot stand in JSON.
            return Array(String(decoding: text, as: UTF8.self).utf8)
        }
        let place = generator.below(lines.count)
        switch generator.below(4) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: place)
        case 2: lines.swapAt(place, generator.below(lines.count))
        default: lines[place] = changedText(lines[place])
        }
        return Array(lines.joined(separator: [0x0A]))
    }
}
