// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// A registration whole: sealed, attested by those whose keys are at hand, and signed, as `register` does it.
extension PreparedRegistration {
    struct Vouching {
        let signer: NoteSigner
        let role: Role
        let name: WireText?
    }

    struct Request {
        var documents: [ReadDocument]
        var fields: [SealedField] = []
        var cutsTexts = true
        var vouchings: [Vouching] = []
        var publishesHashes = false
        var relations: [Registration.Relation] = []
        var carriesDocuments = false

        init(documents: [ReadDocument]) {
            self.documents = documents
        }
    }

    init(
        _ request: Request, log: Origin, registrant: NoteSigner, using random: inout some RandomNumberGenerator
    ) throws {
        var sealed = RegistrationDraft.Request(documents: request.documents)
        sealed.fields = request.fields
        sealed.cutsTexts = request.cutsTexts
        sealed.carriesDocuments = request.carriesDocuments
        let draft = try RegistrationDraft(sealed, using: &random)
        let attestations = try request.vouchings.map {
            try draft.attestation(by: $0.signer, as: $0.role, name: $0.name, log: log)
        }
        self = try draft.registration(
            attested: attestations, by: registrant, log: log, publishesHashes: request.publishesHashes,
            relations: request.relations, using: &random)
    }
}
