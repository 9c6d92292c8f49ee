// SPDX-License-Identifier: Apache-2.0

/// The moment in a time-stamp, with a fraction of a second where the authority gives one (RFC 3161 section 2.4.2).
///
///     20261122130402.25Z        a GeneralizedTime in UTC
public struct TimestampTime: Sendable, Hashable {
    /// POSIX seconds.
    public let seconds: UInt64
    /// What is beyond the second, below 1,000,000,000.
    public let nanoseconds: UInt32

    /// Reads the content of a GeneralizedTime from 1970 on; nil for anything else.
    package init?(_ text: some Collection<UInt8>) {
        let text = Array(text)
        guard text.count >= 15, text.last == UInt8(ascii: "Z"), let digits = Self.digits(text[..<14]) else {
            return nil
        }
        func number(_ places: Range<Int>) -> Int { digits[places].reduce(0) { $0 * 10 + $1 } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard year >= 1970, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24,
            minute < 60, second < 60
        else { return nil }
        var nanoseconds = 0
        if text.count > 15 {
            guard text[14] == UInt8(ascii: "."), let fraction = Self.digits(text[15..<(text.count - 1)]),
                (1...9).contains(fraction.count)
            else { return nil }
            nanoseconds = (fraction + [Int](repeating: 0, count: 9 - fraction.count)).reduce(0) { $0 * 10 + $1 }
        }
        // Years and months before this one, then days; a leap day counts from the March that follows it.
        let years = year - 1970
        let leapDays = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477
        let days =
            years * 365 + leapDays + (1..<month).reduce(0) { $0 + Self.days(in: $1, of: year) } + day - 1
        seconds = UInt64(((days * 24 + hour) * 60 + minute) * 60 + second)
        self.nanoseconds = UInt32(nanoseconds)
    }

    /// The first whole second that is not before this moment and so many nanoseconds after it.
    public func roundedUp(adding more: UInt64) -> UInt64 {
        let billion: UInt64 = 1_000_000_000
        let part = UInt64(nanoseconds) + more % billion
        return seconds + more / billion + (part + billion - 1) / billion
    }

    private static func digits(_ text: ArraySlice<UInt8>) -> [Int]? {
        text.allSatisfy { (0x30...0x39).contains($0) } ? text.map { Int($0) - 0x30 } : nil
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
