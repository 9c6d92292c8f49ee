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

    /// Differences in writing that leave the words alone, in the order in which they are tried.
    enum Spelling: Int, CaseIterable {
        case lineEnds
        case finalNewline
        case byteOrderMark
        case encoding
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
            return
        }
        guard !hashes.isEmpty else {
            result = .nothingToCompare
            return
        }
        let readings = Self.readings(of: document)
        for reading in readings {
            if let (file, spellings) = Self.respelled(reading, among: hashes) {
                result = .sameText(file: file, spellings)
                return
            }
        }
        guard texts.count == 1, let shown = texts.first?.value else {
            result = .differs(line: nil)
            return
        }
        result = .differs(line: readings.map { Self.firstDifference($0.text, shown) }.max())
    }

    /// What the document can be read as, where it is a text and is short enough to be looked at again.
    private static func readings(of document: ReadDocument) -> [TextEncoding.Decoded] {
        if let text = document.text {
            return [TextEncoding.Decoded(text: text, encoding: .utf8, hadMark: false)]
        }
        guard document.size <= DocumentReader.longestCutText else { return [] }
        do {
            let bytes = try DurableFile.read(document.path, limit: Int(DocumentReader.longestCutText))
            // It may be another file by now; what is said must be of the one that was hashed.
            return SHA256.hash(bytes) == document.sha256 ? TextEncoding.readings(of: bytes) : []
        } catch {
            // It was read once: all that is lost is the reason why it is not the same.
            return []
        }
    }

    /// The longest text for which every choice of differences is tried with another encoding, in bytes.
    private static let longestTriedText = 1 << 20

    /// The first line, from 1, in which two texts differ.
    private static func firstDifference(_ one: [UInt8], _ other: [UInt8]) -> Int {
        let same = zip(one, other).prefix { $0 == $1 }
        return same.reduce(1) { $1.0 == 0x0A ? $0 + 1 : $0 }
    }

    /// The fewest changes of spelling that make the text the registered one.
    private static func respelled(
        _ decoded: TextEncoding.Decoded, among hashes: [(file: Int, hash: Hash)]
    ) -> (file: Int, [Spelling])? {
        let given: [Spelling] = decoded.encoding == .utf8 ? [] : [.encoding]
        for count in 0...Spelling.allCases.count - given.count {
            for spellings in combinations(of: Spelling.allCases.filter { !given.contains($0) }[...], count: count) {
                // Each conversion of a long text takes its time: no more than what is likely is tried.
                let others = spellings.filter { $0 != .encoding && $0 != .lineEnds }
                if spellings.contains(.encoding), !others.isEmpty, decoded.text.count > Self.longestTriedText {
                    continue
                }
                if let file = match(decoded.text, spellings[...], hashes) { return (file, spellings + given) }
            }
        }
        return nil
    }

    /// Every choice of `count` of some spellings, each in their order.
    private static func combinations(of spellings: ArraySlice<Spelling>, count: Int) -> [[Spelling]] {
        guard count > 0 else { return [[]] }
        guard let first = spellings.first, count <= spellings.count else { return [] }
        let rest = spellings.dropFirst()
        return combinations(of: rest, count: count - 1).map { [first] + $0 } + combinations(of: rest, count: count)
    }

    /// The file that a text is when it is written down otherwise in each of some ways. One variant is held at a time.
    private static func match(
        _ text: [UInt8], _ spellings: ArraySlice<Spelling>, _ hashes: [(file: Int, hash: Hash)]
    ) -> Int? {
        guard let spelling = spellings.first else {
            let hash = SHA256.hash(text)
            return hashes.first { $0.hash == hash }?.file
        }
        for variant in spelling.variants(of: text) {
            if let file = match(variant, spellings.dropFirst(), hashes) { return file }
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
            where byte != 0x0D || index + 1 == text.count || text[index + 1] != 0x0A {
                unix.append(byte)
            }
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
        case .encoding:
            return TextEncoding.allCases.filter { $0 != .utf8 }.flatMap { $0.variants(of: text) }
        }
    }

    func words(_ language: Language) -> String {
        switch (language, self) {
        case (.english, .lineEnds): "line ends"
        case (.english, .finalNewline): "a newline at its end"
        case (.english, .byteOrderMark): "a byte order mark at its start"
        case (.english, .encoding): "its encoding"
        case (.chinese, .lineEnds): "换行方式"
        case (.chinese, .finalNewline): "末尾换行"
        case (.chinese, .byteOrderMark): "开头的字节顺序标记"
        case (.chinese, .encoding): "文字编码"
        }
    }
}
