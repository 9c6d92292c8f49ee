// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage

/// A circulating copy as it was found: its words, and how they were written down.
struct CirculatingCopy {
    let path: FilePath
    let encoding: TextEncoding
    let hadMark: Bool
    /// Whether it is the source of a web page, of which only the words are compared.
    let isWebPage: Bool
    let text: ComparedText

    /// Reads a copy as each of the texts that it can be, the likeliest first.
    static func readings(of path: FilePath) throws -> [CirculatingCopy] {
        let bytes = try DurableFile.read(path, limit: ComparedText.maximumByteCount)
        let readings = TextEncoding.readings(of: bytes)
        guard !readings.isEmpty else {
            throw Failure(
                .usage, "\(Shown.path(path)) is no text in UTF-8, UTF-16, GB18030, Big5 or Windows-1252",
                hint: "save what is to be compared as plain text in UTF-8")
        }
        return try readings.map { try CirculatingCopy($0, path: path) }
    }

    /// Takes up one reading of a copy.
    private init(_ decoded: TextEncoding.Decoded, path: FilePath) throws {
        let page = WebPage(decoded.text)
        self.path = path
        encoding = decoded.encoding
        hadMark = decoded.hadMark
        isWebPage = page != nil
        do throws(ComparedText.Refusal) {
            text = try ComparedText(page?.text ?? decoded.text)
        } catch {
            throw Failure(
                .usage, "\(Shown.path(path)) has more words than can be compared", hint: "compare a part of it")
        }
    }

    /// How it was written down.
    func form(_ language: Language) -> String {
        var parts = [encoding.name]
        if hadMark { parts.append(language == .english ? "a byte order mark at its start" : "开头有字节顺序标记") }
        if isWebPage {
            parts.append(
                language == .english
                    ? "a web page: its words without markup, scripts and styles" : "网页:仅取文字,不计标记、脚本与样式")
        }
        return parts.joined(separator: language == .english ? "; " : ";")
    }
}
