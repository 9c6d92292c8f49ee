// SPDX-License-Identifier: Apache-2.0

/// One change to one place of the sources, switched on by its number.
struct Mutant: Sendable {
    /// What is done to the place.
    enum Kind: String, Sendable, CaseIterable {
        /// A truth value is inverted.
        case inverted
        /// A clause of a condition always holds: what it demands is demanded no more.
        case clauseHolds = "holds"
        /// A clause of a condition never holds: what it allows or finds is not allowed or found.
        case clauseFails = "fails"
        /// The body of an `if` never runs.
        case never
        /// `<` becomes `<=`, `>=` becomes `>`, and so on.
        case boundary
        /// A number is one more.
        case more = "+1"
        /// A number is one less.
        case less = "-1"
        /// A call whose result is not used is not made.
        case skipped
        /// `min` becomes `max`, and the other way round.
        case extreme
    }

    let number: Int
    /// Such as `Evidence/JSON.swift`.
    let file: String
    let line: Int
    let kind: Kind
    /// The place's own text, in one line.
    let text: String

    var description: String { "\(file):\(line): \(kind.rawValue): \(text)" }
}
