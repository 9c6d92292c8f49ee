// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What one charter says otherwise than another, in words.
struct LogCharterChange {
    let lines: [String]

    init(from old: Charter, to new: Charter) {
        var lines: [String] = []
        func say(_ label: String, _ text: String) {
            lines.append(label + String(repeating: " ", count: max(1, 14 - label.count)) + text)
        }
        let leaving = old.stewards.filter { !new.stewards.contains($0) }
        let coming = new.stewards.filter { !old.stewards.contains($0) }
        for key in leaving { say("no steward", Self.words(key)) }
        for key in coming { say("new steward", Self.words(key)) }
        if leaving.isEmpty, coming.isEmpty, old.stewards != new.stewards { say("stewards", "in another order") }
        if old.threshold != new.threshold || old.stewards.count != new.stewards.count {
            say(
                "quorum",
                "\(new.threshold) of \(EntryWords.count(new.stewards.count, "steward")); until now \(old.threshold) of \(old.stewards.count)"
            )
        }
        if old.sponsors != new.sponsors {
            let counts = [new, old].map {
                $0.sponsors == 0
                    ? "nobody but the stewards" : "\(EntryWords.count($0.sponsors, "member")) or the stewards"
            }
            say("enrols others", "\(counts[0]); until now \(counts[1])")
        }
        if old.admission != new.admission {
            say("may register", "\(new.admission); until now \(old.admission)")
        }
        for key in old.logKeys where !new.logKeys.contains(key) { say("no log key", Self.words(key)) }
        for key in new.logKeys where !old.logKeys.contains(key) { say("new log key", Self.words(key)) }
        if old.note != new.note, let note = new.note { say("note", Shown.bytes(note.utf8)) }
        self.lines = lines
    }

    private static func words(_ key: VerifierKey) -> String {
        "key \(key.shortID) (calls itself \"\(Shown.bytes(key.name.utf8))\")"
    }
}
