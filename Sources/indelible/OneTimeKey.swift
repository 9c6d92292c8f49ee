// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
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
            if case .address(let address) = source { return try await admission(at: address) }
            let (reader, index) = try await openForReading(try trust(nil).policy)
            guard let place = try index.entries(under: .charter).last else { return nil }
            return try await reader.admission(byCharterAt: place)
        } catch is HTTPLedgerSource.ReadError {
            return nil
        } catch is DirectoryStore.OpenError {
            return nil
        } catch LedgerReadError.noCheckpoint {
            return nil
        }
    }

    /// The same of a log at an address. Which charter is in force is what its server says: a wrong word makes a filing that
    /// the log refuses, and nothing else.
    private func admission(at address: String) async throws -> Charter.Admission? {
        let policy = try trust(nil).policy
        return try await HTTPClientTransport.with(environment: ProcessInfo.processInfo.environment) { transport in
            do {
                guard let place = try await RemoteLog(address, over: transport).charters()?.last else { return nil }
                let files = HTTPLedgerSource(address, over: transport)
                return try await LedgerReader(files, under: policy).admission(byCharterAt: place)
            } catch is RemoteLog.Unreachable {
                return nil
            }
        }
    }
}

extension LedgerReader {
    fileprivate func admission(byCharterAt place: LeafIndex) async throws -> Charter.Admission {
        let entry = try Entry(parsing: try await entry(at: place).bytes)
        guard case .charter(let charter) = entry.filing.action else {
            throw LookupIndex.Damaged(reason: "entry \(place) is no charter")
        }
        return charter.admission
    }
}
