// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc
import Ledger

/// A moment in POSIX seconds, as a reader of a language writes it.
struct Moment {
    let seconds: UInt64

    /// The moment to the minute, with the name of its zone: UTC in English, Beijing time in Chinese.
    func text(in language: Language) -> String {
        switch language {
        case .english: format(offset: 0, pattern: "%Y-%m-%d %H:%M") + " UTC"
        case .chinese: format(offset: 8 * 3600, pattern: "%Y-%m-%d %H:%M") + " 北京时间"
        }
    }

    /// The moment to the second by RFC 3339, for programs.
    var rfc3339: String { format(offset: 0, pattern: "%Y-%m-%dT%H:%M:%SZ") }

    /// The day alone, in UTC.
    var day: String { format(offset: 0, pattern: "%Y-%m-%d") }

    /// The present moment by this machine's clock.
    static func now() -> UInt64 {
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

/// The languages that the tool speaks.
enum Language: String, CaseIterable {
    case english = "en"
    case chinese = "zh-Hans"

    /// The language that the environment asks for.
    static func preferred(_ environment: [String: String]) -> Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = environment[name], !value.isEmpty { return value.hasPrefix("zh") ? .chinese : .english }
        }
        return .english
    }
}

extension Moment {
    /// Reads a day, a moment in UTC by RFC 3339, or POSIX seconds.
    static func parse(_ text: String) throws -> EntryTime {
        if let time = EntryTime(Array(text.utf8)) { return time }
        let day = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        let clock = text.dropFirst(10)
        let hours = clock.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
        let numbers = (day + hours).compactMap { $0.count == 2 || $0.count == 4 ? Int32($0) : nil }
        if clock.isEmpty && numbers.count == 3 || clock.first == "T" && clock.last == "Z" && numbers.count == 6 {
            var parts = tm()
            (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
            if numbers.count == 6 { (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5]) }
            let seconds = timegm(&parts)
            // A 31st of November comes out as another day than it went in.
            let moment = Moment(seconds: UInt64(max(seconds, 0)))
            if moment.rfc3339 == text || moment.day == text, let time = EntryTime(seconds: moment.seconds) {
                return time
            }
        }
        throw Failure(.usage, "\(Shown.bytes(text.utf8)) is no time", hint: "write 2026-11-22 or 2026-11-22T08:00:00Z")
    }
}
