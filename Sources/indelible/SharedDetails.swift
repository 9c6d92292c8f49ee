// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What `share` shows of the details of a custody entry: the fields that are asked for, each by its name.
extension SharedPartsOptions {
    /// The opening for a proof. Throws where something is asked for that only documents have.
    func opening(of sealed: OpenDetails) throws -> Opening? {
        guard !showsText, !showName, showAttestation.isEmpty, file.isEmpty else {
            throw Failure(
                .usage, "this is what was sealed of a custody entry: it has no documents, only fields",
                hint: "show them with --show-field NAME; `indelible show` lists them")
        }
        var names: Set<WireText> = []
        for name in showField {
            guard let field = sealed.details.fields.first(where: { $0.name.utf8 == Array(name.utf8) }) else {
                throw Failure(
                    .usage, "there is no field \"\(Shown.bytes(name.utf8))\"", hint: "`indelible show` lists them")
            }
            names.insert(field.name)
        }
        return sealed.opening(showing: names)
    }
}
