// SPDX-License-Identifier: Apache-2.0

/// A word of one of the four lists that the formats know; a word that is not on its list is refused.
///
/// The lists may grow with a later version of the formats, which is why these are no enums. All words are ASCII.
public protocol WireWord: Sendable, Hashable, CustomStringConvertible {
    /// The word as it stands on the wire.
    var word: String { get }
    /// Every word of the list, in the order of the formats.
    static var all: [Self] { get }
}

extension WireWord {
    /// Reads a word; nil unless it is on the list, byte for byte.
    public init?(_ utf8: some Collection<UInt8>) {
        guard let known = Self.all.first(where: { $0.word.utf8.elementsEqual(utf8) }) else { return nil }
        self = known
    }

    /// Reads a word; nil unless it is on the list.
    public init?(_ word: String) {
        self.init(Array(word.utf8))
    }

    public var description: String { word }
}

/// Why a key is revoked, in the words of those who revoke it (formats section 1).
public struct RevocationReason: WireWord {
    public let word: String
    private init(known word: String) { self.word = word }

    /// The key is no longer used.
    public static let retired = RevocationReason(known: "retired")
    /// Another key takes its place.
    public static let superseded = RevocationReason(known: "superseded")
    /// Nobody has the key any more.
    public static let lost = RevocationReason(known: "lost")
    /// Somebody else has the key.
    public static let compromised = RevocationReason(known: "compromised")
    /// Its holder signs under coercion.
    public static let coerced = RevocationReason(known: "coerced")
    /// Its holder is detained.
    public static let detained = RevocationReason(known: "detained")

    public static let all: [RevocationReason] = [retired, superseded, lost, compromised, coerced, detained]
}

/// What happened to something that is registered (formats section 1).
public struct CustodyEvent: WireWord {
    public let word: String
    private init(known word: String) { self.word = word }

    /// It was collected.
    public static let collected = CustodyEvent(known: "collected")
    /// It was received.
    public static let received = CustodyEvent(known: "received")
    /// One signer handed it to another.
    public static let handedOver = CustodyEvent(known: "handed-over")
    /// A copy was made.
    public static let copied = CustodyEvent(known: "copied")
    /// It was opened.
    public static let opened = CustodyEvent(known: "opened")
    /// It was sealed.
    public static let sealed = CustodyEvent(known: "sealed")
    /// It was given back.
    public static let returned = CustodyEvent(known: "returned")
    /// It was seized.
    public static let seized = CustodyEvent(known: "seized")
    /// It was lost.
    public static let lost = CustodyEvent(known: "lost")
    /// It was destroyed.
    public static let destroyed = CustodyEvent(known: "destroyed")

    public static let all: [CustodyEvent] = [
        collected, received, handedOver, copied, opened, sealed, returned, seized, lost, destroyed,
    ]
}

/// How something registered is related to an earlier entry (formats section 1).
public struct RelationVerb: WireWord {
    public let word: String
    private init(known word: String) { self.word = word }

    /// It is a translation of it.
    public static let translates = RelationVerb(known: "translates")
    /// It takes its place.
    public static let supersedes = RelationVerb(known: "supersedes")
    /// It is a transcript of it.
    public static let transcribes = RelationVerb(known: "transcribes")
    /// It is a redacted form of it.
    public static let redacts = RelationVerb(known: "redacts")
    /// It is an excerpt of it.
    public static let excerpts = RelationVerb(known: "excerpts")
    /// It is attached to it.
    public static let attaches = RelationVerb(known: "attaches")
    /// It argues against it.
    public static let rebuts = RelationVerb(known: "rebuts")
    /// It supports it.
    public static let corroborates = RelationVerb(known: "corroborates")
    /// It corrects it.
    public static let corrects = RelationVerb(known: "corrects")
    /// It disputes it.
    public static let contests = RelationVerb(known: "contests")
    /// It replies to it.
    public static let answers = RelationVerb(known: "answers")

    public static let all: [RelationVerb] = [
        translates, supersedes, transcribes, redacts, excerpts, attaches, rebuts, corroborates, corrects, contests,
        answers,
    ]
}

/// As what somebody attests an exhibit, in their own words (formats section 4).
public struct Role: WireWord {
    public let word: String
    private init(known word: String) { self.word = word }

    /// Who wrote it.
    public static let author = Role(known: "author")
    /// Who asked.
    public static let interviewer = Role(known: "interviewer")
    /// Who was asked.
    public static let interviewee = Role(known: "interviewee")
    /// Who interpreted what was said.
    public static let interpreter = Role(known: "interpreter")
    /// Who translated it.
    public static let translator = Role(known: "translator")
    /// Who wrote down a recording.
    public static let transcriber = Role(known: "transcriber")
    /// Who kept the record or made the recording.
    public static let recorder = Role(known: "recorder")
    /// Who signs it.
    public static let signatory = Role(known: "signatory")
    /// Who saw what it tells.
    public static let eyewitness = Role(known: "eyewitness")
    /// Who acts for a party.
    public static let counsel = Role(known: "counsel")
    /// A relative.
    public static let relative = Role(known: "relative")
    /// Who speaks from special knowledge.
    public static let expert = Role(known: "expert")
    /// Who keeps it.
    public static let custodian = Role(known: "custodian")
    /// Who came upon it and has no part in it.
    public static let observer = Role(known: "observer")

    public static let all: [Role] = [
        author, interviewer, interviewee, interpreter, translator, transcriber, recorder, signatory, eyewitness,
        counsel, relative, expert, custodian, observer,
    ]
}
