// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What a filing asks the log to enter: one of seven actions, with its fields.
///
///     register mzAseQqnKkhbGGq6o+4x0d+Dsa1jVGWOISCNEB+VxMk=
///     sha256 0000000000000000000000000000000000000000000000000000000000000000
///
/// The first line is the action with its value, if it has one; the fields follow in the order of formats section 1.
/// Who must have signed for each is judged by `Registry`.
public indirect enum Action: Sendable, Hashable {
    /// Sets the rules of the log.
    case charter(Charter)
    /// Makes a key a member.
    case enrol(Enrolment)
    /// Names one more key that may revoke the signer's.
    case addRevoker(RevokerAddition)
    /// Ends a key.
    case revoke(Revocation)
    /// Registers a dossier.
    case register(Registration)
    /// Says what happened to something registered.
    case custody(Custody)
    /// Ends the log.
    case close(Closing)

    /// The word on the action's line.
    public var word: String {
        switch self {
        case .charter: "charter"
        case .enrol: "enrol"
        case .addRevoker: "add-revoker"
        case .revoke: "revoke"
        case .register: "register"
        case .custody: "custody"
        case .close: "close"
        }
    }

    /// The earlier entries that the action refers to with index and leaf hash, in the order of its lines.
    ///
    /// What a charter amends is not among them: that is the charter in force, which a `Registry` has.
    public var references: [EntryReference] {
        switch self {
        case .register(let registration): registration.relations.map(\.entry)
        case .custody(let custody): [custody.entry]
        case .charter, .enrol, .addRevoker, .revoke, .close: []
        }
    }
}

extension Action {
    /// Reads the action's line and its fields.
    init(reading reader: inout LineReader) throws(FormatError) {
        guard let content = reader.wholeLine() else { throw reader.error("want an action") }
        let space = content.firstIndex(of: 0x20)
        let word = content[..<(space ?? content.endIndex)]
        let value = space.map { content[($0 + 1)...] }
        func given() throws(FormatError) -> ArraySlice<UInt8> {
            guard let value, !value.isEmpty else { throw reader.error("the action wants a value", back: 1) }
            return value
        }
        func bare() throws(FormatError) {
            guard value == nil else { throw reader.error("the action has no value, and no space behind it", back: 1) }
        }
        if word.elementsEqual("charter".utf8) {
            try bare()
            self = .charter(try Charter(reading: &reader))
        } else if word.elementsEqual("enrol".utf8) {
            self = .enrol(try Enrolment(given(), reading: &reader))
        } else if word.elementsEqual("add-revoker".utf8) {
            self = .addRevoker(RevokerAddition(revoker: try reader.hash(given())))
        } else if word.elementsEqual("revoke".utf8) {
            self = .revoke(try Revocation(given(), reading: &reader))
        } else if word.elementsEqual("register".utf8) {
            self = .register(try Registration(given(), reading: &reader))
        } else if word.elementsEqual("custody".utf8) {
            self = .custody(try Custody(given(), reading: &reader))
        } else if word.elementsEqual("close".utf8) {
            try bare()
            self = .close(Closing(note: try reader.text("note")))
        } else {
            throw reader.error("unknown action", back: 1)
        }
    }

    /// Writes the action's line and its fields.
    func write(to writer: inout LineWriter) {
        switch self {
        case .charter(let charter):
            writer.line(word)
            charter.write(to: &writer)
        case .enrol(let enrolment):
            writer.line(word, enrolment.key.utf8)
            for revoker in enrolment.revokers { writer.line("revoker", revoker.base64.utf8) }
        case .addRevoker(let addition):
            writer.line(word, addition.revoker.base64.utf8)
        case .revoke(let revocation):
            writer.line(word, revocation.key.utf8)
            writer.line("reason", revocation.reason.word.utf8)
            if let since = revocation.since { writer.line("since", since.description.utf8) }
        case .register(let registration):
            writer.line(word, registration.dossier.base64.utf8)
            for hash in registration.published { writer.line("sha256", hash.hex.utf8) }
            for relation in registration.relations { writer.line("relation", relation.utf8) }
        case .custody(let custody):
            writer.line(word, custody.entry.utf8)
            writer.line("event", custody.event.word.utf8)
            if let details = custody.details { writer.line("details", details.base64.utf8) }
        case .close(let closing):
            writer.line(word)
            if let note = closing.note { writer.line("note", note.utf8) }
        }
    }
}
