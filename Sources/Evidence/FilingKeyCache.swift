// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Vkeys that have been read before, so that reading many filings by the same signers does not check each key again.
///
/// Whether 32 bytes are an acceptable public key takes about as long to find out as whether a signature verifies. The
/// cache changes no result: a vkey's text alone decides whether and as what it is read. Each thread of an audit has
/// its own. It forgets everything when it is full.
public struct FilingKeyCache: Sendable {
    private static let capacity = 4096
    private var keys: [[UInt8]: VerifierKey] = [:]

    /// Begins with no keys.
    public init() {}

    mutating func key(parsing text: ArraySlice<UInt8>) throws(FormatError) -> VerifierKey {
        let text = Array(text)
        if let key = keys[text] { return key }
        let key = try VerifierKey(parsing: text)
        if keys.count >= Self.capacity { keys.removeAll(keepingCapacity: true) }
        keys[text] = key
        return key
    }
}
