// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An opening whose shown items are those of an exhibit, in its order and form, each where it can be.
///
/// That it is an opening of *the* exhibit is for the holder to see: its digest is the one that a dossier names. Text
/// shown in part is what the registrant sealed; that it is the file's text is known only where the file is shown with
/// it (`wholeTexts`). (Formats section 4.)
public struct ExhibitOpening: Sendable, Hashable {
    /// What stands at a position.
    public enum Content: Sendable, Hashable {
        /// A field.
        case field(SealedField)
        /// The path of a file.
        case path(file: Int, ExhibitPath)
        /// The SHA-256 of a file's bytes.
        case file(Int, sha256: Hash)
        /// Adjacent slices of a file's text.
        case slices(Opening.Run)
        /// A part of this many items of which nothing is shown. Adjacent ones are never joined.
        case withheld(count: Int)
    }

    /// A stretch of the exhibit: something shown, or a hidden part in its place.
    public struct Part: Sendable, Hashable {
        /// The position of its first item.
        public let position: Int
        /// What stands there.
        public let content: Content
    }

    /// The opening.
    public let opening: Opening
    /// What is shown and what is withheld, from the first item to the last.
    public let parts: [Part]
    /// The numbers of the files that are shown with all of their slices, so that these are known to be their text.
    public let wholeTexts: Set<Int>

    /// The digest of the whole exhibit, computed each time from all that is shown.
    public var digest: Hash { opening.digest(.exhibit) }

    /// The number of items that are withheld.
    public var withheldCount: Int {
        parts.reduce(0) { if case .withheld(let count) = $1.content { $0 + count } else { $0 } }
    }

    /// The number of items that are shown.
    public var shownCount: Int { opening.count - withheldCount }

    /// Checks what `opening` shows: labels, their order, the form of each, paths, places, and files beside their text.
    public init(_ opening: Opening) throws(ExhibitError) {
        var check = ExhibitCheck(count: opening.count)
        var parts: [Part] = []
        for part in opening.parts {
            switch part {
            case .withheld(let position, let count):
                parts.append(Part(position: position, content: .withheld(count: count)))
            case .shown(let position, let item):
                parts.append(Part(position: position, content: try check.content(of: item, at: position)))
            }
        }
        try check.finish()
        self.opening = opening
        self.parts = parts
        wholeTexts = check.wholeTexts
    }
}

/// Goes through what an opening shows, from the first item to the last.
private struct ExhibitCheck {
    /// The file whose items are being shown.
    private struct File {
        let number: Int
        /// Where its path stands: position minus rank, the same for each of its items.
        let start: Int
        var sha256: Hash?
        /// Over the slices shown so far, while they are all of them from the first.
        var text = SHA256()
        var slices = 0
        var hasGap = false
    }

    private let count: Int
    private var last: ItemLabel?
    private var lastPath: ExhibitPath?
    private var file: File?
    /// The first position that what is shown so far leaves free.
    private var free = 0
    /// The first item that cannot be where it is: said only where nothing else is wrong, which would explain it.
    private var withoutRoom: Int?
    private(set) var wholeTexts: Set<Int> = []

    init(count: Int) {
        self.count = count
    }

    mutating func content(
        of item: Opening.Item, at position: Int
    ) throws(ExhibitError) -> ExhibitOpening.Content {
        let label = try Self.label(of: item, at: position)
        if let last, label <= last { throw .order(position: position) }
        try enter(label, at: position)
        last = label
        free = position + item.count
        switch (label, item) {
        case (.field(let name), .text(_, let text)):
            guard let field = SealedField(name: name.utf8, text: text) else { throw .form(position: position) }
            return .field(field)
        case (.fileName(let number), .text(_, let text)):
            guard let path = ExhibitPath(text) else { throw .path(position: position) }
            if let lastPath, path <= lastPath { throw .pathOrder(position: position) }
            lastPath = path
            return .path(file: number, path)
        case (.file(let number), .sha256(_, let hash)):
            file?.sha256 = hash
            return .file(number, sha256: hash)
        case (.slice, .run(let run)):
            last = .slice(file: run.file, number: run.numbers.upperBound - 1)
            add(run)
            return .slices(run)
        default: throw .form(position: position)
        }
    }

    /// Ends the last file. To be called once, behind all that is shown.
    mutating func finish() throws(ExhibitError) {
        try leaveFile()
        if let withoutRoom { throw .noRoom(position: withoutRoom) }
    }

    private static func label(of item: Opening.Item, at position: Int) throws(ExhibitError) -> ItemLabel {
        switch item {
        case .run(let run): return .slice(file: run.file, number: run.from)
        case .text(let label, _), .sha256(let label, _):
            guard let label = ItemLabel(label) else { throw .label(position: position) }
            return label
        }
    }

    /// Checks the place of an item against the others of its file, or begins its file.
    private mutating func enter(_ label: ItemLabel, at position: Int) throws(ExhibitError) {
        guard let number = label.fileNumber else { return }
        let start = position - label.rank
        if let file, file.number == number {
            guard start == file.start else { throw .scattered(position: position) }
            return
        }
        // A file that is shown has a path and bytes; so has each that is not, between it and the one shown before.
        let before = file.map { $0.number + 1 } ?? 0
        let room = start - max(free, file.map { $0.start + 2 } ?? 0)
        if room < 0 || room / 2 < number - before || start + 2 > count { withoutRoom = withoutRoom ?? position }
        try leaveFile()
        file = File(number: number, start: start)
    }

    private mutating func add(_ run: Opening.Run) {
        guard var current = file else { return }
        file = nil
        current.hasGap = current.hasGap || run.from != current.slices
        current.slices = run.numbers.upperBound
        if !current.hasGap { current.text.update(run.text) }
        file = current
    }

    private mutating func leaveFile() throws(ExhibitError) {
        guard let file, let sha256 = file.sha256, file.slices > 0 else { return }
        if file.hasGap { throw .fileBesideHiddenSlices(file: file.number) }
        guard file.text.finish() == sha256 else { throw .slicesAreNotTheFile(file: file.number) }
        wholeTexts.insert(file.number)
    }
}
