// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why a log does not enter a filing: one case for each rule of formats section 1.
public enum RegistryError: Error, Sendable, Hashable {
    /// The log was closed by this entry.
    case closed(LeafIndex)
    /// The filing is for another log.
    case otherLog(Origin)
    /// The entry's time is before that of the entry ahead of it.
    case timeRunsBackwards(last: EntryTime)
    /// The same filing text is in the log as this entry.
    case duplicate(LeafIndex)
    /// `after` names a tree larger than the log.
    case quoteOfLaterTree(TreeSize)
    /// A key that the log knows under this vkey stands under another name.
    case keyUnderAnotherName(VerifierKey)
    /// A signer's key is revoked.
    case revokedSigner(VerifierKey)

    /// Entry 0 must be a charter that amends nothing.
    case notAFirstCharter
    /// A charter after entry 0 must name what it amends.
    case charterWithoutAmends
    /// A charter amends an entry that is not the charter in force, which is this one.
    case charterAmendsAnother(inForce: EntryReference)
    /// `continues` stands in a later charter.
    case continuesAfterFirstEntry
    /// Too few of the stewards that a charter names have signed it.
    case charterLacksItsStewards(signed: Int, threshold: Int)
    /// Too few of the stewards in force have signed a charter.
    case charterLacksStewardsInForce(signed: Int, threshold: Int)

    /// The key to be enrolled is not among the signers.
    case newKeyHasNotSigned
    /// The key to be enrolled is a member's or a steward's.
    case keyIsKnown(VerifierKey)
    /// A known key bears the name of the key to be enrolled.
    case nameIsTaken(VerifierKey)
    /// Neither stewards nor sponsors enough have signed an enrolment.
    case enrolmentLacksSignatures(stewards: Int, threshold: Int, members: Int, sponsors: Int)

    /// `add-revoker` has more than one signer.
    case revokerAddedByMany
    /// `add-revoker` is signed by a key that is no member.
    case revokerAddedByNonMember(VerifierKey)
    /// The member has 8 revokers.
    case tooManyRevokers

    /// None of the key itself, its revokers and a steward quorum has signed a revocation.
    case revocationLacksAuthority(stewards: Int, threshold: Int)
    /// A signer of a revocation has signed an earlier one of the same key.
    case revokedBefore(by: VerifierKey, at: LeafIndex)
    /// `since` is later than the entry.
    case sinceIsLater(EntryTime)

    /// No member is among the signers.
    case noMemberSigned
    /// There is no earlier entry with this index and leaf hash.
    case noSuchEntry(EntryReference)
    /// `custody` names an entry that registers nothing.
    case custodyOfNoRegistration(LeafIndex)
    /// A hand-over has one signer.
    case handOverByOne

    /// Too few stewards have signed the closing.
    case closingLacksSignatures(stewards: Int, threshold: Int)
}

extension RegistryError: CustomStringConvertible {
    /// One sentence in lower case without a full stop. Names in it are those of keys, and hold nothing that a terminal
    /// would obey.
    public var description: String {
        switch self {
        case .closed(let index): "the log was closed by entry \(index): nothing is entered after it"
        case .otherLog(let origin): "the filing is for another log, \"\(origin)\""
        case .timeRunsBackwards(let last): "time runs backwards: the entry before is of \(last)"
        case .duplicate(let index): "the filing is in the log already, as entry \(index)"
        case .quoteOfLaterTree(let size): "after names a tree of size \(size), which did not exist yet"
        case .keyUnderAnotherName(let key): "the log knows a key of this filing under another name, as \"\(key.name)\""
        case .revokedSigner(let key):
            "the key of \"\(key.name)\" is revoked and signs nothing more: enrol a new key under a new name"
        case .notAFirstCharter: "entry 0, and only entry 0, is a charter that amends nothing"
        case .charterWithoutAmends: "a later charter names the charter in force by an amends line"
        case .charterAmendsAnother(let inForce):
            "the charter amends another than the one in force, which is entry \(inForce.index)"
        case .continuesAfterFirstEntry: "continues stands in entry 0 only"
        case .charterLacksItsStewards(let signed, let threshold):
            "the charter is signed by \(signed) of the stewards that it names, and \(threshold) must sign"
        case .charterLacksStewardsInForce(let signed, let threshold):
            "the charter is signed by \(signed) of the stewards in force, and \(threshold) must sign"
        case .newKeyHasNotSigned:
            "the key to be enrolled has not signed: its holder signs too, under the name to be enrolled"
        case .keyIsKnown(let key): "the key is known already, as \"\(key.name)\": a key is enrolled once"
        case .nameIsTaken(let key): "the name \"\(key.name)\" is taken: choose another"
        case .enrolmentLacksSignatures(let stewards, let threshold, let members, let sponsors):
            sponsors == 0
                ? "the enrolment is signed by \(stewards) stewards, and \(threshold) must sign"
                : "the enrolment is signed by \(stewards) of \(threshold) stewards and by \(members) of \(sponsors)"
                    + " members, one of which is needed in full"
        case .revokerAddedByMany: "add-revoker is signed by the member alone"
        case .revokerAddedByNonMember(let key): "add-revoker is signed by a member, and \"\(key.name)\" is none"
        case .tooManyRevokers: "the member has 8 revokers, and no more can be added"
        case .revocationLacksAuthority(let stewards, let threshold):
            "the revocation lacks authority: the key itself, one of its revokers, or \(threshold) stewards sign it"
                + " (\(stewards) did)"
        case .revokedBefore(let key, let index):
            "\"\(key.name)\" has revoked this key before, in entry \(index): another revocation is for others to sign"
        case .sinceIsLater(let time): "since is later than the entry, which is of \(time)"
        case .noMemberSigned: "no signer is a member: enrol first, or have a member sign too"
        case .noSuchEntry(let entry): "there is no earlier entry \(entry.index) with the leaf hash that is named"
        case .custodyOfNoRegistration(let index): "entry \(index) registers nothing that could be in custody"
        case .handOverByOne: "a hand-over is signed by two at least: who gives and who takes"
        case .closingLacksSignatures(let stewards, let threshold):
            "the closing is signed by \(stewards) stewards, and \(threshold) must sign"
        }
    }
}
