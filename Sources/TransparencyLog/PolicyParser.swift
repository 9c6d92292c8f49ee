// SPDX-License-Identifier: Apache-2.0

/// Reads the lines of a policy file in their order, and keeps the rules that hold over the whole of it.
///
/// Each line ends in a newline; a file that was cut off in a name must not mean something else.
struct PolicyParser {
    /// What the quorum line says: a name, or none.
    struct Quorum {
        let name: TrustPolicy.Name?
    }

    /// What a signature line says of its key.
    private struct Claim: Hashable {
        let name: KeyName
        let id: KeyID
    }

    private(set) var logs: [TrustPolicy.Log] = []
    private(set) var witnesses: [TrustPolicy.Witness] = []
    private(set) var groups: [TrustPolicy.Group] = []
    private(set) var quorum: Quorum?
    private var defined: Set<TrustPolicy.Name> = []
    private var members: Set<TrustPolicy.Name> = []
    /// What must not be there twice, apart from the lists: a file of a megabyte has thousands of keys.
    private var logMaterials: Set<VerifierKey.Material> = []
    private var witnessMaterials: Set<VerifierKey.Material> = []
    private var keys: [Claim: VerifierKey] = [:]
    private var line = 0

    mutating func read(_ bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= TrustPolicy.maximumByteCount else { throw FormatError("policy", "longer than 1 MiB") }
        guard bytes.allSatisfy({ $0 == 0x09 || $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F }) else {
            throw FormatError("policy", "control character")
        }
        guard bytes.last == 0x0A else { throw FormatError("policy", "does not end in a newline") }
        // Line by line: a file of a megabyte may have as many.
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let text = rest[..<end]
            rest = rest[(end + 1)...]
            line += 1
            var items = Items(rest: text)
            guard let keyword = items.next(), keyword.first != UInt8(ascii: "#") else { continue }
            try read(keyword: keyword, items)
        }
    }

    /// What stands on a line between spaces and tabs.
    private struct Items: Sequence, IteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() -> ArraySlice<UInt8>? {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard !rest.isEmpty else { return nil }
            let item = rest.prefix { $0 != 0x20 && $0 != 0x09 }
            rest = rest[item.endIndex...]
            return item
        }
    }

    private mutating func read(keyword: ArraySlice<UInt8>, _ all: Items) throws(FormatError) {
        // No line but a group's has more than three.
        let items = Array(all.prefix(4))
        if keyword.elementsEqual("log".utf8) {
            guard (1...2).contains(items.count) else { throw error("want log <vkey> [<url>]") }
            try readLog(items)
        } else if keyword.elementsEqual("witness".utf8) {
            guard (2...3).contains(items.count) else { throw error("want witness <name> <vkey> [<url>]") }
            try readWitness(items)
        } else if keyword.elementsEqual("group".utf8) {
            guard items.count >= 3 else { throw error("want group <name> all|any|<k> <name>...") }
            try readGroup(items, all)
        } else if keyword.elementsEqual("quorum".utf8) {
            guard items.count == 1 else { throw error("want quorum <name>") }
            try readQuorum(items[0])
        } else {
            throw error("unknown keyword")
        }
    }

    private mutating func readLog(_ items: [ArraySlice<UInt8>]) throws(FormatError) {
        let key = try key(items[0], types: [.ed25519, .mlDSA44])
        guard logMaterials.insert(key.material).inserted else {
            throw error("another log has this public key")
        }
        logs.append(TrustPolicy.Log(key: key, url: items.count > 1 ? Array(items[1]) : nil))
    }

    private mutating func readWitness(_ items: [ArraySlice<UInt8>]) throws(FormatError) {
        let name = try newName(items[0])
        let key = try key(items[1], types: [.cosignature, .mlDSA44])
        guard witnessMaterials.insert(key.material).inserted else {
            throw error("another witness has this public key")
        }
        witnesses.append(TrustPolicy.Witness(name: name, key: key, url: items.count > 2 ? Array(items[2]) : nil))
        defined.insert(name)
    }

    private mutating func readGroup(_ items: [ArraySlice<UInt8>], _ all: Items) throws(FormatError) {
        let name = try newName(items[0])
        var names: [TrustPolicy.Name] = []
        for item in all.dropFirst(2) {
            let member = try definedName(item)
            guard members.insert(member).inserted else { throw error("a name is a member twice") }
            names.append(member)
        }
        let threshold: Int
        if items[1].elementsEqual("all".utf8) {
            threshold = names.count
        } else if items[1].elementsEqual("any".utf8) {
            threshold = 1
        } else {
            guard let number = Decimal.parse(items[1], below: UInt64(names.count) + 1), number > 0 else {
                throw error("the threshold is not all, any or 1 to the number of members")
            }
            threshold = Int(number)
        }
        groups.append(TrustPolicy.Group(name: name, threshold: threshold, members: names))
        defined.insert(name)
    }

    private mutating func readQuorum(_ item: ArraySlice<UInt8>) throws(FormatError) {
        guard quorum == nil else { throw error("second quorum line") }
        quorum = Quorum(name: item.elementsEqual("none".utf8) ? nil : try definedName(item))
    }

    private mutating func key(_ text: ArraySlice<UInt8>, types: [SignatureType]) throws(FormatError) -> VerifierKey {
        let key: VerifierKey
        do {
            key = try VerifierKey(parsing: text)
        } catch let failure {
            throw error("vkey: \(failure.reason)")
        }
        guard types.contains(key.type) else { throw error("a key of this type does not fit the keyword") }
        // A collision of key IDs is the only way to this; it would leave open whose a signature line is.
        let claim = Claim(name: key.name, id: key.id)
        if let other = keys[claim], other != key { throw error("another key has this name and key ID") }
        keys[claim] = key
        return key
    }

    private func newName(_ text: ArraySlice<UInt8>) throws(FormatError) -> TrustPolicy.Name {
        guard let name = TrustPolicy.Name(text) else { throw error("a name that is reserved") }
        guard !defined.contains(name) else { throw error("the name is defined on an earlier line") }
        return name
    }

    private func definedName(_ text: ArraySlice<UInt8>) throws(FormatError) -> TrustPolicy.Name {
        guard let name = TrustPolicy.Name(text), defined.contains(name) else {
            throw error("a name that no earlier line defines")
        }
        return name
    }

    private func error(_ reason: String) -> FormatError {
        FormatError("policy", line: line, reason)
    }
}
