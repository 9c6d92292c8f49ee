// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Carries a registration through, from what was sealed to the proof beside the documents.
///
/// At every moment enough is on disk to go on: first the filing and the draft, then the proof and the private file.
struct Registrar {
    let workplace: Workplace
    let place: RegisteredPlace
    /// To whom the private file is encrypted besides its holder.
    let custodians: [VerifierKey]
    /// The key of the person who registers, to which what is private is encrypted.
    let holder: VerifierKey

    /// Logs a registration, keeping first what it takes to go on: one whose secrets are lost is no proof.
    func register(_ prepared: PreparedRegistration) async throws -> Registered {
        // The draft comes last: where it stands there was a filing, which may have been carried off to the log.
        try DurableFile.write(prepared.filing.bytes, to: place.filing)
        try write(prepared.contents, at: place.draft)
        return try await finish(prepared)
    }

    /// Goes on with a registration that an earlier run began, and which may not have got what it kept to the disk: once the
    /// filing is in the log, nothing else tells what it registers.
    func resume(_ begun: PreparedRegistration) async throws -> Registered {
        try DurableFile.renew(place.draft)
        if DurableFile.exists(place.filing) { try DurableFile.renew(place.filing) }
        return try await finish(begun)
    }

    /// Logs a registration that was kept before, or finds that it was logged.
    func finish(_ prepared: PreparedRegistration) async throws -> Registered {
        // Whoever else runs the log may have entered it: their proof, or their ledger, shows that.
        var logged: Logged?
        do {
            logged = try await workplace.enter([prepared.filing])?.first
        } catch let error as CheckpointPublisher.HeldBack {
            return Registered(place: place, entry: nil, state: .held, missing: Failure.tally(error))
        } catch let error as RemoteLog.HeldBack {
            return Registered(place: place, entry: nil, state: .held, missing: error.words)
        }
        if logged == nil { logged = try await workplace.entered(prepared.filing, provedBy: place.filingProof) }
        guard let logged else { return Registered(place: place, entry: nil, state: .pending) }
        let proof = try prepared.proof(with: logged.inclusion, quoted: logged.quoted)
        var contents = prepared.contents
        contents.proof = proof
        try write(contents, at: place.private)
        try DurableFile.write(proof.json.encoded(lines: 2), to: place.proof)
        try DurableFile.remove(place.signedDraft)
        try place.removeBegun()
        return Registered(
            place: place, entry: logged.index, state: .now, filing: proof.entry.filing,
            hides: Registered.Hidden(contents), time: proof.entry.time.seconds,
            cosigned: try workplace.trust(nil).policy.verify(logged.inclusion.checkpoint))
    }

    /// Writes a private file of what is at this place.
    func write(_ contents: PrivateContents, at path: FilePath) throws {
        var recipients = [holder]
        for key in custodians where !recipients.contains(key) { recipients.append(key) }
        let carried = contents.exhibit?.files.contains { $0.isCarried } == true
        try PrivateFile.write(
            contents, carrying: carried ? try place.files().map(\.path) : [], to: recipients, at: path,
            ifTaken: .replace)
    }
}

extension Workplace {
    func report(_ registered: Registered) {
        if speaksJSON {
            Console.data(registered.json)
        } else {
            registered.lines(in: language).forEach { Console.note($0) }
        }
    }

    /// Writes an attestation beside the document that it is about, and says where.
    func write(_ attestation: Attestation, besides place: RegisteredPlace) throws -> FilePath {
        let path = place.attestation(by: home.fileName(of: attestation.signer.name))
        try DurableFile.write(attestation.bytes, to: path, ifTaken: .refuse, mode: 0o600)
        return path
    }
}
