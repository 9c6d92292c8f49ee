// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a proof shows of an exhibit as a person reads it: fields, names, and texts with every hidden part in its place.
struct ShownParts {
    /// A text, or something that stands by itself.
    enum Piece: Equatable {
        case field(SealedField)
        case path(file: Int, ExhibitPath)
        /// The text of a file, of which parts may be hidden.
        case text(file: Int, [Stretch])
    }

    /// A stretch of a text.
    enum Stretch: Equatable {
        case shown([UInt8])
        /// A hidden part of this many words or ideographs. Two that stand side by side are not joined.
        case withheld(Int)
    }

    private(set) var pieces: [Piece] = []
    /// The number of words and ideographs that are hidden in texts of which something is shown.
    private(set) var withheldInTexts = 0

    init(_ exhibit: ExhibitOpening) {
        let starts = Self.starts(of: exhibit)
        let withText = Set(exhibit.parts.compactMap { if case .slices(let run) = $0.content { run.file } else { nil } })
        var stretches: [Stretch] = []
        var current: Int?
        func end(_ pieces: inout [Piece]) {
            if let current, !stretches.isEmpty { pieces.append(.text(file: current, stretches)) }
            stretches = []
        }
        for part in exhibit.parts {
            switch part.content {
            case .field(let field): pieces.append(.field(field))
            case .path(let file, let path):
                end(&pieces)
                current = file
                pieces.append(.path(file: file, path))
            case .file(let file, _):
                if current != file { end(&pieces) }
                current = file
            case .slices(let run):
                if current != run.file { end(&pieces) }
                current = run.file
                if case .shown(let text)? = stretches.last {
                    stretches[stretches.count - 1] = .shown(text + run.text)
                } else {
                    stretches.append(.shown(run.text))
                }
            case .withheld(let count):
                // One hidden part may reach from one file's text over the next one's name to its text.
                var rest = part.position..<part.position + count
                for (file, start) in starts where start + 2 > rest.lowerBound && start < rest.upperBound {
                    let before = rest.clamped(to: rest.lowerBound..<max(start, rest.lowerBound))
                    hide(before, of: current, withText, &stretches)
                    end(&pieces)
                    current = file
                    rest = min(start + 2, rest.upperBound)..<rest.upperBound
                }
                hide(rest, of: current, withText, &stretches)
            }
        }
        end(&pieces)
    }

    private mutating func hide(
        _ range: Range<Int>, of file: Int?, _ withText: Set<Int>, _ stretches: inout [Stretch]
    ) {
        guard let file, withText.contains(file), !range.isEmpty else { return }
        stretches.append(.withheld(range.count))
        withheldInTexts += range.count
    }

    /// Where the items of each file begin of which anything is shown.
    private static func starts(of exhibit: ExhibitOpening) -> [(file: Int, start: Int)] {
        var starts: [(file: Int, start: Int)] = []
        for part in exhibit.parts {
            let found: (file: Int, start: Int)
            switch part.content {
            case .path(let file, _): found = (file, part.position)
            case .file(let file, _): found = (file, part.position - 1)
            case .slices(let run): found = (run.file, part.position - 2 - run.from)
            case .field, .withheld: continue
            }
            if starts.last?.file != found.file { starts.append(found) }
        }
        return starts
    }
}

extension SealedField {
    /// The field on one line, or below its name where it has several lines.
    func lines(as word: String) -> [String] {
        var text = text
        if text.last == 0x0A { text.removeLast() }
        let heading = "  \(word) \(Shown.bytes(name.utf8)):"
        guard text.contains(0x0A) else { return [heading + " " + Shown.bytes(text)] }
        return [heading]
            + Shown.lines(text).split(separator: "\n", omittingEmptySubsequences: false).map { "    | " + $0 }
    }
}
