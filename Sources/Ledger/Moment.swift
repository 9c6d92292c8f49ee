// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A moment in POSIX seconds, as a reader of a language writes it.
package struct Moment: Sendable, Hashable {
    package let seconds: UInt64

    package init(seconds: UInt64) {
        self.seconds = seconds
    }

    /// The moment to the minute, with the name of its zone: UTC in English, Beijing time in Chinese.
    package func text(in language: Language) -> String {
        switch language {
        case .english: format(offset: 0, pattern: "%Y-%m-%d %H:%M") + " UTC"
        case .chinese: format(offset: 8 * 3600, pattern: "%Y-%m-%d %H:%M") + " 北京时间"
        }
    }

    /// The moment to the second by RFC 3339, for programs.
    package var rfc3339: String { format(offset: 0, pattern: "%Y-%m-%dT%H:%M:%SZ") }

    /// The day alone, in UTC.
    package var day: String { format(offset: 0, pattern: "%Y-%m-%d") }

    /// The present moment by this machine's clock.
    package static func now() -> UInt64 {
        UInt64(max(time(nil), 0))
    }

    private func format(offset: Int, pattern: String) -> String {
        // Formats hold numbers below 2^53; the calendar of the C library ends long before.
        guard seconds < 1 << 40 else { return "second \(seconds)" }
        var moment = time_t(seconds) + offset
        var parts = tm()
        guard gmtime_r(&moment, &parts) != nil else { return "second \(seconds)" }
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, pattern, &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
