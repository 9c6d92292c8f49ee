// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Carries a custody entry through, from what is to be sealed to the proof.
///
/// What is sealed is on disk before there is a filing that names it: first the draft, then the filing, then the entry,
/// the private file and the proof. Wherever it was cut short, the same command goes on from the draft.
struct CustodyRecorder {
    let workplace: Workplace
    /// The key of the person who enters it.
    let key: KeyFile
    /// Who signs besides.
    let others: [VerifierKey]
    /// To whom the private file is encrypted besides its holder.
    let custodians: [VerifierKey]
    /// Whether the filing is left for somebody to enter.
    let isOnlyLeft: Bool
    let force: Bool

    /// Enters an event, or goes on with one that was begun at this place.
    func record(
        _ event: CustodyEvent, of entry: EntryReference, sealing fields: [SealedField], at place: CustodyPlace
    ) async throws -> CustodyRecorded {
        let log = try workplace.ownLog().origin
        func text(_ details: Hash?, after quote: Quote?) throws -> FilingText {
            try FilingText(
                log: log, after: quote, signers: [key.verifierKey] + others,
                action: .custody(Custody(of: entry, event: event, details: details)))
        }
        if DurableFile.exists(place.draft) {
            guard
                let part = try PrivateOpening(place.draft, in: workplace, key: key.verifierKey.name.description)
                    .contents.details
            else {
                throw Failure(
                    .usage, "\(Shown.path(place.draft)) is of something else than a custody entry",
                    hint: "move it away and keep it, or name another file with -o")
            }
            let begun = try OpenDetails(part)
            if !fields.isEmpty, fields != begun.details.fields {
                Console.note(
                    "\(Shown.path(place.draft)): goes on as it was begun before; what is to be sealed now changes nothing"
                )
            }
            if custodians.isEmpty, try PrivateFile.recipientCount(place.draft) > 1 {
                Console.note(
                    "\(Shown.path(place.draft)): it was begun with --to; give it again, or the private file is for your key alone"
                )
            }
            let kept = try kept(at: place)
            // The run that sealed it may not have got it to the disk, and nothing else tells what is entered.
            try DurableFile.renew(place.draft)
            let quote = kept == nil ? try await workplace.quote() : kept?.text.after
            let filing = try signed(try text(begun.digest, after: quote), with: kept)
            return try await finish(filing, begun, at: place, isBegun: true)
        }
        guard !fields.isEmpty else {
            let filing = try signed(try text(nil, after: try await workplace.quote()))
            return try await finish(filing, nil, at: place, isBegun: false)
        }
        if !force, let before = try finished(text, fields, at: place) { return before }
        try refuseIfTaken(place)
        let sealed = OpenDetails(try Details(fields: fields), seed: try .fresh())
        // Whoever mistypes a passphrase has begun nothing yet.
        let filing = try signed(try text(sealed.digest, after: try await workplace.quote()))
        try write(PrivateContents(details: sealed.part), at: place.draft)
        do {
            return try await finish(filing, sealed, at: place, isBegun: false)
        } catch let error as RegistryError {
            // Nobody else has had this filing.
            try DurableFile.remove(place.filing)
            try DurableFile.remove(place.draft)
            throw error
        }
    }

    private func finish(
        _ draft: FilingDraft, _ sealed: OpenDetails?, at place: CustodyPlace, isBegun: Bool
    ) async throws -> CustodyRecorded {
        let isReady = draft.unsigned.isEmpty && !isOnlyLeft
        if sealed != nil || !isReady {
            try DurableFile.write(draft.bytes, to: place.filing, ifTaken: isBegun || force ? .replace : .refuse)
        }
        var logged = isReady ? try await workplace.enter([try draft.finished().filing])?.first : nil
        if logged == nil, isBegun { logged = try await workplace.entered(draft.text, provedBy: place.filingProof) }
        guard let logged else {
            if sealed == nil, isReady {
                try DurableFile.write(draft.bytes, to: place.filing, ifTaken: force ? .replace : .refuse)
            }
            return CustodyRecorded(place: place, state: .pending(draft.unsigned), isSealed: sealed != nil)
        }
        guard let sealed else {
            return CustodyRecorded(place: place, state: .logged(logged.index, logged.wasPresent), isSealed: false)
        }
        // It hides the details: they are shown to whom their holder chooses.
        let proof = try ProofFile(inclusions: [logged.inclusion], quoted: logged.quoted)
        try write(PrivateContents(proof: proof, details: sealed.part), at: place.private)
        try DurableFile.write(proof.json.encoded(lines: 2), to: place.proof)
        // The draft goes last: while it stands, the same command does all of this again.
        try DurableFile.remove(place.filing)
        try DurableFile.remove(place.draft)
        return CustodyRecorded(place: place, state: .logged(logged.index, logged.wasPresent), isSealed: true)
    }

    /// The filing of a draft that was begun, with the signatures that it came back with; nil where it is elsewhere.
    private func kept(at place: CustodyPlace) throws -> FilingDraft? {
        DurableFile.exists(place.filing) ? try FilingDraft(reading: place.filing) : nil
    }

    /// The filing with the signatures that can be had here.
    private func signed(_ text: FilingText, with kept: FilingDraft? = nil) throws -> FilingDraft {
        var draft = FilingDraft(text)
        if let kept {
            guard kept.text == text else {
                throw Failure(
                    .usage, "what was begun here says something else: another event, another entry or other signers",
                    hint: "give them as they were given before, or name another file with -o")
            }
            try draft.add(kept)
        }
        return try workplace.signed(draft)
    }

    /// The entry, if the same was sealed and entered at this place before; nil where there is none.
    private func finished(
        _ text: (Hash?, Quote?) throws -> FilingText, _ fields: [SealedField], at place: CustodyPlace
    ) throws -> CustodyRecorded? {
        guard DurableFile.exists(place.private), DurableFile.exists(place.proof) else { return nil }
        let contents = try PrivateOpening(place.private, in: workplace, key: key.verifierKey.name.description).contents
        guard let proof = contents.proof, let part = contents.details, part.fields == fields,
            try proof.entry.filing.text == text(OpenDetails(part).digest, proof.entry.filing.after)
        else { return nil }
        return CustodyRecorded(place: place, state: .before(proof.index), isSealed: true)
    }

    private func refuseIfTaken(_ place: CustodyPlace) throws {
        for taken in [place.private, place.proof, place.filing] where !force && DurableFile.exists(taken) {
            throw Failure(
                .usage, "\(Shown.path(taken)) is there already",
                hint: "if the same happened once more, name another file with -o; nothing was entered")
        }
    }

    private func write(_ contents: PrivateContents, at path: FilePath) throws {
        var recipients = [key.verifierKey]
        for key in custodians where !recipients.contains(key) { recipients.append(key) }
        try PrivateFile.write(contents, to: recipients, at: path, ifTaken: .replace)
    }
}
