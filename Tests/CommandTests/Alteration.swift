// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What a script does to the bytes of a file.
enum Alteration {
    /// Bytes that do not repeat and are the same in every run; `size` in bytes, or with `k` or `M` in powers of 1024.
    static func filler(size: String) throws(ScriptProblem) -> Data {
        let factors = ["k": 1 << 10, "M": 1 << 20]
        let factor = factors[String(size.suffix(1))]
        guard let number = Int(factor == nil ? size[...] : size.dropLast()), (0...1 << 30).contains(number),
            number <= 1 << 30 / (factor ?? 1)
        else { throw ScriptProblem("\(size) is not a size of at most 1024M") }
        let count = number * (factor ?? 1)
        var data = Data(capacity: count + 8)
        var state: UInt64 = 1
        while data.count < count {
            // The step of SplitMix64 without its last mixing; only the high bytes are of use.
            state &+= 0x9E37_79B9_7F4A_7C15
            let word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            withUnsafeBytes(of: word.bigEndian) { data.append(contentsOf: $0) }
        }
        return data.prefix(count)
    }

    /// One bit of one byte the other way: `offset` from 0, or from the end if negative (-1 is the last byte).
    ///
    /// A character of base64 becomes another one: a hash or a signature that changed in every run is then a wrong one,
    /// and not in some runs a malformed one.
    static func flip(_ data: Data, at offset: String) throws(ScriptProblem) -> Data {
        guard let number = Int(offset) else { throw ScriptProblem("\(offset) is not an offset") }
        let place = number < 0 ? data.count + number : number
        guard data.indices.contains(place) else { throw ScriptProblem("no byte \(offset) in \(data.count) bytes") }
        var flipped = data
        let byte = data[place]
        let others = [1, 2, 4].map { byte ^ $0 }
        flipped[place] = isBase64(byte) ? others.first(where: isBase64) ?? others[0] : others[0]
        return flipped
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
        default: false
        }
    }

    /// Another text in the one place where `old` stands.
    static func replace(_ old: String, by new: String, in data: Data) throws(ScriptProblem) -> Data {
        let old = Data(old.utf8)
        guard let place = data.firstRange(of: old) else { throw ScriptProblem("what is to be replaced is not there") }
        guard data[(place.lowerBound + 1)...].firstRange(of: old) == nil else {
            throw ScriptProblem("what is to be replaced stands there twice")
        }
        return data[..<place.lowerBound] + Data(new.utf8) + data[place.upperBound...]
    }
}
