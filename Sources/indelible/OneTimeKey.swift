// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension NoteSigner {
    /// A fresh key that is kept nowhere and signs one filing. All have one name, so that nothing links two.
    static func oneTime() throws -> NoteSigner {
        let seed = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        guard let name = KeyName("one-time"), let key = Ed25519.PrivateKey(seed: seed) else {
            throw Failure(.cannotTell, "no key could be made on this machine")
        }
        return NoteSigner(name: name, privateKey: key)
    }
}

extension Workplace {
    /// Whether a registration is signed with a key of its own: where it is asked for, and by default where the log
    /// admits anyone and no key is named.
    func registersOnce(asked: Bool, key: String?) async throws -> Bool {
        let admission = try await admission(isWanted: asked)
        if asked {
            guard admission != .members else {
                throw Failure(
                    .usage, "this log admits registrations by its members alone: a one-time key is none",
                    hint: "leave --one-time-key out; its charter says who may register")
            }
            return true
        }
        return admission == .anyone && key == nil
    }

    /// Who may register, by the charter in force; nil where the log cannot be read here.
    ///
    /// Where the first charter admits members alone, later ones are looked for only if it `isWanted` or costs nothing.
    private func admission(isWanted: Bool) async throws -> Charter.Admission? {
        let policy = try trust(nil).policy
        do {
            let first = try await LedgerReader(DirectoryStore.reading(ledger), under: policy)
            guard first.head.size > 0, case var inForce = try Entry(parsing: try await first.entry(at: 0).bytes),
                case .charter(let charter) = inForce.filing.action
            else { return nil }
            let isHere = try KeyName(ownLog().origin.utf8).map { home.contains($0) } ?? false
            if charter.admission == .members, !isWanted, !isHere { return .members }
            let (reader, index) = try await openForReading(policy)
            // A later charter is signed by stewards of the one before it.
            var last = LeafIndex(0)
            while case .charter(let charter) = inForce.filing.action {
                let places = try charter.stewards.compactMap(\.publicKey).flatMap { try index.entries(under: .key($0)) }
                var next: Entry?
                for place in Set(places).sorted() where place > last && next == nil {
                    let entry = try Entry(parsing: try await reader.entry(at: place).bytes)
                    if case .charter = entry.filing.action { (next, last) = (entry, place) }
                }
                guard let next else { return charter.admission }
                inForce = next
            }
            return nil
        } catch is DirectoryStore.OpenError {
            return nil
        } catch LedgerReadError.noCheckpoint {
            return nil
        }
    }
}
