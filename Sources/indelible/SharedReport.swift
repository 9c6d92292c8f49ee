// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What a proof that was made for others shows, what it hides, and what even the hidden gives away.
struct SharedReport {
    let proof: VerifiedProof
    /// The tree under whose checkpoint it was renewed; nil where it was not.
    let size: TreeSize?
    /// What was chosen to be shown; nil where the proof shows what the one before did.
    let parts: SharedParts?
    let byteCount: Int

    func lines(_ target: FilePath, _ language: Language) -> [String] {
        let name = Shown.path(target)
        var lines: [String] = []
        switch (language, size) {
        case (.english, let size?):
            lines.append("\(name): entry \(proof.index), renewed under the checkpoint of \(size) entries")
        case (.chinese, let size?): lines.append("\(name):第 \(proof.index) 号,已按 \(size) 条的检查点更新")
        case (.english, nil):
            lines.append("\(name): entry \(proof.index), as of its registration: no ledger is here to renew it from")
        case (.chinese, nil): lines.append("\(name):第 \(proof.index) 号,未更新:此处没有登记册")
        }
        for line in LaterEntries(in: proof).lines(language) {
            lines.append((language == .english ? "  later     " : "  后续    ") + line)
        }
        guard let parts else {
            if case .custody(let custody) = proof.filing.filing.action, custody.details != nil {
                return lines + shown(language)
            }
            if proof.exhibit != nil {
                lines.append(
                    language == .english
                        ? "  It shows what the proof before it showed, the hash of the document among it: it goes only to those who may have the document."
                        : "  所示内容同前,其中有材料的散列值:只交给可以持有该材料的人。")
            }
            return lines
        }
        return lines + shown(language) + struck(parts, language)
    }

    func json(_ target: FilePath) -> JSON {
        var members = [
            JSON.Member("proof", .text(Shown.path(target))), JSON.Member("entry", .number(proof.index.value)),
            JSON.Member("tree_size", size.map { .number($0.value) } ?? .null),
            JSON.Member("inclusions", .number(UInt64(proof.proof.inclusions.count))),
            JSON.Member("bytes", .number(UInt64(byteCount))),
        ]
        if let parts {
            members.append(
                JSON.Member(
                    "hidden_places",
                    .array(
                        parts.places.map { place in
                            .object([
                                JSON.Member("document", .number(UInt64(place.file + 1))),
                                JSON.Member("line", .number(UInt64(place.line))),
                                JSON.Member("words", .number(UInt64(place.slices))),
                            ])
                        })))
        }
        return .object(members)
    }

    private func shown(_ language: Language) -> [String] {
        var shown: [String] = []
        let english = language == .english
        var texts: Set<Int> = []
        var hashes = 0
        for part in proof.exhibit?.parts ?? [] {
            switch part.content {
            case .field(let field):
                shown.append((english ? "the field " : "附注 ") + "\"\(Shown.bytes(field.name.utf8))\"")
            case .path(_, let path): shown.append((english ? "the name " : "文件名 ") + "\"\(Shown.bytes(path.utf8))\"")
            case .file: hashes += 1
            case .slices(let run): texts.insert(run.file)
            case .withheld: break
            }
        }
        if !texts.isEmpty { shown.append(english ? EntryWords.count(texts.count, "text") : "\(texts.count) 份文字") }
        if hashes > 0 {
            shown.append(english ? EntryWords.count(hashes, "document") + " by hash" : "\(hashes) 个文件的散列值")
        }
        for vouching in proof.attestations {
            let role = EntryWords.role(vouching.attestation.role, language)
            let name = Shown.bytes(vouching.attestation.text.name?.utf8 ?? vouching.attestation.signer.name.utf8)
            shown.append(english ? "who vouched as \(role), \"\(name)\"" : "\(role)“\(name)”的具名声明")
        }
        if proof.dossier?.showsEverySlot == true { shown.append(english ? "that nobody else vouched" : "此外无人具名") }
        for part in proof.details?.parts ?? [] {
            guard case .field(let field) = part.content else { continue }
            shown.append((english ? "the detail " : "细节 ") + "\"\(Shown.bytes(field.name.utf8))\"")
        }
        let list =
            shown.isEmpty
            ? (english ? "nothing but the entry" : "仅条目本身") : shown.joined(separator: english ? ", " : "、")
        return [(english ? "  shows     " : "  显示    ") + list]
    }

    private func struck(_ parts: SharedParts, _ language: Language) -> [String] {
        guard !parts.places.isEmpty else { return [] }
        let english = language == .english
        let isOne = Set(parts.places.map(\.file)).count == 1
        let words = parts.places.reduce(0) { $0 + $1.slices }
        var lines = [
            english
                ? "  hides     \(EntryWords.count(parts.places.count, "place")), \(EntryWords.count(words, "word or ideograph", "words or ideographs"))"
                : "  遮去    \(parts.places.count) 处,共 \(words) 个词或字"
        ]
        for place in parts.places {
            let document = isOne ? "" : (english ? "document \(place.file + 1), " : "第 \(place.file + 1) 个文件,")
            lines.append(
                english
                    ? "            \(document)line \(place.line): \(place.slices)"
                    : "          \(document)第 \(place.line) 行:\(place.slices)")
        }
        lines +=
            english
            ? [
                "  gives away  where something is hidden, and how many words or ideographs; what stands around it may say more",
                "              who has an earlier proof of this entry, or the document, can put the two together: look at what you handed out before",
            ]
            : [
                "  仍会透露  何处有遮盖及其字词数;上下文可能透露更多",
                "            持有本条先前凭证或原件者可两相对照:请核对此前交出过什么",
            ]
        return lines
    }
}
