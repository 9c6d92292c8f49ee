// SPDX-License-Identifier: Apache-2.0
import CLibFuzzer
import Dispatch
import FuzzTargets
import Foundation
import Synchronization

/// libFuzzer over one target, which INDELIBLE_FUZZ_TARGET names.
///
///     fuzz [LIBFUZZER'S OPTIONS] [FOLDER...]
///     fuzz list                            the targets, and the longest input of each
///     fuzz memory [FOLDER...]              the most that a reader takes of the target's inputs, long ones first
///     fuzz seeds FOLDER                    writes the target's seeds, and its words as `FOLDER.words`
///
/// A promise that an input breaks is a crash, whose input libFuzzer keeps.
@main
struct Fuzz {
    private static let target = ProcessInfo.processInfo.environment["INDELIBLE_FUZZ_TARGET"].flatMap(FuzzTarget.named)
    private static let thread = OneThread()

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 2, arguments[1] == "list" {
            for target in FuzzTarget.all { print(target.name, target.maximumByteCount) }
            return
        }
        guard let target else {
            FileHandle.standardError.write(Data("INDELIBLE_FUZZ_TARGET names no target\n".utf8))
            exit(2)
        }
        if arguments.count == 3, arguments[1] == "seeds" { return try writeSeeds(of: target, to: arguments[2]) }
        if arguments.count > 1, arguments[1] == "memory" {
            return try measure(target, with: Array(arguments.dropFirst(2)))
        }
        // The samples are read now: what that takes is not what an input reaches.
        _ = try target.seeds()
        var count = CommandLine.argc
        var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &values) { start, count in
                Fuzz.run(Array(UnsafeBufferPointer(start: start, count: count)))
                return 0
            })
    }

    /// One line an input: its bytes, what a reader took at its most, how many times the input that is.
    private static func measure(_ target: FuzzTarget, with folders: [String]) throws {
        var inputs = try target.longInputs.enumerated().map { ("long \($0)", $1) }
        for folder in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
                inputs.append((name, Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))))
            }
        }
        for (name, input) in inputs {
            do {
                let most = try attempt(input)
                print("\(target.name)\t\(name)\t\(input.count)\t\(most)\t\(most / max(input.count, 1))")
            } catch {
                print("\(target.name)\t\(name)\t\(input.count)\tBROKEN: \(error)")
            }
        }
    }

    private static func run(_ bytes: [UInt8]) {
        do { _ = try attempt(bytes) } catch { stop(error) }
    }

    private static func attempt(_ bytes: [UInt8]) throws -> Int {
        guard let target else { preconditionFailure("a target was found") }
        switch target.check {
        case .reads(let check): return try target.attempt(bytes, reading: check)
        case .asks(let check):
            let isDone = DispatchSemaphore(value: 0)
            let result = Mutex<Result<Int, any Error>?>(nil)
            Task {
                do {
                    let most = try await target.attempt(bytes, on: thread, asking: check)
                    result.withLock { $0 = .success(most) }
                } catch {
                    result.withLock { $0 = .failure(error) }
                }
                isDone.signal()
            }
            isDone.wait()
            return try result.withLock { $0 }?.get() ?? 0
        }
    }

    private static func stop(_ error: any Error) -> Never {
        FileHandle.standardError.write(Data("BROKEN: \(error)\n".utf8))
        abort()
    }

    private static func writeSeeds(of target: FuzzTarget, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (number, seed) in try target.seeds().enumerated() where seed.count <= target.maximumByteCount {
            try Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(number)"))
        }
        // libFuzzer's dictionary: a word in quotes on each line, odd bytes as \xAB.
        let lines = target.words.map { word in
            let escaped = word.utf8.map { byte in
                switch byte {
                case 0x22, 0x5C: "\\" + String(UnicodeScalar(byte))
                case 0x20..<0x7F: String(UnicodeScalar(byte))
                default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }
            return "\"\(escaped.joined())\"\n"
        }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: folder + ".words"))
    }
}
