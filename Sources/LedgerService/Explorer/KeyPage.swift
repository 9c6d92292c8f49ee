// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// One key and its history: enrolled where and by whom, revoked by whom for what reason, and what it signed.
///
///     /log/key?k=7f3a91c2...      the 32 bytes in hexadecimal
///     /log/key?k=name%2B...       a vkey
struct KeyPage: Page {
    /// The most entries that are shown.
    static let maximum = 100

    private let key: VerifierKey
    /// The names that the key bears in the log, besides.
    private let otherNames: [VerifierKey]
    private let member: Member?
    private let enrolment: LogView.Item?
    private let isSteward: Bool
    private let isLogKey: Bool
    private let revocations: [Registry.RecordedRevocation]
    private let items: [LogView.Item]
    private let omitted: Int
    private let size: TreeSize

    init(_ view: LogView, _ query: PageQuery) async throws {
        guard let asked = query["k"] else { throw PageMissing.notUnderstood }
        guard let publicKey = FindQuery.publicKey(asked) else { throw PageMissing.notUnderstood }
        let places = try view.places(under: .key(publicKey))
        let items = try await view.items(places.suffix(Self.maximum).reversed())
        var keys: [VerifierKey] = view.registry.knownKey(publicKey).map { [$0] } ?? []
        for key in items.flatMap({ Self.keys(in: $0.entry) }) where key.publicKey == publicKey && !keys.contains(key) {
            keys.append(key)
        }
        guard let key = keys.first else { throw PageMissing.noKey }
        self.key = key
        otherNames = Array(keys.dropFirst())
        member = view.member(key)
        if let member {
            enrolment = try await view.item(member.enrolledAt)
        } else {
            enrolment = nil
        }
        isSteward = view.stewards.contains { $0.publicKey == publicKey }
        isLogKey = view.logKeys.contains { $0.publicKey == publicKey }
        revocations = view.revocations(of: key)
        self.items = items
        omitted = places.count - items.count
        size = view.head.size
    }

    /// The keys that an entry names in full.
    static func keys(in entry: Entry) -> [VerifierKey] {
        let signers = entry.filing.signers
        return switch entry.filing.action {
        case .enrol(let enrolment): signers + [enrolment.key]
        case .revoke(let revocation): signers + [revocation.key]
        case .charter(let charter): signers + charter.stewards + charter.logKeys
        case .register, .custody, .addRevoker, .close: signers
        }
    }

    var section: PageSection? { .keys }

    func title(_ words: PageWords) -> String { words("Key \(key.shortID)", "密钥 \(key.shortID)") }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words("It calls itself “\(foreign: key.name.utf8)”.", "自称“\(foreign: key.name.utf8)”。")
                if !revocations.isEmpty {
                    Tag.strong(.class("warning")) {
                        words(" The log has a revocation of it.", "登记册有撤销它的条目。")
                    }
                }
            },
            words.facts(facts(words)),
            revocations.isEmpty
                ? .none
                : words.section("revocations", words("Revocations", "撤销")) {
                    Tag.ul { HTML(revocations.map { KeyRevocation($0).html(words) }) }
                    Tag.p(.class("quiet")) {
                        words(
                            "Reasons and “since” are the words of those who revoked. From the first revocation on the key signs nothing in this log; what it signed before is not voided by anybody’s claim.",
                            "理由和“始于”均为撤销者所称。自首次撤销起,此密钥不能再签署本登记册的条目;此前所签不因任何人的说法而失效。")
                    }
                },
            words.section("entries", words("Entries by it and about it", "由其签署及与其有关的条目")) {
                EntryLine.list(items.map { EntryLine(item: $0) }, words)
                if omitted > 0 {
                    Tag.p { words("and \(omitted) earlier ones", "另有较早的 \(omitted) 条") }
                }
            },
        ])
    }

    private func facts(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        let revokers = member?.revokers ?? []
        return [
            (words("standing", "地位"), standing(words)),
            (
                words("enrolled", "接纳"),
                enrolment.map { item in
                    let others = item.entry.filing.signers.filter { $0.publicKey != key.publicKey }
                    let by: Phrase = .joined(others.map { "\(key: $0)" }, separator: words(", ", "、"))
                    return [
                        words(
                            "in \(entry: item.index), signed besides with \(by)",
                            "\(entry: item.index),另由 \(by) 签署")
                    ]
                } ?? []
            ),
            (words("also calls itself", "亦自称"), otherNames.map { words.foreign($0.name.utf8) }),
            (words("revokers, by hash", "代撤销人(散列值)"), revokers.map { words.code($0.base64) }),
            (words("vkey", "vkey"), [Tag.code { words.foreign(key.utf8) }]),
            (words("key, in hexadecimal", "密钥(十六进制)"), [words.code(Hex.encode(key.keyBytes))]),
            (
                words("as a revoker it is named", "作为代撤销人的散列值"),
                [words.code(SHA256.hash(key.utf8).base64)]
            ),
        ]
    }

    private func standing(_ words: PageWords) -> [HTML] {
        var standing: [String] = []
        if isSteward { standing.append(words("steward under the charter in force", "现行章程所列管理人")) }
        if isLogKey { standing.append(words("signs the log’s checkpoints", "签署本登记册的检查点")) }
        if member != nil {
            standing.append(
                revocations.isEmpty
                    ? words("member in good standing as of entry \(size.value - 1)", "截至第 \(size.value - 1) 号为有效成员")
                    : words("member, revoked", "成员,已撤销"))
        }
        if standing.isEmpty { standing.append(words("not enrolled in this log", "未被本登记册接纳")) }
        return standing.map { HTML($0) }
    }
}
