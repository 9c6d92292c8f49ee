// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What `timestamp` does with files: writes a request, judges responses, and keeps those that hold.
struct TimestampWork {
    let workplace: Workplace
    let trust: TrustPolicy
    /// The log's checkpoint, signed by the log.
    let newest: SignedCheckpoint
    /// The policy that is asked for.
    let policy: String?
    /// Whether a time-stamp is kept that cannot be judged.
    let isUnchecked: Bool

    private var store: TimestampStore { TimestampStore(workplace.ledger) }

    /// A request for the newest checkpoint.
    func request(nonce: UInt64) throws -> TimestampRequest {
        do {
            return try TimestampRequest(imprint: newest.textHash, nonce: nonce, policy: policy)
        } catch {
            throw Failure(.usage, "\(error)", hint: "leave --tsa-policy out, or write it as 1.2.3.4")
        }
    }

    /// How responses that should be of `checkpoint` are judged.
    func rule(for checkpoint: SignedCheckpoint, _ authorities: TimestampAuthorities) -> TimestampRule {
        TimestampRule(
            imprint: checkpoint.textHash, policy: policy, authorities: authorities, isUnchecked: isUnchecked)
    }

    /// Keeps what holds, says what came of each, and ends with the code of what does not hold.
    func store(_ outcomes: [TimestampOutcome], of checkpoint: SignedCheckpoint) throws {
        let responses = outcomes.compactMap { $0.accepted?.response }
        var isNew = try responses.isEmpty ? [] : store.add(responses, to: checkpoint)[...]
        let stored = outcomes.map { $0.accepted == nil ? $0 : $0.stored(isNew: isNew.removeFirst()) }
        report(stored, of: checkpoint)
        let codes = stored.compactMap { $0.failure?.code.rawValue }
        if let worst = codes.min().flatMap(Failure.Code.init) { throw Ended(code: worst) }
    }

    private func report(_ outcomes: [TimestampOutcome], of checkpoint: SignedCheckpoint) {
        let size = checkpoint.unverified.head.size
        if workplace.speaksJSON {
            Console.data(
                JSON.object([
                    JSON.Member("tree_size", .number(size.value)),
                    JSON.Member("sha256", .text(checkpoint.textHash.hex)),
                    JSON.Member("authorities", .array(outcomes.map(\.json))),
                ]))
        }
        for outcome in outcomes {
            if let line = outcome.line(size: size, workplace.language), !workplace.speaksJSON { Console.data(line) }
            guard let failure = outcome.failure else { continue }
            Console.note("indelible: error: \(outcome.place): \(failure.message)")
            if let hint = failure.hint { Console.note("indelible: hint: \(hint)") }
        }
    }

    /// A proof with the time-stamps that the ledger keeps of its entry. What is wrong with those is said, and a proof is
    /// made all the same.
    static func stamped(
        _ proof: ProofFile, from source: any LedgerSource, _ workplace: Workplace, _ trust: TrustPolicy
    ) async throws -> ProofFile {
        do {
            return try await ProofTimestamps(of: source, under: trust).added(to: proof)
        } catch let error as CancellationError {
            throw error
        } catch {
            let reason = Failure(explaining: error).message
            Console.note(
                workplace.language == .english
                    ? "The log's time-stamps are left out of the proof: \(reason)" : "凭证未附登记册的时间戳:\(reason)")
            return proof
        }
    }

    // MARK: - Without a network

    /// Writes a request for the newest checkpoint, and keeps that checkpoint, since the log goes on meanwhile.
    func writeRequest(to output: String?) throws {
        let size = newest.unverified.head.size
        let request = try request(nonce: UInt64.random(in: .min ... .max))
        let path = FilePath(output ?? "checkpoint-\(size).tsq")
        try store.keep(newest)
        try DurableFile.write(request.bytes, to: path, ifTaken: .refuse)
        let entries = EntryWords.count(Int(size.value), "entry", "entries")
        let name = Shown.path(path)
        if workplace.speaksJSON {
            Console.data(
                JSON.object([
                    JSON.Member("request", .text(name)), JSON.Member("tree_size", .number(size.value)),
                    JSON.Member("sha256", .text(newest.textHash.hex)),
                ]))
        } else if workplace.language == .english {
            Console.note("\(name): a request for a time-stamp of \(entries)")
            Console.note(
                "Have it sent to an authority as application/timestamp-query, and bring the answer back beside it: "
                    + "`indelible timestamp --response FILE.tsr` takes it.")
        } else {
            Console.note("\(name):请求为 \(size) 条盖时间戳")
            Console.note(
                "请以 application/timestamp-query 送交时间戳机构,将答复放在一旁,再用 `indelible timestamp --response FILE.tsr` 收存。")
        }
    }

    /// Takes a response from a file: for the newest checkpoint, or one that a request was written for.
    func take(_ file: String, under authorities: TimestampAuthorities) throws {
        let path = FilePath(file)
        let bytes = try DurableFile.read(path, limit: TimestampResponse.maximumByteCount)
        let checkpoint = try checkpoint(for: bytes, path)
        let nonce = try nonce(beside: path, for: checkpoint)
        if nonce == nil, !workplace.speaksJSON {
            Console.note(
                workplace.language == .english
                    ? "The request is not beside it: that the answer is to that very request was not looked at."
                    : "旁边没有请求文件:未核对答复是否针对该请求。")
        }
        let outcome = TimestampOutcome(
            bytes, from: Shown.path(path), nonce: nonce, by: rule(for: checkpoint, authorities))
        try store([outcome], of: checkpoint)
    }

    /// The checkpoint that a response is for. One that says nothing of any is judged against the newest.
    private func checkpoint(for bytes: [UInt8], _ path: FilePath) throws -> SignedCheckpoint {
        guard let imprint = (try? TimestampResponse(parsing: bytes))?.token?.imprint, imprint != newest.textHash else {
            return newest
        }
        guard let kept = try store.checkpoint(withTextHash: imprint) else {
            throw Failure(
                .doesNotHold, "\(Shown.path(path)) is for no checkpoint of this ledger",
                hint: "name the ledger that the request was written from, with --ledger")
        }
        _ = try trust.verify(kept)
        return kept
    }

    /// The nonce of the request that lies beside a response; nil where there is none.
    private func nonce(beside path: FilePath, for checkpoint: SignedCheckpoint) throws -> UInt64? {
        var beside = path
        beside.extension = "tsq"
        let limit = TimestampRequest.maximumByteCount
        guard let bytes = try DurableFile.readIfPresent(beside, limit: limit) else { return nil }
        do {
            let request = try TimestampRequest(parsing: bytes)
            return request.imprint == checkpoint.textHash ? request.nonce : nil
        } catch {
            throw Failure(
                .usage, "\(Shown.path(beside)): \(error)",
                hint: "move it away if it is not the request that \(Shown.path(path)) answers")
        }
    }
}
