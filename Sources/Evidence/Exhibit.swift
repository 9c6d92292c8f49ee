// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What is registered: texts with names, and files, as a sealed list.
///
///     field/<name>         a text; names ascend, no duplicates
///     file/<k>/name        the path of file k = 0, 1, ...; paths ascend
///     file/<k>             its bytes
///     file/<k>#<n>         n = 0, 1, ...: slices of its text, where it is cut
///
/// It holds the text of the files that are cut, and of the others only hash and size. (Formats section 4.)
public struct Exhibit: Sendable {
    /// A file as an exhibit commits to it.
    public struct File: Sendable, Hashable {
        /// Its path.
        public let path: ExhibitPath
        /// The SHA-256 of its bytes.
        public let sha256: Hash
        /// The number of its bytes.
        public let size: UInt64
        /// Its text, where it is cut.
        public let slices: Slices?

        /// A file whose bytes are at hand; it is cut unless it is not UTF-8.
        public init(path: ExhibitPath, bytes: [UInt8]) {
            self.init(path: path, sha256: SHA256.hash(bytes), size: UInt64(bytes.count), slices: Slices(cutting: bytes))
        }

        /// A file of which the hash is known; `slices` must be of its bytes, which `Exhibit` checks.
        public init(path: ExhibitPath, sha256: Hash, size: UInt64, slices: Slices?) {
            self.path = path
            self.sha256 = sha256
            self.size = size
            self.slices = slices
        }

        /// The number of its items: name, bytes and slices.
        public var itemCount: Int { 2 + (slices?.count ?? 0) }
    }

    /// The fields, by name.
    public let fields: [SealedField]
    /// The files, by path: file k is at index k.
    public let files: [File]
    /// The number of items.
    public let count: Int
    private let starts: [Int]

    /// Puts fields and files, given in any order, in the order of the format.
    public init(fields: [SealedField], files: [File]) throws(ExhibitError) {
        let fields = fields.sorted { $0.name < $1.name }
        for (field, next) in zip(fields, fields.dropFirst()) where field.name == next.name {
            throw .duplicateField(field.name)
        }
        let files = files.sorted { $0.path < $1.path }
        for (file, next) in zip(files, files.dropFirst()) where file.path == next.path {
            throw .duplicatePath(file.path)
        }
        var starts: [Int] = []
        var count = fields.count
        for file in files {
            if let text = file.slices?.text {
                guard UInt64(text.count) == file.size, SHA256.hash(text) == file.sha256 else {
                    throw .slicesOfAnotherFile(file.path)
                }
            }
            starts.append(count)
            count += file.itemCount
        }
        guard count > 0 else { throw .nothing }
        guard count <= Opening.maximumCount else { throw .tooManyItems }
        self.fields = fields
        self.files = files
        self.starts = starts
        self.count = count
    }

    /// The positions of the fields.
    public var fieldPositions: Range<Int> { fields.indices }

    /// The position of the path of file `k`.
    public func pathPosition(ofFile k: Int) -> Int { starts[k] }

    /// The position of the bytes of file `k`: what to show to let somebody match the file by its hash.
    public func bytesPosition(ofFile k: Int) -> Int { starts[k] + 1 }

    /// The positions of the slices of file `k`; none where it is not cut.
    public func slicePositions(ofFile k: Int) -> Range<Int> { (starts[k] + 2)..<(starts[k] + files[k].itemCount) }

    /// The list of the items under a fresh random seed; its digest is the exhibit's.
    public func sealed(with seed: SealedSeed) -> SealedList<Items> {
        SealedList(.exhibit, of: Items(exhibit: self), count: count, seed: seed)
    }

    /// The opening that shows the items at `positions`, which must be below `count`, and no others.
    ///
    /// Throws where that would show a file and hide some of its slices.
    public func opening(seed: SealedSeed, showing positions: RangeSet<Int>) throws(ExhibitError) -> Opening {
        // Files and ranges both ascend, so one pass over the two is enough.
        var ranges = positions.ranges[...]
        for k in files.indices where positions.contains(bytesPosition(ofFile: k)) {
            let slices = slicePositions(ofFile: k)
            ranges = ranges.drop { $0.upperBound <= slices.lowerBound }
            guard let shown = ranges.first, shown.overlaps(slices) else { continue }
            guard shown.lowerBound <= slices.lowerBound, slices.upperBound <= shown.upperBound else {
                throw .fileBesideHiddenSlices(file: k)
            }
        }
        return sealed(with: seed).opening(showing: positions)
    }

    /// The items of an exhibit in their order, one at a time.
    public struct Items: Sequence, Sendable {
        fileprivate let exhibit: Exhibit

        public func makeIterator() -> Iterator { Iterator(exhibit: exhibit) }

        /// Steps through the fields, then through each file's items by rank.
        public struct Iterator: IteratorProtocol {
            private let exhibit: Exhibit
            private var field = 0
            private var file = 0
            private var rank = 0
            private var byte = 0

            fileprivate init(exhibit: Exhibit) {
                self.exhibit = exhibit
            }

            public mutating func next() -> SealedItem? {
                if field < exhibit.fields.count {
                    defer { field += 1 }
                    return exhibit.fields[field].item
                }
                while file < exhibit.files.count, rank == exhibit.files[file].itemCount {
                    file += 1
                    (rank, byte) = (0, 0)
                }
                guard file < exhibit.files.count else { return nil }
                defer { rank += 1 }
                switch rank {
                case 0: return .text(label: ItemLabel.fileName(file).utf8, exhibit.files[file].path.utf8)
                case 1: return .sha256(label: ItemLabel.file(file).utf8, exhibit.files[file].sha256)
                default: return slice(rank - 2)
                }
            }

            private mutating func slice(_ number: Int) -> SealedItem? {
                guard let slices = exhibit.files[file].slices else { return nil }
                let start = byte
                byte += Int(slices.lengths[number])
                return .slice(file: file, number: number, slices.text[start..<byte])
            }
        }
    }
}
