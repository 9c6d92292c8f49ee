// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An opening whose shown items are fields, as the details of a custody entry have them.
///
/// That it is an opening of *the* details is for the holder to see: its digest is the one that a `custody` entry names.
/// (Formats section 4.)
public struct DetailsOpening: Sendable, Hashable {
    /// What stands at a position.
    public enum Content: Sendable, Hashable {
        /// A field.
        case field(SealedField)
        /// A part of this many fields of which nothing is shown. Adjacent ones are never joined.
        case withheld(count: Int)
    }

    /// A stretch of the details: a field that is shown, or a hidden part in its place.
    public struct Part: Sendable, Hashable {
        /// The position of its first field.
        public let position: Int
        /// What stands there.
        public let content: Content
    }

    /// The opening.
    public let opening: Opening
    /// The digest of the whole details.
    public let digest: Hash
    /// What is shown and what is withheld, from the first field to the last.
    public let parts: [Part]

    /// The number of fields that are withheld.
    public var withheldCount: Int {
        parts.reduce(0) { if case .withheld(let count) = $1.content { $0 + count } else { $0 } }
    }

    /// Checks that what `opening` shows are fields, as text, in the order of their names.
    public init(_ opening: Opening) throws(DetailsError) {
        var parts: [Part] = []
        var last: WireText?
        for part in opening.parts {
            switch part {
            case .withheld(let position, let count):
                parts.append(Part(position: position, content: .withheld(count: count)))
            case .shown(let position, let item):
                let field = try Self.field(in: item, at: position)
                if let last, field.name <= last { throw .order(position: position) }
                last = field.name
                parts.append(Part(position: position, content: .field(field)))
            }
        }
        self.opening = opening
        self.parts = parts
        digest = opening.digest(.details)
    }

    private static func field(in item: Opening.Item, at position: Int) throws(DetailsError) -> SealedField {
        guard case .text(let label, let text) = item else { throw .form(position: position) }
        guard case .field(let name) = ItemLabel(label), let field = SealedField(name: name.utf8, text: text) else {
            throw .label(position: position)
        }
        return field
    }
}
