// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import LedgerService
import TransparencyLog

extension Workplace {
    /// The witnesses of the trust list, as the log has its checkpoints cosigned; nil where it names none with an address.
    ///
    /// INDELIBLE_COSIGNING says what is done where the quorum is not met: `required`, the default, or `best-effort`.
    func cosigning() throws -> CheckpointPublisher.Cosigning? {
        let policy = try trust(nil).policy
        guard policy.witnesses.contains(where: { $0.url != nil }) else { return nil }
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["INDELIBLE_COSIGNING"] ?? ""
        guard let mode = wanted.isEmpty ? .required : CheckpointPublisher.Mode(rawValue: wanted) else {
            throw Failure(
                .usage, "INDELIBLE_COSIGNING is \(Shown.bytes(wanted.utf8))",
                hint: "required: nothing is published without the quorum; best-effort: it is, and you are told")
        }
        let witnesses = witnesses
        let client = witnesses.client(for: policy) {
            WitnessClient(policy: policy, transport: .network(environment))
        }
        return CheckpointPublisher.Cosigning(
            under: policy, by: client, mode: mode, report: { witnesses.tell($0, under: policy, mode) })
    }
}

extension HTTPTransport {
    /// The network, with a connection for each request: a command makes a few.
    static func network(_ environment: [String: String]) -> HTTPTransport {
        HTTPTransport { request in
            try await HTTPClientTransport.with(environment: environment) { try await $0.send(request) }
        }
    }
}
