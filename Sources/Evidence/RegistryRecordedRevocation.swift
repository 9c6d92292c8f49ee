// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

extension Registry {
    /// One revocation of a key, as it stands in the log. A key may have several, by different signers.
    public struct RecordedRevocation: Sendable, Hashable {
        /// The entry that holds it.
        public let index: LeafIndex
        /// What it says: the key, the reason and since when. These are its signers' words.
        public let revocation: Revocation
        /// Who signed it.
        public let signers: [VerifierKey]
    }
}
