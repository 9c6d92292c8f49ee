// SPDX-License-Identifier: Apache-2.0

/// What a custody entry says under seal: texts with names, as a sealed list of `field/<name>` items.
///
/// Names ascend, without duplicates. The digest is that of the domain `indelible-details/v1`. (Formats section 4.)
public struct Details: Sendable, Hashable {
    /// The fields, by name.
    public let fields: [SealedField]

    /// Puts fields, given in any order, in the order of the format.
    public init(fields: [SealedField]) throws(DetailsError) {
        guard !fields.isEmpty else { throw .nothing }
        let fields = fields.sorted { $0.name < $1.name }
        for (field, next) in zip(fields, fields.dropFirst()) where field.name == next.name {
            throw .duplicateField(field.name)
        }
        self.fields = fields
    }

    /// The list of the items under a fresh random seed; its digest is what a `custody` entry names.
    public func sealed(with seed: SealedSeed) -> SealedList<[SealedItem]> {
        SealedList(.details, of: fields.map(\.item), count: fields.count, seed: seed)
    }

    /// The opening that shows the fields at `positions`, which must be below their number, and no others.
    public func opening(seed: SealedSeed, showing positions: RangeSet<Int>) -> Opening {
        sealed(with: seed).opening(showing: positions)
    }
}

/// Why something cannot be details, or an opening not be one of details.
public enum DetailsError: Error, Sendable, Hashable {
    /// There are no fields.
    case nothing
    /// Two fields have this name.
    case duplicateField(WireText)
    /// The label at this position is not that of a field.
    case label(position: Int)
    /// The label at this position does not come after those before it.
    case order(position: Int)
    /// The field at this position is not shown as text.
    case form(position: Int)
}

extension DetailsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "there are no fields"
        case .duplicateField(let name): "two fields are named \"\(name)\""
        case .label(let position): "item \(position): not the label of a field"
        case .order(let position): "item \(position): labels out of order"
        case .form(let position): "item \(position): not shown as text"
        }
    }
}
