// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Why there is no result.
struct Stopped: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Says how far it is, on the error output.
func say(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
}

/// Ends the program: there is no result.
func stop(_ reason: String) -> Never {
    say("mutants: \(reason)")
    exit(2)
}
