// SPDX-License-Identifier: Apache-2.0

/// How long ago a moment was, in words.
///
///     ", 3 hours ago"     ",3 小时前"
package struct MomentAge: Sendable {
    private let moment: UInt64
    private let now: UInt64

    /// The age of a moment, both in POSIX seconds.
    package init(of moment: UInt64, now: UInt64) {
        self.moment = moment
        self.now = now
    }

    /// The age, with the comma before it.
    package func words(_ language: Language) -> String { phrase(language).text(in: language) }

    /// The age, with the comma before it.
    package func phrase(_ language: Language) -> Phrase {
        let isEnglish = language == .english
        guard moment <= now else { return isEnglish ? ", ahead of this machine's clock" : ",晚于本机时钟" }
        let seconds = now - moment
        let units: [(seconds: UInt64, english: String, chinese: String)] = [
            (86_400, "day", "天"), (3600, "hour", "小时"), (60, "minute", "分钟"),
        ]
        guard let unit = units.first(where: { seconds >= $0.seconds }) else {
            return isEnglish ? ", less than a minute ago" : ",不到一分钟前"
        }
        let count = seconds / unit.seconds
        return isEnglish
            ? ", \(EntryWords.count(Int(clamping: count), unit.english)) ago" : ",\(count) \(unit.chinese)前"
    }
}
