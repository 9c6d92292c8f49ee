// SPDX-License-Identifier: Apache-2.0
import CSodium
import Evidence
import Foundation
import Ledger
import SystemPackage

/// Where the words of a sheet come from: a file, or the terminal. Never from an argument.
struct PaperPrompt {
    /// The file, where one is named by the option or by INDELIBLE_PAPER_FILE.
    let file: FilePath?
    /// What the terminal speaks.
    let language: Language

    init(file: String?, language: Language) {
        self.language = language
        let named = file ?? ProcessInfo.processInfo.environment["INDELIBLE_PAPER_FILE"]
        self.file = named.flatMap { $0.isEmpty ? nil : FilePath($0) }
    }

    /// The key on the sheet.
    func key() throws -> PaperKey {
        guard let file else { return try ask() }
        var text = try DurableFile.read(file, limit: PaperWords.maximumByteCount)
        defer { sodium_memzero(&text, text.count) }
        do throws(PaperWords.ParseError) {
            return try PaperKey(try PaperWords(parsing: text))
        } catch {
            throw Failure(.usage, "\(Shown.path(file)): \(Self.words(error, .english))", hint: Self.hint)
        }
    }

    private static let hint = "compare each word with the sheet: five letters each, and none of c, e, q, w, x, y"

    /// What is wrong, by the words' numbers, and never the words themselves.
    private static func words(_ error: PaperWords.ParseError, _ language: Language) -> String {
        let english = language == .english
        switch error {
        case .tooLong: return english ? "this is too long for the words of a sheet" : "内容过长,不是纸上的词"
        case .malformed(let numbers, let count):
            let list = numbers.prefix(5).map(String.init).joined(separator: ", ")
            let more = numbers.count > 5
            guard english else {
                let total = count == PaperWords.count ? "" : "(共输入 \(count) 个;纸上有 \(PaperWords.count) 个)"
                return "第 \(list)\(more ? " 等" : "") 个词不是纸上的词\(total)"
            }
            let total =
                count == PaperWords.count ? "" : ", of \(count) that were given; the sheet has \(PaperWords.count)"
            return numbers.count == 1
                ? "word \(list) is not one of a sheet\(total)"
                : "words \(list)\(more ? " and others" : "") are not words of a sheet\(total)"
        case .count(let count):
            return english
                ? "the sheet has \(PaperWords.count) words, and \(count) were given"
                : "纸上有 \(PaperWords.count) 个词,输入了 \(count) 个"
        case .checkDiffers(let likely):
            let list = likely.map(String.init).joined(separator: english ? " or " : " 或 ")
            return english
                ? "one of the words at least is another than on the sheet, or they are in another order"
                    + (likely.isEmpty ? "" : "; most likely word \(list), by one letter")
                : "至少有一个词与纸上不同,或次序不同" + (likely.isEmpty ? "" : ";最可能是第 \(list) 个词错了一个字母")
        }
    }

    /// Asks for the words, line by line, until there are seventeen. They are shown while they are typed: they stand on
    /// the table anyway, and nobody types 85 letters unseen.
    private func ask() throws -> PaperKey {
        let terminal = try Console.terminal(
            for: "the words of the sheet are needed",
            hint: "name a file that holds them with --paper-file or in INDELIBLE_PAPER_FILE")
        defer { close(terminal) }
        // The other screen of a terminal is gone afterwards, and with it what was typed.
        let type = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
        let hasScreen = type != "dumb" && !type.isEmpty
        if hasScreen {
            Console.write("\u{1B}[?1049h\u{1B}[H", to: terminal)
            // Whoever breaks off must not be left on that screen.
            signal(SIGINT) { _ in
                let terminal = open("/dev/tty", O_WRONLY)
                _ = write(terminal, "\u{1B}[2J\u{1B}[?1049l", 12)
                _exit(130)
            }
        }
        defer {
            if hasScreen {
                signal(SIGINT, SIG_DFL)
                Console.write("\u{1B}[2J\u{1B}[?1049l", to: terminal)
            }
        }
        let english = language == .english
        Console.write(
            english
                ? "Type the \(PaperWords.count) words of the sheet, in order; as many on a line as you like.\n"
                : "请依次输入纸上的 \(PaperWords.count) 个词;每行可输入任意多个。\n", to: terminal)
        for _ in 0..<3 {
            var typed = try typedWords(terminal)
            defer { sodium_memzero(&typed, typed.count) }
            do throws(PaperWords.ParseError) {
                return try PaperKey(try PaperWords(parsing: typed))
            } catch {
                Console.write(
                    Self.words(error, language) + (english ? ".\nFrom the first word again:\n" : "。\n请从第一个词重新输入:\n"),
                    to: terminal)
            }
        }
        throw Failure(.usage, "the words given are not those of a sheet", hint: Self.hint)
    }

    /// Lines until there are enough words. A line with a word of another form is asked for again.
    private func typedWords(_ terminal: Int32) throws -> [UInt8] {
        var typed: [UInt8] = []
        typed.reserveCapacity(2 * PaperWords.maximumByteCount)
        while true {
            let before = PaperWords.look(at: typed).count
            Console.write(language == .english ? "Word \(before + 1): " : "第 \(before + 1) 个词:", to: terminal)
            var line: [UInt8] = []
            line.reserveCapacity(PaperWords.maximumByteCount + 1)
            defer { sodium_memzero(&line, line.count) }
            var byte: UInt8 = 0
            var count = 0
            repeat {
                count = read(terminal, &byte, 1)
                if count == 1 { line.append(byte) }
            } while count == 1 && byte != 0x0A && line.count <= PaperWords.maximumByteCount
            guard count == 1, typed.count + line.count <= PaperWords.maximumByteCount else {
                throw Failure(.usage, "the words of the sheet were not given", hint: "run the command again")
            }
            // 85 letters in one line may be divided anyhow.
            if typed.isEmpty, (try? PaperWords(parsing: line)) != nil { return line.map { $0 } }
            let look = PaperWords.look(at: line)
            guard look.malformed.isEmpty else {
                let numbers = look.malformed.prefix(5).map { before + $0 }
                let error = PaperWords.ParseError.malformed(numbers, of: PaperWords.count)
                let form =
                    language == .english
                    ? ": five letters, none of c e q w x y. Again:\n" : ":每词五个字母,无 c e q w x y。请重新输入:\n"
                Console.write(Self.words(error, language) + form, to: terminal)
                continue
            }
            typed += line
            if before + look.count >= PaperWords.count { return typed }
        }
    }
}
