// SPDX-License-Identifier: Apache-2.0

extension ExhibitOpening {
    /// The numbers of the files of which text is shown, whole or in part.
    public var filesWithText: [Int] {
        var files: [Int] = []
        for part in parts {
            if case .slices(let run) = part.content, files.last != run.file { files.append(run.file) }
        }
        return files
    }

    /// What is shown of the text of a file, with every withheld part in its place; nil where nothing of it is.
    ///
    /// What is withheld behind the last shown slice may be of another file, unless all of the text is shown: its count
    /// is then the most that it can be.
    public func comparedText(ofFile file: Int) throws(ComparedText.Refusal) -> ComparedText? {
        var text: [UInt8] = []
        var withheld: [ComparedText.Withheld] = []
        // Withheld parts since the last shown slice, or since the beginning; and where the file's slices begin.
        var hidden: [Range<Int>] = []
        var slices: Int?
        var end = Int.max
        var isEndExact = false
        for part in parts {
            switch part.content {
            case .withheld(let count): hidden.append(part.position..<(part.position + count))
            case .slices(let run) where run.file == file:
                let first = slices ?? part.position - run.from
                slices = first
                for range in hidden where range.upperBound > first {
                    let count = range.upperBound - max(range.lowerBound, first)
                    withheld.append(ComparedText.Withheld(position: text.count, count: count))
                }
                hidden = []
                text += run.text
            default:
                if slices == nil {
                    hidden = []
                } else if end == .max {
                    (end, isEndExact) = self.end(ofFile: file, at: part)
                }
            }
        }
        guard slices != nil else { return nil }
        if !wholeTexts.contains(file) {
            for range in hidden where range.lowerBound < end {
                let count = min(range.upperBound, end) - range.lowerBound
                let part = ComparedText.Withheld(position: text.count, count: count, isExact: isEndExact)
                withheld.append(part)
            }
        }
        return try ComparedText(text, withheld: withheld)
    }

    /// Where the items of a file end at the latest, by the first part shown behind them; and whether it is just there.
    private func end(ofFile file: Int, at part: Part) -> (end: Int, isExact: Bool) {
        switch part.content {
        case .path(let other, _): (part.position, other == file + 1)
        case .file(let other, _): (part.position - 1, other == file + 1)
        case .slices(let run): (part.position - run.from - 2, run.file == file + 1)
        case .field, .withheld: (part.position, false)
        }
    }
}
