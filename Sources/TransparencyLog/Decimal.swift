// SPDX-License-Identifier: Apache-2.0

/// Numbers as the formats write them: ASCII decimal without sign or leading zero.
public enum Decimal {
    /// The number that `text` stands for, if it is canonical and below `limit`; otherwise nil.
    @inlinable
    public static func parse(_ text: some Collection<UInt8>, below limit: UInt64) -> UInt64? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0") else {
            return nil
        }
        var value: UInt64 = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(UInt64(character - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { return nil }
            value = sum
        }
        return value < limit ? value : nil
    }
}
