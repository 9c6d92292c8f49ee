// SPDX-License-Identifier: Apache-2.0

/// A text or file that is not of the format it should be: which format, where, and what is wrong.
public struct FormatError: Error, Sendable, Hashable {
    /// The format by its own name, such as "signed note" or "checkpoint".
    public let format: String
    /// The line, counted from 1, where one can be named.
    public let line: Int?
    /// What is wrong, in lower case, with nothing of the input that could be obeyed by a terminal.
    public let reason: String

    /// Names what is wrong with an input.
    public init(_ format: String, line: Int? = nil, _ reason: String) {
        self.format = format
        self.line = line
        self.reason = reason
    }
}

extension FormatError: CustomStringConvertible {
    public var description: String {
        if let line { "\(format): line \(line): \(reason)" } else { "\(format): \(reason)" }
    }
}
