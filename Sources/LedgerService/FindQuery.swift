// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What `/find` is asked for: one thing by which entries are looked up, and where the list of them begins.
///
///     text=HEX  sha256=HEX  digest=HEX      a hash, 64 digits
///     key=VKEY or key=HEX                   a vkey, or its 32 bytes
///     refers=INDEX  charter=
///     and then, if wanted, from=INDEX
struct FindQuery {
    let key: LookupIndex.Key
    let first: LeafIndex

    /// What is said to whoever asks for something else.
    static let usage =
        "want one of text, sha256, digest (hex), key (a vkey, or its 32 bytes in hex), refers (an index), charter; "
        + "and then, if wanted, from (an index)\n"

    init?(_ parameters: [(name: String, value: String)]) {
        var parameters = parameters
        var first: LeafIndex? = 0
        if parameters.count == 2, parameters[1].name == "from" {
            first = Route.index(parameters.removeLast().value.utf8)
        }
        guard parameters.count == 1, let key = Self.key(parameters[0].name, parameters[0].value), let first
        else { return nil }
        self.key = key
        self.first = first
    }

    private static func key(_ name: String, _ value: String) -> LookupIndex.Key? {
        let bytes = Array(value.utf8)
        return switch name {
        case "text": Hash(hex: bytes).map { .text($0) }
        case "sha256": Hash(hex: bytes).map { .published($0) }
        case "digest": Hash(hex: bytes).map { .digest($0) }
        case "charter": value.isEmpty ? .charter : nil
        case "refers": Route.index(bytes).map { .reference($0) }
        case "key": publicKey(value).map { .key($0) }
        default: nil
        }
    }

    /// A key as an address names it: its 32 bytes in hexadecimal, or a vkey.
    static func publicKey(_ text: String) -> Ed25519.PublicKey? {
        if text.utf8.count == 64, let raw = Hex.decode(Array(text.utf8)) { return Ed25519.PublicKey(raw) }
        do throws(FormatError) {
            // A "+" that was not encoded reads as a space, which no vkey has.
            return try VerifierKey(parsing: text.utf8.map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }).publicKey
        } catch {
            return nil
        }
    }
}
