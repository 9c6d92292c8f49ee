// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// How a given file compares with what a proof shows of documents.
struct DocumentComparison {
    enum Result: Equatable {
        /// Byte for byte the same as a file that the proof shows the hash of.
        case same(file: Int)
        /// The same but for how the text is written down, in one way or several.
        case sameText(file: Int, [Spelling])
        /// Not the same; the first line that differs, where the proof shows the text.
        case differs(line: Int?)
        /// The proof shows neither the hash nor the whole text of any document.
        case nothingToCompare
    }

    /// Differences in writing that leave the words alone.
    enum Spelling: Int, CaseIterable {
        case lineEnds
        case finalNewline
        case byteOrderMark
    }

    let path: FilePath
    let result: Result

    /// Whether it is byte for byte a registered file.
    var isSame: Bool { if case .same = result { true } else { false } }

    /// Compares a file that was read with the exhibit that a verified proof shows.
    init(_ document: ReadDocument, with exhibit: ExhibitOpening?) {
        path = document.path
        var hashes: [(file: Int, hash: Hash)] = []
        var texts: [Int: [UInt8]] = [:]
        for part in exhibit?.parts ?? [] {
            switch part.content {
            case .file(let file, let hash): hashes.append((file, hash))
            case .slices(let run) where exhibit?.wholeTexts.contains(run.file) == true:
                texts[run.file, default: []] += run.text
            default: break
            }
        }
        if let found = hashes.first(where: { $0.hash == document.sha256 }) {
            result = .same(file: found.file)
        } else if hashes.isEmpty {
            result = .nothingToCompare
        } else if let text = document.text,
            let (file, spellings) = Self.respelled(text, among: hashes)
        {
            result = .sameText(file: file, spellings)
        } else if let text = document.text, texts.count == 1, let shown = texts.first?.value {
            result = .differs(line: Self.firstDifference(text, shown))
        } else {
            result = .differs(line: nil)
        }
    }

    /// The first line, from 1, in which two texts differ.
    private static func firstDifference(_ one: [UInt8], _ other: [UInt8]) -> Int {
        let same = zip(one, other).prefix { $0 == $1 }
        return same.reduce(1) { $1.0 == 0x0A ? $0 + 1 : $0 }
    }

    /// The fewest changes of spelling that make the text the registered one.
    private static func respelled(
        _ text: [UInt8], among hashes: [(file: Int, hash: Hash)]
    ) -> (file: Int, [Spelling])? {
        var tried: [(text: [UInt8], spellings: [Spelling])] = [(text, [])]
        for _ in Spelling.allCases {
            tried = tried.flatMap { text, spellings in
                Spelling.allCases.filter { spelling in spellings.allSatisfy { $0.rank < spelling.rank } }
                    .flatMap { spelling in spelling.variants(of: text).map { ($0, spellings + [spelling]) } }
            }
            for (variant, spellings) in tried {
                let hash = SHA256.hash(variant)
                if let found = hashes.first(where: { $0.hash == hash }) { return (found.file, spellings) }
            }
        }
        return nil
    }
}

extension DocumentComparison.Spelling {
    /// What the text would be if it had been written down in another way.
    func variants(of text: [UInt8]) -> [[UInt8]] {
        switch self {
        case .lineEnds:
            var unix: [UInt8] = []
            unix.reserveCapacity(text.count)
            for (index, byte) in text.enumerated()
            where byte != 0x0D || index + 1 < text.count && text[index + 1] != 0x0A {
                unix.append(byte)
            }
            if text.last == 0x0D { unix.removeLast() }
            var windows: [UInt8] = []
            windows.reserveCapacity(unix.count + unix.count / 16)
            for byte in unix {
                if byte == 0x0A { windows.append(0x0D) }
                windows.append(byte)
            }
            return [unix, windows].filter { $0 != text }
        case .finalNewline:
            let endings: [[UInt8]] = [[0x0D, 0x0A], [0x0A]]
            let shorter = endings.first { text.suffix($0.count).elementsEqual($0) }.map {
                Array(text.dropLast($0.count))
            }
            return [shorter, text + [0x0A], text + [0x0D, 0x0A]].compactMap(\.self)
        case .byteOrderMark:
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            return [text.starts(with: mark) ? Array(text.dropFirst(3)) : mark + text]
        }
    }

    /// In which order changes are made, each once.
    fileprivate var rank: Int { rawValue }

    func words(_ language: Language) -> String {
        switch (language, self) {
        case (.english, .lineEnds): "line ends"
        case (.english, .finalNewline): "a newline at its end"
        case (.english, .byteOrderMark): "a byte order mark at its start"
        case (.chinese, .lineEnds): "换行方式"
        case (.chinese, .finalNewline): "末尾换行"
        case (.chinese, .byteOrderMark): "开头的字节顺序标记"
        }
    }
}
