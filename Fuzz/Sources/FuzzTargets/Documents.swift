// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

extension FuzzTarget {
    /// JSON, and what is shown and kept of documents by it; texts that are cut, compared and painted over.
    static let documents: [FuzzTarget] = [
        json, opening, exhibit, dossier, details, privateContents, slices, comparison, painted, label,
    ]

    static let jsonWords = [
        "\"format\":", "\"indelible-proof/v1\"", "\"indelible-private/v1\"", "\"inclusion\":", "\"dossier\":",
        "\"exhibit\":",
        "\"details\":", "\"quoted\":", "\"related\":", "\"timestamps\":", "\"count\":", "\"tree\":", "\"hash\":",
        "\"seed\":",
        "\"items\":", "\"label\":", "\"text\":", "\"sha256\":", "\"file\":", "\"from\":", "\"lengths\":",
        "\"checkpoint\":",
        "\"consistency\":", "\"entry\":", "\"index\":", "\"path\":", "\"fields\":", "\"files\":", "\"name\":",
        "\"size\":",
        "\"carried\":", "\"attestations\":", "\"proof\":", "\\u", "\\ud83d\\ude00", "{}", "[]", "null", "true", "false",
        "\"\"",
        "9007199254740991", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", "\"field/", "\"file/0\"",
        "\"file/0/name\"",
    ]

    private static let openings: @Sendable () -> [Opening] = {
        FuzzGround.shared.proofs.flatMap { [$0.exhibit, $0.dossier, $0.details].compactMap(\.self) }
    }

    private static let json = FuzzTarget(
        "json", heap: .json, words: jsonWords,
        seeds: {
            openings().map { $0.json.encoded() }.filter { $0.count < 4096 }
                + [
                    "{\"a\": [1, {\"b\": null}], \"c\": \"\\u00e9\\ud83d\\ude00\\n\"}",
                    "[true,false,null,0,9007199254740991]",
                    String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
                ].map { Array($0.utf8) }
        }
    ) { bytes in
        guard let value = try read({ try JSON(parsing: bytes) }) else { return }
        let written = value.encoded()
        try promise("JSON comes to the same, written and read again", try JSON(parsing: written) == value)
        try promise("what is written of JSON is not much longer", written.count <= 8 * bytes.count + 64)
        let lines = value.encoded(lines: 2)
        try promise("JSON in lines comes to the same", try JSON(parsing: lines) == value)
    }

    private static func parsed(_ bytes: [UInt8]) throws -> Opening? {
        try read { try Opening(parsing: JSONCursor(JSON(parsing: bytes), format: "opening")) }
    }

    private static func check(_ opening: Opening) throws {
        try promise(
            "an opening is written as it was read",
            try Opening(
                parsing: JSONCursor(JSON(parsing: opening.json.encoded()), format: "opening")) == opening)
        var next = 0
        for part in opening.parts {
            switch part {
            case .shown(let position, let item):
                try promise("each part stands behind the last", position == next)
                next += item.count
            case .withheld(let position, let count):
                try promise("each part stands behind the last, and has items", position == next && count > 0)
                next += count
            }
        }
        try promise("the parts are as many as the list's items", next == opening.count)
    }

    private static let opening = FuzzTarget(
        "opening", upTo: 8192, heap: .json, words: jsonWords,
        seeds: {
            openings().map { $0.json.encoded() }
        }
    ) { bytes in
        guard let opening = try parsed(bytes) else { return }
        try check(opening)
        _ = opening.digest(.exhibit)
    }

    private static let exhibit = FuzzTarget(
        "exhibit", upTo: 8192, heap: .json, words: jsonWords,
        seeds: {
            FuzzGround.shared.proofs.compactMap { $0.exhibit?.json.encoded() }
        }
    ) { bytes in
        guard let opening = try parsed(bytes), let exhibit = try read({ try ExhibitOpening(opening) }) else { return }
        try promise("shown and withheld are all", exhibit.shownCount + exhibit.withheldCount == opening.count)
        try promise("something shown or withheld is in each part", exhibit.parts.count <= opening.count)
        for file in exhibit.filesWithText {
            guard let text = try read({ try exhibit.comparedText(ofFile: file) }) else { continue }
            try promise("a file's shown text is of the input", (text?.text.count ?? 0) <= bytes.count)
        }
    }

    private static let dossier = FuzzTarget(
        "dossier", upTo: 16_384, heap: .json, words: jsonWords,
        seeds: {
            FuzzGround.shared.proofs.compactMap { $0.dossier?.json.encoded() }
        }
    ) { bytes in
        guard let opening = try parsed(bytes), let log = FuzzGround.shared.policy?.logs.first?.origin else { return }
        for proof in FuzzGround.shared.proofs.prefix(4) {
            let dossier = try read {
                try DossierOpening(
                    opening, exhibit: proof.exhibit?.digest(.exhibit),
                    signerLinesHash: proof.entry.filing.signerLinesHash, log: log)
            }
            for attestation in dossier?.attestations.map(\.attestation) ?? [] {
                try promise(
                    "nothing verifies that was not signed",
                    FuzzGround.shared.canBeSigned(attestation.text.bytes, by: [attestation.signer]))
            }
        }
    }

    private static let details = FuzzTarget(
        "details", heap: .json, words: jsonWords,
        seeds: {
            FuzzGround.shared.proofs.compactMap { $0.details?.json.encoded() }
                + [
                    Array(
                        "{\"count\":1,\"tree\":{\"seed\":\"\(String(repeating: "A", count: 43))=\",\"items\":[{\"label\":\"field/place\",\"text\":\"x\"}]}}"
                            .utf8)
                ]
        }
    ) { bytes in
        guard let opening = try parsed(bytes), let details = try read({ try DetailsOpening(opening) }) else { return }
        try promise("no more is withheld than there is", (0...opening.count).contains(details.withheldCount))
    }

    /// What a private file holds behind its encryption: who can seal one to somebody can put anything there.
    private static let privateContents = FuzzTarget(
        "private-contents", upTo: 16_384, heap: .json, words: jsonWords,
        seeds: {
            let seed = "\"\(String(repeating: "A", count: 43))=\"", hash = String(repeating: "0", count: 64)
            let contents = """
                {"format":"indelible-private/v1","exhibit":{"seed":\(seed),"fields":{"title":"x"},"files":[{"name":"a.txt",\
                "sha256":"\(hash)","size":3,"carried":true,"lengths":"AQI="},{"name":"b","sha256":"\(hash)","size":0,\
                "carried":false}]},"dossier":{"seed":\(seed),"count":16,"attestations":{"3":"note"}},\
                "details":{"seed":\(seed),"fields":{"place":"y"}}
                """
            return [Array("\(contents)}".utf8)]
                + FuzzGround.shared.proofs.map { Array("\(contents),\"proof\":".utf8) + $0.json.encoded() + [0x7D] }
        }
    ) { bytes in
        guard let contents = try read({ try PrivateContents(json: JSON(parsing: bytes)) }) else { return }
        try promise("contents are written as they were read", try PrivateContents(json: contents.json) == contents)
        guard let proof = contents.proof else { return }
        _ = try read { try OpenRegistration(contents, of: proof.entry.filing, texts: [:]) }
    }

    private static let slices = FuzzTarget(
        "slices", upTo: 8192,
        seeds: {
            ["One line.\nAnother, of words.\n", "\u{4E00}\u{4E8C} \u{1F600}e\u{301}\u{202E}\n", "\r\n\t\u{FEFF}a"].map {
                Array($0.utf8)
            }
        }
    ) { bytes in
        guard let slices = counted({ Slices(cutting: bytes) }) else { return }
        try promise("the default cut is one", Slices.isCut(bytes, into: slices.lengths))
        try promise("slices are together the text", slices.lengths.reduce(0) { $0 + Int($1) } == bytes.count)
        try promise("a text is cut as it was", Slices(text: bytes, lengths: slices.lengths) == slices)
    }

    /// Two texts with a byte 0xFF between them, which is in neither.
    private static func divided(_ bytes: [UInt8]) -> ([UInt8], [UInt8]) {
        let place = bytes.firstIndex(of: 0xFF) ?? bytes.endIndex
        return (Array(bytes[..<place]), Array(bytes[place...].dropFirst()))
    }

    private static let comparison = FuzzTarget(
        "comparison", upTo: 16_384, heap: HeapBound(factor: 30, floor: 1 << 20),
        seeds: {
            let texts = [
                "One line.\nAnother, of words.\n", "One line\nwords of another, words.\n",
                "\u{4E00}\u{4E8C}\u{4E09}\u{56DB}\n",
            ]
            return texts.flatMap { first in texts.map { Array(first.utf8) + [0xFF] + Array($0.utf8) } }
        }
    ) { bytes in
        let (first, second) = divided(bytes)
        guard let shown = try read({ try ComparedText(first) }), let copy = try read({ try ComparedText(second) })
        else {
            return
        }
        let comparison = counted { TextComparison(of: copy, with: shown) }
        try promise("what is the same is in both", comparison.sameWordCount <= min(shown.wordCount, copy.wordCount))
        if first == second { try promise("a text is the same as itself", comparison.isSame) }
        for range in comparison.extras { try promise("what is found is there", range.upperBound <= second.count) }
    }

    private static let painted = FuzzTarget(
        "painted", heap: HeapBound(factor: 120, floor: 32_768),
        words: ["\u{2588}", "\u{2588}\u{2588}", "\r\n", "\u{FEFF}"],
        seeds: {
            ["One line.\nA name, again.\n", "A\u{4E00}\u{4E8C}\n"].map { text in
                Array(text.replacing("name", with: "\u{2588}").utf8) + [0xFF] + Array(text.utf8)
            }
        }
    ) { bytes in
        let (copy, text) = divided(bytes)
        guard let ranges = counted({ Strikeout.painted(in: copy, of: text) }) else {
            _ = counted { Strikeout.firstStrangeLine(in: copy, of: text) }
            return
        }
        for range in ranges.ranges { try promise("what is struck out is of the text", range.upperBound <= text.count) }
        _ = Strikeout.occurrences(of: Array(copy.prefix(16)), in: text)
    }

    private static let label = FuzzTarget(
        "label", upTo: 512, words: ["field/", "file/", "/name", "#"],
        seeds: {
            ["field/title", "file/0", "file/12/name", "file/3#9007199254740990"].map { Array($0.utf8) }
        }
    ) { bytes in
        if let path = counted({ ExhibitPath(bytes) }) {
            try promise("a path is kept as it was read", path.utf8 == bytes)
        }
        if let text = counted({ WireText(bytes) }) { try promise("a text is kept as it was read", text.utf8 == bytes) }
        guard let label = counted({ ItemLabel(bytes) }) else { return }
        try promise("a label is written as it was read", label.utf8 == bytes)
    }
}
