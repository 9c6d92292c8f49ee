// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What is wrong with a private file, or does not fit what it is of, in one line with what to do about it.
extension Failure {
    init(privateFile error: PrivateFile.ReadError) {
        switch error {
        case .form(let error):
            self.init(
                .usage, "\(error)", hint: "a private file is a .private file, kept byte for byte; use another copy")
        case .notForTheseKeys:
            self.init(
                .cannotTell, "the private file is not encrypted to any of your keys",
                hint: "`indelible key list` shows your keys; it was made with another")
        case .damaged:
            self.init(
                .usage, "the private file was changed or cut short since it was written", hint: "use another copy")
        case .carriedFileDiffers(let path):
            self.init(
                .doesNotHold, "a document in the private file is not the registered one: \(Shown.bytes(path.utf8))")
        }
    }

    init(preparation error: PreparedRegistration.PreparationError) {
        switch error {
        case .path(let document): self.init(.usage, "the name of \(Shown.path(document.path)) cannot be registered")
        case .tooManyHashes:
            self.init(
                .usage, "more than 64 hashes cannot be published in one entry",
                hint: "leave --publish-hash out, or register fewer files together")
        case .otherDocuments(let path):
            self.init(
                .doesNotHold, "\(Shown.bytes(path.utf8)) is not the document that this registration was begun with",
                hint: "move the .draft and .filing files away to begin anew")
        }
    }

    init(registration error: OpenRegistration.Mismatch) {
        switch error {
        case .noDocuments:
            self.init(
                .usage, "the private file is not of a registration: it holds no documents",
                hint: "`indelible show` tells what it holds; name the one that `indelible register` left")
        case .otherText(let path):
            self.init(
                .doesNotHold, "the text of \(Shown.bytes(path.utf8)) is not as the private file says it was cut",
                hint: "bring the document as it was registered, or use another copy of the private file")
        case .otherDossier:
            self.init(
                .doesNotHold, "what the private file holds is not what the filing registers",
                hint: "keep both: one has another copy that belongs to it; nothing was entered or written")
        }
    }

    init(details error: OpenDetails.Mismatch) {
        switch error {
        case .noDetails:
            self.init(
                .usage, "the private file holds no details of a custody entry",
                hint: "`indelible show` tells what it holds; name the one that `indelible custody` left")
        case .otherDetails:
            self.init(
                .doesNotHold, "the details in the private file are not those that the entry names",
                hint: "keep both: one has another copy that belongs to it; nothing was written")
        }
    }
}
