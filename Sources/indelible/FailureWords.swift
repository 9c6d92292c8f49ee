// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import LedgerService
import TransparencyLog

extension Failure {
    /// Puts any error into one line, with what to do about it.
    init(explaining error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as FormatError: self.init(.usage, "\(error)")
        case let error as FileError: self.init(file: error)
        case let error as DirectoryStore.OpenError: self.init(open: error)
        case let error as SequencerError: self.init(sequencer: error)
        case let error as Mirror.Failure: self.init(mirror: error)
        case let error as MirrorFolder.OpenError: self.init(mirror: error)
        case let error as LedgerRecovery.Failure: self.init(recovery: error)
        case let error as HTTPLedgerSource.ReadError:
            self.init(.cannotTell, "\(error)", hint: "check the address and the network, and run the command again")
        case let error as HTTPFailure: self.init(.cannotTell, "\(error)", hint: "check the address and the network")
        case let error as LedgerReadError: self.init(reading: error)
        case let error as KeyStore.LookupError: self.init(key: error)
        case let error as LookupIndex.Unavailable:
            self.init(
                .cannotTell, "\(error)",
                hint: "free some space, and run the command again: what the log has taken it has")
        case let error as LookupIndex.Damaged:
            self.init(
                .cannotTell, "the lookup index does not hold: \(error.reason)",
                hint:
                    "do this again; if it is said once more, remove the folder index in .state of the ledger: it comes back from the log"
            )
        case let error as DocumentReader.ReadError: self.init(document: error)
        case let error as PrivateFile.ReadError: self.init(privateFile: error)
        case let error as OpenRegistration.Mismatch: self.init(registration: error)
        case let error as OpenDetails.Mismatch: self.init(details: error)
        case let error as RegistryError:
            self.init(.doesNotHold, "the log's rules refuse this: \(error)", hint: Self.hint(for: error))
        case let error as RemoteLog.Refused:
            self.init(
                .doesNotHold, "the server refuses this: \(error.words)",
                hint: error.status == 401
                    ? "put the token that the people who run the log gave you into a file, and name it in INDELIBLE_TOKEN_FILE"
                    : "where a .filing and a .draft were left, the same command goes on from them; ask the people who run the log, and remove both only to begin anew"
            )
        case let error as RemoteLog.HeldBack:
            self.init(
                .cannotTell, "the log has it, and holds it back: \(error.words)",
                hint: "nothing is lost; run the same command again later")
        case let error as RemoteLog.Unreachable:
            self.init(.cannotTell, "\(error)", hint: "check the address and the network, and run the command again")
        case let error as RemoteLog.Misanswered:
            self.init(
                .cannotTell, "\(error)",
                hint:
                    "check the address with the people who run the log; what was offered may be in the log, and the same command asks again"
            )
        case let error as CheckpointPublisher.HeldBack: self.init(heldBack: error)
        case let error as OtherHistory: self.init(otherHistory: error)
        case FilingRulesError.unknownQuote(let quote):
            self.init(
                .doesNotHold,
                "the filing quotes a checkpoint of \(quote.size) entries that this log did not publish",
                hint: "it is of another copy or another history of the log: sign a new filing with the present one")
        case FilingRulesError.timeOutOfRange(let seconds):
            self.init(
                .cannotTell, "this machine's clock gives a time that no entry can have: \(seconds) seconds since 1970",
                hint: "set the clock and run the command again; nothing was logged")
        case let error as FilingError: self.init(.doesNotHold, "\(error)")
        case let error as ProofFileError: self.init(.usage, "\(error)")
        case ProofVerificationError.inclusion(.checkpoint(.unknownOrigin)):
            self.init(
                .cannotTell, "the trust list does not name the log that this proof is of",
                hint: "name the right one with --keys: it says which log and which servers you rely on")
        case let error as ProofVerificationError:
            self.init(.doesNotHold, "the proof does not hold: \(error)", hint: "ask for it again, by another way")
        case let error as CheckpointError:
            self.init(
                .cannotTell, "the log's checkpoint: \(error)",
                hint: "compare the trust list with what the people who run the log tell you by another way")
        case let error as DossierError:
            self.init(
                .doesNotHold, "what is attested does not fit the documents: \(error)",
                hint: "`indelible show` on the private file lists who vouched; use another copy of it")
        case let error as AttestationError:
            self.init(
                .doesNotHold, "an attestation does not hold: \(error)",
                hint: "use another copy of the file, or ask whoever vouched to sign again")
        case let error as DetailsError:
            self.init(
                .usage, "this cannot be the details of a custody entry: \(error)",
                hint: "give each field a name of its own; of a private file, use another copy")
        case let error as TimestampStore.StoreError: self.init(timestamps: error)
        case let error as ExhibitError: self.init(.usage, "\(error)")
        case let error as PreparedRegistration.PreparationError: self.init(preparation: error)
        case let error as ProofRenewal.RenewalError: self.init(renewal: error)
        case let error as PrivateEnvelope.EnvelopeError:
            if case .unusableRecipient(let key) = error {
                self.init(.usage, "nothing can be encrypted to the key \(key.name)")
            } else {
                self.init(.cannotTell, "the private file is not for the keys at hand")
            }
        case let error as WitnessStore.StoreError: self.init(witness: error)
        case let error as HTTPService.StartError: self.init(service: error)
        case let error as AccessTokens.TokenError:
            self.init(.usage, "\(error)", hint: "`indelible token list` shows what there is")
        default: self.init(usage: error)
        }
    }

    /// What the argument parser says, in the form of everything else.
    private init(usage error: any Error) {
        let message = Indelible.message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
        let lowered = message.prefix(1).lowercased() + message.dropFirst()
        self.init(
            .usage, lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered,
            hint: "`indelible help` and `indelible help COMMAND` tell what there is")
    }

    private static func hint(for error: RegistryError) -> String? {
        switch error {
        case .notAFirstCharter: "a log begins with its charter: `indelible submit charter.filing` enters that"
        case .noMemberSigned: "`indelible key enrol NAME` makes a key a member; nothing was logged"
        case .custodyOfNoRegistration: "name the entry, or the proof, of a registration"
        case .closed:
            "what it holds stays verifiable; ask its stewards, whom `indelible log status` names, for the log that follows"
        case .otherLog: "name the folder of that log's trust list with --keys, and its ledger with --ledger"
        default: "`indelible show` tells what the log has; nothing was logged"
        }
    }

    private init(file error: FileError) {
        switch error.errno {
        case .noSuchFileOrDirectory:
            self.init(.usage, "\(error)", hint: "check the name, and the folder that it is looked for in")
        case .fileExists:
            self.init(.usage, "\(Shown.path(error.path)) is there already", hint: "move it away, or name another file")
        case .fileTooLarge where error.operation == "write":
            self.init(
                .cannotTell, "\(error)",
                hint: "files may not grow so long here: look at `ulimit -f` and the file system")
        case .isDirectory, .notDirectory, .fileTooLarge, .fileNameTooLong:
            self.init(
                .usage, "\(error)", hint: "check the name: this is not what the command reads")
        case .noSpace:
            self.init(.cannotTell, "\(error)", hint: "free some space and run the command again; nothing was lost")
        case .permissionDenied, .notPermitted:
            self.init(.cannotTell, "\(error)", hint: "look at the permissions of the file and its folder")
        case .readOnlyFileSystem:
            self.init(
                .cannotTell, "\(error)",
                hint: "the file system was mounted read-only, or became so because its disk fails; it can still be read"
            )
        case .ioError:
            self.init(
                .cannotTell, "\(error)",
                hint: "the disk may be failing: copy what is on it, then run the command again")
        default: self.init(.cannotTell, "\(error)")
        }
    }

    private init(open error: DirectoryStore.OpenError) {
        switch error {
        case .absent(let path):
            self.init(
                .cannotTell, "there is no ledger at \(Shown.path(path))",
                hint: "name one with --ledger, or begin one with `indelible init --origin NAME`")
        case .inUse(let path):
            self.init(.cannotTell, "another process is writing to \(Shown.path(path))", hint: "wait until it is done")
        }
    }

    private init(sequencer error: SequencerError) {
        switch error {
        case .signedElsewhere, .halted:
            self.init(
                .cannotTell, "the log stopped before it was certain that it had signed",
                hint: "run the command again: it goes on from what was signed")
        case .notThisLog:
            self.init(
                .cannotTell, "this log was signed by another key than the one at hand",
                hint: "use the keys of the machine that runs this log")
        case .keyNotChartered:
            self.init(
                .cannotTell, "the charter in force names other log keys than those on this machine; nothing was signed",
                hint: "`indelible log status --json` lists the log keys; bring the newest key back from a backup")
        case .stateMissing:
            self.init(
                .cannotTell, "this ledger's private folder .state is missing; signing without it could fork the log",
                hint:
                    "bring .state back from the newest backup, or the whole with `indelible log recover`; readers need nothing of it"
            )
        case .stateIsOld(let served, let signed):
            self.init(
                .cannotTell,
                "this ledger's .state knows \(signed) entries, and \(served) were published: it is an old copy",
                hint:
                    "bring the newest .state back, or the whole with `indelible log recover`; do not publish from this copy"
            )
        case .anotherRoot(let size):
            self.init(
                .cannotTell, "another history of \(size) entries was published than this ledger signed",
                hint: "keep both copies, and tell those who rely on the log")
        case .tilesDoNotHold(let size):
            self.init(
                .cannotTell, "the ledger's files do not give the root that was signed for \(size) entries",
                hint:
                    "`indelible audit` names the file; bring it back from a copy, or the whole with `indelible log recover`"
            )
        case .stagedDiffers:
            self.init(
                .cannotTell, "what was written was not what was meant: memory or disk is failing; nothing was signed",
                hint: "test this machine before it writes evidence again")
        case .clockIsBehind(let last, let now):
            self.init(
                .cannotTell,
                "this machine's clock (\(Moment(seconds: now).rfc3339)) is behind the last entry (\(Moment(seconds: last).rfc3339))",
                hint: "set the clock and run the command again")
        case .entryTooLong:
            self.init(
                .usage, "the entry would be longer than 65,535 bytes",
                hint: "publish fewer hashes, or relate to fewer entries")
        }
    }

    private init(reading error: LedgerReadError) {
        switch error {
        case .noCheckpoint:
            self.init(
                .cannotTell, "there is no checkpoint in this ledger",
                hint: "name a ledger with --ledger, or begin one with `indelible init --origin NAME`")
        case .missing(let path): self.init(.cannotTell, "the ledger lacks the file \(path)")
        case .malformed(let path, let reason): self.init(.doesNotHold, "the ledger's file \(path): \(reason)")
        case .doesNotHold(let path):
            self.init(
                .doesNotHold, "the ledger's file \(path) does not give what was signed",
                hint: "`indelible audit` tells more")
        case .beyondSize(let index, let size):
            self.init(.usage, "there is no entry \(index): the log has \(size)")
        }
    }

    private init(key error: KeyStore.LookupError) {
        switch error {
        case .absent(let name, let path):
            self.init(
                .cannotTell, "there is no key \"\(name)\" at \(Shown.path(path))",
                hint: "`indelible key list` shows those that are there; INDELIBLE_HOME names the folder")
        case .openToOthers(let path):
            self.init(
                .cannotTell, "other users of this machine can read the key file \(Shown.path(path))",
                hint: "chmod 600 it, and consider whether the key is still yours alone")
        case .malformed(let path, let reason):
            self.init(
                .usage, "\(Shown.path(path)) is no key file: \(reason)",
                hint: "restore the file from a backup; the tool made it, and nothing else can")
        }
    }

    private init(document error: DocumentReader.ReadError) {
        switch error {
        case .nameIsNotText(let path):
            self.init(
                .usage, "the name of \(Shown.path(path)) is not UTF-8, so no proof could show it",
                hint: "give it another name and run the command again")
        case .notADocument(let path):
            self.init(
                .usage, "\(Shown.path(path)) is neither a file nor a folder of files",
                hint: "a pipe, a device, or a link within a folder is no document: put the file itself there")
        case .emptyFolder(let path):
            self.init(
                .usage, "there is no file in \(Shown.path(path))", hint: "name a file, or a folder that holds some")
        case .changedWhileRead(let path):
            self.init(
                .cannotTell, "\(Shown.path(path)) changed while it was read",
                hint: "close what writes to it and run the command again")
        }
    }

    private init(renewal error: ProofRenewal.RenewalError) {
        if case .anotherEntry(let index) = error {
            self.init(
                .doesNotHold, "this log has another entry \(index) than the proof",
                hint: "keep both: one of them is of another history")
        } else {
            self.init(.doesNotHold, "\(error)")
        }
    }
}
