// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What of a registration somebody is shown; everything else stays withheld.
///
/// Nothing is shown where nothing is asked for, not even a file's hash: its holder could test guesses at what is struck
/// out. (Formats section 4.)
public struct Disclosure: Sendable, Hashable {
    /// What is shown of one file.
    public enum File: Sendable, Hashable {
        /// Nothing.
        case nothing
        /// Its SHA-256, by which whoever has the file can match it.
        case hash
        /// Its text but for the slices that have a byte in these ranges; where there are none, its SHA-256 too.
        case text(hiding: RangeSet<Int>)
    }

    /// The names of the fields that are shown.
    public var fields: Set<WireText> = []
    /// The numbers of the files whose path is shown.
    public var paths: Set<Int> = []
    /// What is shown of each file, by number; nothing of those that are left out.
    public var files: [Int: File] = [:]
    /// The slots of the dossier that are shown, empty ones among them.
    public var slots: Set<Int> = []

    /// Shows nothing.
    public init() {}
}

extension Exhibit {
    /// The positions of what `disclosure` shows; nil where it asks for the text of a file that is not cut.
    public func positions(shownBy disclosure: Disclosure) -> RangeSet<Int>? {
        var shown = RangeSet<Int>()
        func show(_ position: Int) { shown.insert(contentsOf: position..<position + 1) }
        for (position, field) in fields.enumerated() where disclosure.fields.contains(field.name) { show(position) }
        for number in files.indices {
            if disclosure.paths.contains(number) { show(pathPosition(ofFile: number)) }
            switch disclosure.files[number] ?? .nothing {
            case .nothing: break
            case .hash: show(bytesPosition(ofFile: number))
            case .text(let ranges):
                guard let slices = files[number].slices else { return nil }
                let struck = slices.numbers(touching: ranges)
                if struck.isEmpty { show(bytesPosition(ofFile: number)) }
                let all = slicePositions(ofFile: number)
                shown.insert(contentsOf: all)
                for range in struck.ranges {
                    shown.remove(contentsOf: all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
                }
            }
        }
        return shown
    }
}
