// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How a command ends when it does not end well: one line that says what is wrong, one that says what to do.
struct Failure: Error {
    /// The exit codes of the command line.
    enum Code: Int32 {
        /// What was checked does not hold.
        case doesNotHold = 1
        /// The command line or an input is malformed.
        case usage = 2
        /// It cannot be told: something is missing, unreachable or refused by the system.
        case cannotTell = 3
    }

    let code: Code
    let message: String
    let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

/// A command that has said all there is to say, and ends with a code other than zero.
struct Ended: Error {
    let code: Failure.Code
}
