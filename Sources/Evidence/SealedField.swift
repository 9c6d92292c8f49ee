// SPDX-License-Identifier: Apache-2.0

/// A text with a name, as exhibits and the details of custody entries hold it: an item `field/<name>`.
///
/// The text may hold any code point and be empty: it is escaped when shown. (Formats section 4.)
public struct SealedField: Sendable, Hashable {
    /// The name.
    public let name: WireText
    /// The text, as UTF-8.
    public let text: [UInt8]

    /// Joins a name and a text; nil unless the name can stand in a label and the text is UTF-8.
    public init?(name: some Collection<UInt8>, text: [UInt8]) {
        guard case .field(let name) = ItemLabel(field: name), text.firstInvalidUTF8 == nil else { return nil }
        self.name = name
        self.text = text
    }

    /// Joins a name and a text; nil unless the name can stand in a label.
    public init?(_ name: String, _ text: String) {
        self.init(name: Array(name.utf8), text: Array(text.utf8))
    }

    /// The field as an item of a sealed list.
    var item: SealedItem { .text(label: ItemLabel.field(name).utf8, text) }
}
