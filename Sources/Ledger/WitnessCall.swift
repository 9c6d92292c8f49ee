// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The exchange with one witness over one checkpoint: the size it knows found out, retries, what it answers verified.
struct WitnessCall: Sendable {
    let witness: TrustPolicy.Witness
    let checkpoint: VerifiedCheckpoint
    let transport: HTTPTransport
    let patience: WitnessClient.Patience
    let end: ContinuousClock.Instant
    let consistency: @Sendable (TreeSize) async throws -> ConsistencyProof

    /// What one answer leads to.
    private enum Step {
        case done(WitnessRound.Answer)
        /// It says that it knows this size.
        case from(TreeSize)
        /// It may answer otherwise in a while.
        case again(WitnessRound.Answer)
    }

    /// Asks until there is an answer, beginning with the size that the witness is thought to know.
    func answer(from known: TreeSize) async -> WitnessRound.Answer {
        var old = known
        var pause = patience.firstPause
        var last = WitnessRound.Answer.silent("no answer in time")
        var attempts = patience.attempts
        // It may be asked by others at the same time, and know more each time it is asked; but not for ever.
        var sizes = 4
        while attempts > 0, sizes > 0 {
            guard ContinuousClock.now < end, !Task.isCancelled else { return last }
            switch await ask(from: old) {
            case .done(let answer): return answer
            case .from(let size):
                old = size
                sizes -= 1
                last = .unusable("it names another size each time")
            case .again(let answer):
                attempts -= 1
                // Why the last attempt was broken off is of no interest.
                guard !Task.isCancelled else { return last }
                last = answer
                guard ContinuousClock.now + pause < end else { return last }
                do { try await Task.sleep(for: pause) } catch { return last }
                pause *= 2
            }
        }
        return last
    }

    private func ask(from old: TreeSize) async -> Step {
        let body: [UInt8]
        do {
            let proof = old == 0 ? ConsistencyProof(path: []) : try await consistency(old)
            // A witness needs the log's own signatures and no others.
            let note = try checkpoint.signed.note.keeping { checkpoint.signers.isClaimed(by: $0) }
            body = try AddCheckpoint(old: old, proof: proof, checkpoint: SignedCheckpoint(note)).bytes
        } catch {
            return .done(.unusable("it knows a size of which this log has no proof"))
        }
        let request = HTTPRequest(
            .post, address("add-checkpoint"), headers: [("Content-Type", "text/plain; charset=utf-8")], body: body,
            maximumAnswer: AddCheckpointAnswer.maximumByteCount, deadline: max(end - .now, .milliseconds(1)))
        do {
            return await step(after: try await transport.send(request), from: old)
        } catch {
            return .again(.silent("\(error)"))
        }
    }

    private func step(after answer: HTTPAnswer, from old: TreeSize) async -> Step {
        switch answer.status {
        case 200: return .done(cosigned(answer.body))
        case 409:
            guard let size = WitnessRefusal.lastSize(parsing: answer.body) else {
                return .done(.unusable("status 409 without the size that it knows"))
            }
            if size > checkpoint.head.size {
                return .done(await held(isLarger: true, or: "it says it knows size \(size)"))
            }
            // Witnesses of older versions answer so to another root of the same size.
            if size == old { return .done(await held(isLarger: false, or: "status 409 with the size that was named")) }
            return .from(size)
        case 422 where old == checkpoint.head.size:
            return .done(await held(isLarger: false, or: "it knows another root of this size"))
        case 429, 500...599: return .again(.refused(answer.status))
        default: return .done(.refused(answer.status))
        }
    }

    private func cosigned(_ body: [UInt8]) -> WitnessRound.Answer {
        do {
            let answer = try AddCheckpointAnswer(parsing: body)
            guard let key = witness.key.publicKey,
                let own = answer.signatures.first(where: { [witness.key].isClaimed(by: $0) })
            else { return .unusable("its answer bears no cosignature by its key") }
            let cosignature = try Cosignature(parsing: own.bytes)
            guard cosignature.time > 0, cosignature.verifies(by: key, over: checkpoint.checkpoint.text) else {
                return .unusable("its cosignature does not verify")
            }
            // A line by another of its keys, of a kind that nothing here verifies, is for those who can.
            let others = answer.signatures.filter { $0.name == witness.key.name && $0.bytes.count > own.bytes.count }
            return .cosigned(cosignature, lines: [own] + others.prefix(1))
        } catch {
            return .unusable("its answer is no list of signature lines")
        }
    }

    /// Asks for the checkpoint that the witness holds: only what the log's key has signed speaks against this copy.
    private func held(isLarger: Bool, or words: String) async -> WitnessRound.Answer {
        let request = HTTPRequest(
            .get, address("\(SHA256.hash(checkpoint.origin.utf8).hex)/checkpoint"),
            maximumAnswer: SignedNote.maximumByteCount, deadline: max(end - .now, .seconds(2)))
        guard let answer = try? await transport.send(request), answer.status == 200,
            let found = try? SignedCheckpoint(parsing: answer.body),
            let verified = try? found.verified(by: checkpoint.signers)
        else { return .unusable("\(words), and shows no checkpoint that this log has signed") }
        if verified.head.size > checkpoint.head.size { return .ahead(found) }
        if verified.head.size == checkpoint.head.size, verified.head.root != checkpoint.head.root {
            return .conflicting(found)
        }
        return .unusable("\(words), and shows a checkpoint that does not say so")
    }

    private func address(_ path: String) -> String {
        var prefix = String(decoding: witness.url ?? [], as: UTF8.self)
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return "\(prefix)/\(path)"
    }
}
