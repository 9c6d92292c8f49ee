// SPDX-License-Identifier: Apache-2.0
import CLibFuzzer
import Dispatch
import FuzzTargets
import Foundation

/// libFuzzer over one target, which INDELIBLE_FUZZ_TARGET names.
///
///     fuzz [LIBFUZZER'S OPTIONS] [FOLDER...]
///     fuzz list                            the targets, and the longest input of each
///     fuzz seeds FOLDER                    writes the target's seeds, and its words as `FOLDER.words`
///
/// A promise that an input breaks is a crash, whose input libFuzzer keeps.
@main
struct Fuzz {
    private static let target = ProcessInfo.processInfo.environment["INDELIBLE_FUZZ_TARGET"].flatMap(FuzzTarget.named)

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

    private static func run(_ bytes: [UInt8]) {
        switch target?.check {
        case .reads(let check): end { try check(bytes) }
        case .asks(let check):
            let isDone = DispatchSemaphore(value: 0)
            Task {
                do { try await check(bytes) } catch { stop(error) }
                isDone.signal()
            }
            isDone.wait()
        case nil: preconditionFailure("a target was found")
        }
    }

    private static func end(_ body: () throws -> Void) {
        do { try body() } catch { stop(error) }
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
