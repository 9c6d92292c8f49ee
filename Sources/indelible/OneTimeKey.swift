// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension NoteSigner {
    /// A fresh key that is kept nowhere and signs one filing. All have one name, so that nothing links two.
    static func oneTime() throws -> NoteSigner {
        guard let name = KeyName("one-time") else { preconditionFailure("a word is no name") }
        return NoteSigner(name: name, privateKey: try .fresh())
    }
}

extension Workplace {
    /// Whether a registration is signed with a key of its own: where it is asked for, and by default where the log
    /// admits anyone and no key is named.
    func registersOnce(asked: Bool, key: String?) async throws -> Bool {
        guard asked || key == nil else { return false }
        let admission = try await admission()
        guard !asked || admission != .members else {
            throw Failure(
                .usage, "this log admits registrations by its members alone: a one-time key is none",
                hint: "leave --one-time-key out; its charter says who may register")
        }
        return asked || admission == .anyone
    }

    /// Who may register, by the charter in force; nil where the log cannot be read here.
    private func admission() async throws -> Charter.Admission? {
        do {
            let (reader, index) = try await openForReading(try trust(nil).policy)
            guard let place = try index.entries(under: .charter).last else { return nil }
            let entry = try Entry(parsing: try await reader.entry(at: place).bytes)
            guard case .charter(let charter) = entry.filing.action else {
                throw LookupIndex.Damaged(reason: "entry \(place) is no charter")
            }
            return charter.admission
        } catch is DirectoryStore.OpenError {
            return nil
        } catch LedgerReadError.noCheckpoint {
            return nil
        }
    }
}
