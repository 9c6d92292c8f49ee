// SPDX-License-Identifier: Apache-2.0

/// A filing each of whose signatures was verified.
///
/// Only verification makes one. It needs nothing but the filing, so that an audit can verify many at once before it
/// applies the rules of `Registry` to one after the other.
public struct VerifiedFiling: Sendable, Hashable {
    /// The filing.
    public let filing: Filing

    fileprivate init(_ filing: Filing) {
        self.filing = filing
    }
}

extension Filing {
    /// Verifies every signature; see `verifySignatures()`.
    public func verified() throws(FilingError) -> VerifiedFiling {
        try verifySignatures()
        return VerifiedFiling(self)
    }
}
