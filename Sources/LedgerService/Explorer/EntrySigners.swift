// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Who signed an entry, and what the log has on their keys: enrolments, and revocations by whom for what reason.
struct EntrySigners: Sendable {
    private struct Signer: Sendable {
        let key: VerifierKey
        let member: Member?
        let isSteward: Bool
        let revocations: [Registry.RecordedRevocation]
    }

    /// Whether every signature verifies.
    let isVerified: Bool
    private let signers: [Signer]

    init(_ item: LogView.Item, _ view: LogView) async throws {
        isVerified = Self.isVerified(item.entry)
        signers = Self.signers(of: item.entry, under: try await Self.charter(at: item.index, view), view)
    }

    private static func signers(of entry: Entry, under charter: Charter?, _ view: LogView) -> [Signer] {
        let stewards = Set((charter?.stewards ?? []).compactMap(\.publicKey))
        var signers: [Signer] = []
        for key in entry.filing.signers {
            let isSteward = key.publicKey.map { stewards.contains($0) } ?? false
            signers.append(
                Signer(
                    key: key, member: view.member(key), isSteward: isSteward, revocations: view.revocations(of: key)))
        }
        return signers
    }

    /// The charter that was in force with this entry.
    private static func charter(at index: LeafIndex, _ view: LogView) async throws -> Charter? {
        guard let place = try view.places(under: .charter).last(where: { $0 <= index }) else { return nil }
        let item = try await view.item(place)
        return if case .charter(let charter) = item.entry.filing.action { charter } else { nil }
    }

    private static func isVerified(_ entry: Entry) -> Bool {
        do throws(FilingError) {
            _ = try entry.verified()
            return true
        } catch {
            return false
        }
    }

    func content(_ words: PageWords) -> HTML {
        words.section("signers", words("Its signers", "签署者")) {
            Tag.ul(.class("signers")) {
                HTML(
                    signers.map { signer in
                        Tag.li {
                            Tag.p { words.key(signer.key) }
                            Tag.ul {
                                Tag.li { standing(signer, words) }
                                HTML(signer.revocations.map { KeyRevocation($0).html(words) })
                            }
                        }
                    })
            }
        }
    }

    private func standing(_ signer: Signer, _ words: PageWords) -> HTML {
        switch (signer.member, signer.isSteward) {
        case (let member?, true):
            words(
                "a steward under the charter then; enrolled as a member in \(entry: member.enrolledAt)",
                "当时章程所列管理人;由\(entry: member.enrolledAt)接纳为成员")
        case (let member?, false):
            words("a member, enrolled in \(entry: member.enrolledAt)", "成员,由\(entry: member.enrolledAt)接纳")
        case (nil, true): words("a steward under the charter then", "当时章程所列管理人" as Phrase)
        case (nil, false): words("not enrolled in this log", "未被本登记册接纳" as Phrase)
        }
    }
}

/// A revocation of a key, in its signers' words.
struct KeyRevocation {
    private let recorded: Registry.RecordedRevocation

    init(_ recorded: Registry.RecordedRevocation) {
        self.recorded = recorded
    }

    func html(_ words: PageWords) -> HTML {
        let revocation = recorded.revocation
        let by: Phrase = .joined(recorded.signers.map { "\(key: $0)" }, separator: words(", ", "、"))
        return Tag.li(.class("warning")) {
            words(
                "\(entry: recorded.index), signed with \(by), says that it is revoked: \(revocation.reason.word)",
                "\(entry: recorded.index)(签署密钥:\(by))称其已撤销:\(EntryWords.reason(revocation.reason, words.language))")
            if let since = revocation.since {
                words(", by its account since ", ",自称始于 ")
                words.time(since.seconds)
            }
        }
    }
}
