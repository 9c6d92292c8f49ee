// SPDX-License-Identifier: Apache-2.0
public import SystemPackage
public import TransparencyLog

/// A witness: it cosigns the checkpoints of the logs that it knows, each once it has seen that the log only grew
/// (C2SP tlog-witness).
///
/// Of one log it never cosigns two roots for one size, nor a smaller tree after a larger one, nor an earlier time after
/// a later one; whatever fails, and whoever else works in the same folder. Calls block: they read, write and flush.
public struct Witness: Sendable {
    /// What the witness does with a request.
    public enum Answer: Sendable {
        /// It cosigned this tree, and the store has it.
        case cosigned(AddCheckpointAnswer, Origin, TreeHead)
        /// It does not cosign. The origin is the request's, where it could be read. Where the log signed two trees of
        /// one size, `conflict` says whether both are kept.
        case refused(WitnessRefusal, Origin?, conflict: Conflict?)
        /// It cannot tell: the store or the clock fails. Nothing was signed.
        case unable(any Error, Origin)
    }

    /// What became of the evidence that a log signed two trees of one size.
    public enum Conflict: Sendable {
        /// Both checkpoints are in this folder.
        case kept(FilePath)
        /// There are as many as are kept.
        case tooMany
        /// They could not be written.
        case notKept(any Error)
    }

    /// A log as the witness knows it, for those who run it.
    public struct Status: Sendable {
        /// The log's name.
        public let origin: Origin
        /// The keys that it may sign with.
        public let keys: [VerifierKey]
        /// The checkpoint that was cosigned last.
        public let last: SignedCheckpoint?
        /// When that was, in POSIX seconds.
        public let time: UInt64?
    }

    /// Where the state is.
    public let store: WitnessStore
    private let signer: WitnessSigner
    private let clock: @Sendable () -> UInt64

    /// A witness with its key, its folder, and a clock of POSIX seconds.
    ///
    /// Throws where a log in the folder was cosigned by another key, or its files do not hold.
    public init(_ store: WitnessStore, signer: WitnessSigner, clock: @escaping @Sendable () -> UInt64) throws {
        self.store = store
        self.signer = signer
        self.clock = clock
        for entry in try store.entries() { _ = try lastTime(in: entry) }
    }

    /// The witness's key, to be put into policies.
    public var verifierKey: VerifierKey { signer.verifierKey }

    /// Answers the body of an add-checkpoint request.
    public func addCheckpoint(_ body: [UInt8]) -> Answer {
        do {
            return addCheckpoint(try AddCheckpoint(parsing: body))
        } catch {
            return .refused(.malformed(error), nil, conflict: nil)
        }
    }

    /// Answers an add-checkpoint request.
    public func addCheckpoint(_ request: AddCheckpoint) -> Answer {
        do {
            let answer = try store.withLog(request.origin) { entry, replace in
                try judge(request, entry, replace)
            }
            return answer ?? .refused(.unknownOrigin, request.origin, conflict: nil)
        } catch {
            return .unable(error, request.origin)
        }
    }

    private func judge(
        _ request: AddCheckpoint, _ entry: WitnessStore.Entry, _ replace: (SignedCheckpoint) throws -> Void
    ) throws -> Answer {
        let lastTime = try lastTime(in: entry)
        switch entry.log.decide(request) {
        case .refuse(let refusal, let isSplitView):
            let conflict = isSplitView ? keep(request.note, ofSize: request.head.size, against: entry) : nil
            return .refused(refusal, request.origin, conflict: conflict)
        case .accept(let accepted):
            let now = clock()
            guard now >= lastTime else { throw WitnessStore.StoreError.clockIsBehind(last: lastTime, now: now) }
            let line = try accepted.cosignature(by: signer, at: now)
            // The signature leaves only behind this: a failure here must not let it out.
            try replace(accepted.record(with: [line]))
            return .cosigned(try AddCheckpointAnswer([line]), request.origin, accepted.head)
        }
    }

    /// The time of the last cosignature; 0 where there is none. What the store holds must be what this key signed.
    private func lastTime(in entry: WitnessStore.Entry) throws -> UInt64 {
        guard let last = entry.last else { return 0 }
        let path = store.place(of: entry.log.origin).appending("checkpoint")
        guard let line = last.note.signature(claiming: signer.verifierKey) else {
            throw WitnessStore.StoreError.cosignedByAnother(path)
        }
        let cosignature: Cosignature
        do { cosignature = try Cosignature(parsing: line.bytes) } catch {
            throw WitnessStore.StoreError.damaged(path, error)
        }
        guard cosignature.verifies(by: signer.privateKey.publicKey, over: last.unverified.text) else {
            throw WitnessStore.StoreError.damaged(path, FormatError("cosignature", "does not verify"))
        }
        return cosignature.time
    }

    /// Keeps what the log signed and what it had signed before. That this fails changes nothing for who asked.
    private func keep(_ note: SignedNote, ofSize size: TreeSize, against entry: WitnessStore.Entry) -> Conflict {
        do {
            var notes = [try note.keeping(where: entry.log.keys.isClaimed)]
            if let last = entry.last, last.unverified.head.size == size {
                // Without the cosignature, which is another each time, so that one pair is kept once.
                notes.insert(try last.note.keeping { ![signer.verifierKey].isClaimed(by: $0) }, at: 0)
            }
            return try store.keep(notes, of: entry.log.origin).map { .kept($0) } ?? .tooMany
        } catch {
            return .notKept(error)
        }
    }
}

extension WitnessStore {
    /// The logs and what was cosigned last, as the files say: nothing is verified.
    public func status() throws -> [Witness.Status] {
        try entries().map { entry in
            // The witness's own line stands behind those of the log.
            let time = try entry.last?.note.signatures.last.map { try Cosignature(parsing: $0.bytes).time }
            return Witness.Status(
                origin: entry.log.origin, keys: entry.log.keys, last: entry.last, time: time)
        }
    }
}
