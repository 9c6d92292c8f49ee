// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The label of an item of an exhibit or of the details of a custody entry.
///
///     field/<name>         file/<k>/name         file/<k>         file/<k>#<n>
///
/// Labels sort in the order that items have in an exhibit: fields by name, then for each file its name, its bytes and
/// its slices. A field's name is 1 byte or more without a refused code point (formats section 0), a label at most
/// 4,096 bytes; numbers are below 2^53. (Formats section 4.)
public enum ItemLabel: Sendable, Hashable {
    /// A text that the registrant gave a name.
    case field(WireText)
    /// The path of file `k`.
    case fileName(Int)
    /// The bytes of file `k`.
    case file(Int)
    /// Slice `number` of the text of a file.
    case slice(file: Int, number: Int)

    /// The longest label, in bytes.
    public static let maximumByteCount = 4096

    /// Reads a label; nil for every other label.
    public init?(_ utf8: some Collection<UInt8>) {
        let label = Array(utf8)
        guard label.count <= Self.maximumByteCount else { return nil }
        if label.starts(with: Self.fieldPrefix) {
            guard let name = WireText(label.dropFirst(Self.fieldPrefix.count), limit: Self.maximumByteCount) else {
                return nil
            }
            self = .field(name)
        } else if label.starts(with: Self.filePrefix) {
            let rest = label.dropFirst(Self.filePrefix.count)
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let file = Self.number(digits) else { return nil }
            let suffix = rest[digits.endIndex...]
            if suffix.isEmpty {
                self = .file(file)
            } else if suffix.elementsEqual(Self.nameSuffix) {
                self = .fileName(file)
            } else if suffix.first == UInt8(ascii: "#"), let number = Self.number(suffix.dropFirst()) {
                self = .slice(file: file, number: number)
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    /// The label of the field `name`; nil if that cannot be a field's name.
    public init?(field name: some Collection<UInt8>) {
        self.init(Self.fieldPrefix + Array(name))
    }

    /// The label's bytes.
    public var utf8: [UInt8] {
        switch self {
        case .field(let name): Self.fieldPrefix + name.utf8
        case .fileName(let file): Self.filePrefix + String(file).utf8 + Self.nameSuffix
        case .file(let file): Self.filePrefix + String(file).utf8
        case .slice(let file, let number): Array("file/\(file)#\(number)".utf8)
        }
    }

    /// The number of the file that the label is about; nil for a field.
    public var fileNumber: Int? {
        switch self {
        case .field: nil
        case .fileName(let file), .file(let file), .slice(let file, _): file
        }
    }

    /// The place among the items of one file: name 0, bytes 1, slice n 2 + n.
    var rank: Int {
        switch self {
        case .field, .fileName: 0
        case .file: 1
        case .slice(_, let number): 2 + number
        }
    }

    /// Adds the label of a slice to what is hashed, without a value on the heap for each of millions.
    static func updateWithSlice(_ hasher: inout SHA256, file: Int, number: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { buffer in
            var start = buffer.count
            func prepend(_ byte: UInt8) {
                start -= 1
                buffer[start] = byte
            }
            func prepend(_ number: Int) {
                var rest = number
                repeat {
                    prepend(UInt8(ascii: "0") + UInt8(rest % 10))
                    rest /= 10
                } while rest > 0
            }
            prepend(number)
            prepend(UInt8(ascii: "#"))
            prepend(file)
            for byte in filePrefix.reversed() { prepend(byte) }
            hasher.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start...]))
        }
    }

    private static let fieldPrefix = Array("field/".utf8)
    private static let filePrefix = Array("file/".utf8)
    private static let nameSuffix = Array("/name".utf8)

    private static func number(_ digits: some Collection<UInt8>) -> Int? {
        Decimal.parse(digits, below: LineReader.numberLimit).map(Int.init)
    }
}

extension ItemLabel: Comparable {
    public static func < (left: ItemLabel, right: ItemLabel) -> Bool {
        switch (left, right) {
        case (.field(let left), .field(let right)): left < right
        default: (left.fileNumber ?? -1, left.rank) < (right.fileNumber ?? -1, right.rank)
        }
    }
}

extension ItemLabel: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}
