// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc
import Ledger

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
