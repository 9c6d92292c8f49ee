// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

/// The address of a page or file of the same server, within its path: there is no other kind of link.
///
///     /log/entry/12?lang=zh-Hans
struct PageAddress: Sendable, Hashable {
    /// The address as it stands in a link.
    let text: String

    fileprivate init(_ path: String, _ query: [(name: String, value: String)] = [], fragment: String? = nil) {
        let pairs = query.map { "\($0.name)=\(Self.encoded($0.value))" }
        text = path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")) + (fragment.map { "#" + $0 } ?? "")
    }

    /// A place on the same page.
    static func place(_ id: String) -> PageAddress { PageAddress("", fragment: id) }

    /// All but what is never special is written as its bytes.
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return encoded
    }
}

/// Where the pages of the explorer are, for a reader who may have chosen a language.
struct PageAddresses: Sendable {
    /// The path of the server, such as "" or "/ledger".
    let prefix: String
    /// The language that the reader has chosen; nil where their browser did.
    let chosen: Language?

    /// A page by its path below "/log".
    func page(_ path: String, _ query: [(name: String, value: String)] = [], in language: Language? = nil)
        -> PageAddress
    {
        let language = (language ?? chosen).map { [(name: "lang", value: $0.rawValue)] } ?? []
        return PageAddress(prefix + "/log" + path, query + language)
    }

    /// The newest entries, or those below an index.
    func entries(below index: UInt64? = nil) -> PageAddress {
        page("", index.map { [("before", String($0))] } ?? [])
    }

    func entry(_ index: LeafIndex) -> PageAddress { page("/entry/\(index)") }
    func key(_ key: VerifierKey) -> PageAddress { page("/key", [("k", Hex.encode(key.keyBytes))]) }
    func keys(from place: Int = 0) -> PageAddress { page("/keys", place > 0 ? [("from", String(place))] : []) }

    /// A file of the server that is no page of the explorer.
    func file(_ path: String) -> PageAddress { PageAddress(prefix + path) }
    /// The proof of an entry, to be kept.
    func proof(of index: LeafIndex) -> PageAddress { file("/proof/\(index)") }
    /// The bytes of an entry.
    func bytes(of index: LeafIndex) -> PageAddress { file("/entries/\(index)") }
}
