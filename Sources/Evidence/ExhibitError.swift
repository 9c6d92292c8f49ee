// SPDX-License-Identifier: Apache-2.0

/// Why something cannot be an exhibit, or an opening not be one of an exhibit (formats section 4).
public enum ExhibitError: Error, Sendable, Hashable {
    /// There is nothing to register.
    case nothing
    /// More than 2^32 items.
    case tooManyItems
    /// Two fields have this name.
    case duplicateField(WireText)
    /// Two files have this path.
    case duplicatePath(ExhibitPath)
    /// A file's hash or size is not that of its slices.
    case slicesOfAnotherFile(ExhibitPath)

    /// The label at this position is none that an exhibit has.
    case label(position: Int)
    /// The label at this position does not come after those before it.
    case order(position: Int)
    /// The item at this position is not in the form of its kind: fields and names as text, files by SHA-256, slices in
    /// runs.
    case form(position: Int)
    /// The path at this position is not relative, or climbs.
    case path(position: Int)
    /// The path at this position does not come after that of a file before it.
    case pathOrder(position: Int)
    /// The item at this position is not where the others of its file put it.
    case scattered(position: Int)
    /// No exhibit has the item at this position there: the items that must come before or behind it have no room.
    case noRoom(position: Int)
    /// A file is shown, and some of its slices are and some are not: its hash would let anybody test guesses.
    case fileBesideHiddenSlices(file: Int)
    /// A file is shown with slices that do not make up its bytes.
    case slicesAreNotTheFile(file: Int)
}

extension ExhibitError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "there is nothing to register"
        case .tooManyItems: "more than 2^32 items"
        case .duplicateField(let name): "two fields are named \"\(name)\""
        case .duplicatePath: "two files have one path"
        case .slicesOfAnotherFile: "a file's hash or size is not that of its text"
        case .label(let position): "item \(position): no label of an exhibit"
        case .order(let position): "item \(position): labels out of order"
        case .form(let position): "item \(position): not shown in the form of its kind"
        case .path(let position): "item \(position): the path is not relative, or has an empty, \".\" or \"..\" part"
        case .pathOrder(let position): "item \(position): paths out of order"
        case .scattered(let position): "item \(position): the items of a file are not together"
        case .noRoom(let position): "item \(position): no exhibit has it there"
        case .fileBesideHiddenSlices(let file): "file \(file) is shown with only some of its slices"
        case .slicesAreNotTheFile(let file): "file \(file) is shown with slices that do not make up its bytes"
        }
    }
}
