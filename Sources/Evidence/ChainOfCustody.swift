// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What the custody entries of one registration say, in the order of the log.
///
///     registration 41 <- custody 57 (received), custody 58 (handed-over), custody 90 (seized)
///
/// Each is the words of its signers. Nothing here says where a document is, nor that the entries are all there are:
/// whoever puts the chain together says how far they looked. Inclusions and signatures are verified before.
public struct ChainOfCustody: Sendable, Hashable {
    /// One custody entry.
    public struct Link: Sendable, Hashable {
        /// Its place in the log.
        public let index: LeafIndex
        /// The entry.
        public let entry: Entry
        /// What it says.
        public let custody: Custody
        /// What is shown of its details; nil where nothing is, or it names none.
        public fileprivate(set) var details: DetailsOpening?
    }

    /// The log has one entry at a place in one proof and another in the next: it showed two histories.
    public struct TwoHistories: Error, Sendable, Hashable {
        /// The place.
        public let index: LeafIndex
    }

    /// The registration that they are about.
    public let registration: EntryReference
    /// The entries, the earliest first.
    public private(set) var links: [Link] = []

    /// A chain without entries.
    public init(of registration: EntryReference) {
        self.registration = registration
    }

    /// Puts an entry in its place, once. Gives false, and leaves it out, if it is no custody entry of this registration.
    @discardableResult
    public mutating func add(_ entry: Entry, at index: LeafIndex) throws(TwoHistories) -> Bool {
        guard case .custody(let custody) = entry.filing.action, custody.entry == registration else { return false }
        let place = links.firstIndex { $0.index >= index } ?? links.count
        if place < links.count, links[place].index == index {
            guard links[place].entry.leafHash == entry.leafHash else { throw TwoHistories(index: index) }
        } else {
            links.insert(Link(index: index, entry: entry, custody: custody), at: place)
        }
        return true
    }

    /// Shows details of the entry at `index`. Gives false, and shows nothing, if they are not those that it names.
    public mutating func show(_ details: DetailsOpening, at index: LeafIndex) -> Bool {
        guard let place = links.firstIndex(where: { $0.index == index }),
            links[place].custody.details == details.digest
        else { return false }
        links[place].details = details
        return true
    }
}

extension ChainOfCustody.TwoHistories: CustomStringConvertible {
    public var description: String {
        "what was given has two different entries \(index) of one log, each under a checkpoint that the log signed"
    }
}
