// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The options that say what of a registration is shown, and what is struck out.
struct SharedPartsOptions: ParsableArguments {
    @Flag(help: "Show the text of the documents.")
    var text = false

    @Option(
        help: ArgumentHelp(
            "Show the text but for these words, wherever they stand: a file with a line for each.",
            valueName: "@file"))
    var hide: [String] = []

    @Option(help: ArgumentHelp("Show the text but for these lines, counted from 1.", valueName: "a-b"))
    var hideLines: [String] = []

    @Option(
        help: ArgumentHelp(
            "Show the text but for what is painted over, in this copy of it, with the block \u{2588} (U+2588).",
            valueName: "copy"))
    var like: String?

    @Option(help: ArgumentHelp("Show a field, by its name.", valueName: "name"))
    var showField: [String] = []

    @Flag(help: "Show the names of the documents.")
    var showName = false

    @Option(
        help: ArgumentHelp(
            "Show who vouched: by role, by the number that `indelible show` gives, or all, which shows too that there are no others.",
            valueName: "role|n|all"))
    var showAttestation: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of several documents show these alone, by number from 1, as `indelible show` has them.",
            valueName: "n"))
    var file: [Int] = []

    /// Whether the proof is to show something else than the one that `register` made.
    var isAsked: Bool {
        showsText || !showField.isEmpty || showName || !showAttestation.isEmpty || !file.isEmpty
    }

    /// Whether the proof is to carry text.
    var showsText: Bool { text || strikesOut }

    /// Whether something is struck out.
    var strikesOut: Bool { !hide.isEmpty || !hideLines.isEmpty || like != nil }
}

/// What a proof will show of a registration, worked out from what was asked for, with every place that is struck out.
struct SharedParts {
    /// One place that is struck out.
    struct Place {
        let file: Int
        let line: Int
        /// The number of words or ideographs, as a reader of the proof can count them.
        let slices: Int
    }

    private(set) var disclosure = Disclosure()
    private(set) var places: [Place] = []
    private let registration: OpenRegistration
    private let options: SharedPartsOptions
    /// What to hide, read once: a pipe gives it no second time.
    private let hidden: [HiddenWords]

    /// A line of a `--hide` file, with where it stands.
    private struct HiddenWords {
        let source: String
        let line: Int
        var words: [UInt8]
    }

    init(of registration: OpenRegistration, _ options: SharedPartsOptions) throws {
        self.registration = registration
        self.options = options
        let files = registration.exhibit.files
        for number in options.file where !(1...max(files.count, 1)).contains(number) || files.isEmpty {
            throw Failure(
                .usage, "there is no document \(number): \(EntryWords.count(files.count, "document")) was registered",
                hint: "`indelible show` lists them with their numbers")
        }
        hidden = try Self.hidden(by: options.hide)
        let chosen = files.indices.filter { options.file.isEmpty || options.file.contains($0 + 1) }
        let struck = try strikeOut(in: chosen)
        for number in chosen {
            if options.showsText, files[number].slices != nil {
                disclosure.files[number] = .text(hiding: struck[number] ?? RangeSet())
            } else {
                disclosure.files[number] = .hash
            }
            if options.showName { disclosure.paths.insert(number) }
        }
        if options.showsText, !chosen.contains(where: { files[$0].slices != nil }) {
            throw Failure(
                .usage, "none of the documents has text that was cut",
                hint: "photographs, recordings and texts registered with --split none can only be shown or hidden whole"
            )
        }
        try showFields()
        try showAttestations()
        try refuseStruckWordsElsewhere()
        list(struck)
    }

    // MARK: - Striking out

    private func strikeOut(in chosen: [Int]) throws -> [Int: RangeSet<Int>] {
        var struck: [Int: RangeSet<Int>] = [:]
        let texts = chosen.compactMap { number in
            registration.exhibit.files[number].slices.map { (number: number, text: $0.text) }
        }
        for line in hidden {
            var isFound = false
            for (file, text) in texts {
                for range in Strikeout.occurrences(of: line.words, in: text) {
                    struck[file, default: RangeSet()].insert(contentsOf: range)
                    isFound = true
                }
            }
            guard isFound else {
                // What is to be hidden is not printed either.
                throw Failure(
                    .usage, "line \(line.line) of \(line.source) hides nothing: the text does not have those words",
                    hint: "write them as the text does, letter by letter; nothing was written")
            }
        }
        guard !options.hideLines.isEmpty || options.like != nil else { return struck }
        guard texts.count == 1, let (file, text) = texts.first else {
            throw Failure(
                .usage, "lines and painted copies are of one text, and \(texts.count) are shown",
                hint: "choose one with --file; `indelible show` lists them with their numbers")
        }
        for argument in options.hideLines {
            guard let lines = Self.lines(argument) else {
                throw Failure(
                    .usage, "\(Shown.bytes(argument.utf8)) is no range of lines", hint: "write 12 or 12-15")
            }
            guard let range = Strikeout.lines(lines, of: text) else {
                throw Failure(
                    .usage, "the text has no lines \(lines.lowerBound) to \(lines.upperBound)",
                    hint: "lines are counted from 1; nothing was written")
            }
            struck[file, default: RangeSet()].insert(contentsOf: range)
        }
        if let like = options.like {
            struck[file, default: RangeSet()].formUnion(try painted(like, of: text))
        }
        return struck
    }

    private static func hidden(by arguments: [String]) throws -> [HiddenWords] {
        var all: [HiddenWords] = []
        for argument in arguments {
            guard argument.hasPrefix("@") else {
                throw Failure(
                    .usage, "--hide takes @FILE, with what to hide in it, a line for each",
                    hint: "so the shell remembers nothing of it")
            }
            let path = FilePath(String(argument.dropFirst()))
            let bytes = try DurableFile.read(path, limit: 1 << 20)
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw Failure(.usage, "\(Shown.path(path)) is not UTF-8", hint: "save it as UTF-8 text")
            }
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let marked = lines.enumerated().map { number, line in
                HiddenWords(source: Shown.path(path), line: number + 1, words: Array(line.filter { $0 != 0x0D }))
            }
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            for var entry in marked {
                if entry.line == 1, entry.words.starts(with: mark) { entry.words.removeFirst(mark.count) }
                if entry.words.contains(where: { $0 != 0x20 && $0 != 0x09 }) { all.append(entry) }
            }
        }
        guard arguments.isEmpty || !all.isEmpty else {
            throw Failure(.usage, "there is nothing to hide in what --hide names", hint: "write a line for each place")
        }
        return all
    }

    private func painted(_ argument: String, of text: [UInt8]) throws -> RangeSet<Int> {
        let path = FilePath(argument)
        let copy = try DurableFile.read(path, limit: Int(DocumentReader.longestCutText) * 2)
        guard String(validating: copy, as: UTF8.self) != nil else {
            throw Failure(.usage, "\(Shown.path(path)) is not UTF-8", hint: "save the copy as UTF-8 text")
        }
        guard let ranges = Strikeout.painted(in: copy, of: text) else {
            let line = Strikeout.firstStrangeLine(in: copy, of: text)
            throw Failure(
                .usage, "\(Shown.path(path)) is not a copy of the text: see its line \(line)",
                hint: "change nothing but what must go, and paint that over with \u{2588}; nothing was written")
        }
        guard !ranges.isEmpty else {
            throw Failure(
                .usage, "nothing is painted over in \(Shown.path(path))",
                hint: "put \u{2588} (U+2588) in the place of what must go; --text shows it whole")
        }
        return ranges
    }

    private static func lines(_ argument: String) -> ClosedRange<Int>? {
        let numbers = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard let first = numbers.first, let last = numbers.last, numbers.count <= 2, first > 0, first <= last else {
            return nil
        }
        return first...last
    }

    // MARK: - Fields and attestations

    private mutating func showFields() throws {
        for name in options.showField {
            guard let field = registration.exhibit.fields.first(where: { $0.name.utf8 == Array(name.utf8) }) else {
                throw Failure(
                    .usage, "there is no field \"\(Shown.bytes(name.utf8))\"", hint: "`indelible show` lists them")
            }
            disclosure.fields.insert(field.name)
        }
    }

    private mutating func showAttestations() throws {
        let attestations = registration.dossier.attestations.sorted { $0.key < $1.key }
        for argument in options.showAttestation {
            if argument == "all" {
                disclosure.slots.formUnion(1..<registration.dossier.count)
                continue
            }
            var slots: [Int] = []
            if let number = Int(argument) {
                slots = (1...max(attestations.count, 1)).contains(number) ? [attestations[number - 1].key] : []
            } else if let role = Role(argument) {
                slots = attestations.filter { $0.value.role == role }.map(\.key)
            } else {
                throw Failure(
                    .usage, "\(Shown.bytes(argument.utf8)) is no role, no number, and not all",
                    hint: "the roles are \(Role.all.map(\.word).joined(separator: ", "))")
            }
            guard !slots.isEmpty else {
                throw Failure(
                    .usage, "nobody vouched as \(Shown.bytes(argument.utf8))",
                    hint: "`indelible show` on the private file lists who did, with numbers")
            }
            disclosure.slots.formUnion(slots)
        }
    }

    /// A field or a name is shown whole: one that has words that are struck out would give them away.
    private func refuseStruckWordsElsewhere() throws {
        func has(_ text: [UInt8]) -> Bool { hidden.contains { !Strikeout.occurrences(of: $0.words, in: text).isEmpty } }
        for field in registration.exhibit.fields where disclosure.fields.contains(field.name) && has(field.text) {
            throw Failure(
                .usage, "the field \"\(Shown.bytes(field.name.utf8))\" has words that are to be hidden",
                hint: "a field is shown whole or not at all; nothing was written")
        }
        for number in disclosure.paths where has(registration.exhibit.files[number].path.utf8) {
            throw Failure(
                .usage, "the name of document \(number + 1) has words that are to be hidden",
                hint: "leave --show-name out; nothing was written")
        }
        for slot in disclosure.slots.sorted() {
            guard let text = registration.dossier.attestations[slot]?.text, has(text.bytes) else { continue }
            throw Failure(
                .usage, "what the \(text.role) who vouched says of themself has words that are to be hidden",
                hint: "an attestation is shown whole or not at all; nothing was written")
        }
    }

    private mutating func list(_ struck: [Int: RangeSet<Int>]) {
        for (file, ranges) in struck.sorted(by: { $0.key < $1.key }) {
            guard let slices = registration.exhibit.files[file].slices else { continue }
            var slice = 0
            var offset = 0
            var line = 1
            for range in slices.numbers(touching: ranges).ranges {
                while slice < range.lowerBound {
                    let end = offset + Int(slices.lengths[slice])
                    line += slices.text[offset..<end].count(where: { $0 == 0x0A })
                    (slice, offset) = (slice + 1, end)
                }
                places.append(Place(file: file, line: line, slices: range.count))
            }
        }
    }
}
