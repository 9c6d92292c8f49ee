// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension FuzzTarget {
    /// What a server answers to those who file in a log, read it, or go by its time-stamps.
    static let answers: [FuzzTarget] = [logAnswer, ledgerFiles]

    /// The first byte chooses the status of the answer, the rest is its body.
    private static let logAnswer = FuzzTarget(
        "log-answer", upTo: 8192, heap: .json,
        words: ["c2sp.org/tlog-proof@v1\n", "extra ", "index ", "{\"entries\":[", "\"next\":", "]}"],
        seeds: {
            FuzzGround.shared.proofs.map { [0] + $0.inclusions[0].bytes }
                + ["{\"entries\":[0,7],\"next\":9}", "try again\n"].flatMap { text in
                    (UInt8(0)..<5).map { [$0] + Array(text.utf8) }
                }
        },
        asks: { bytes in
            let statuses = [200, 202, 403, 409, 503, 404, 429, 301]
            guard let first = bytes.first, let policy = FuzzGround.shared.policy else { return }
            let transport = HTTPTransport { _ in
                HTTPAnswer(status: statuses[Int(first) % 8], contentType: nil, body: Array(bytes.dropFirst()))
            }
            let log = RemoteLog("http://log.example", over: transport, waiting: { _ in })
            do { _ = try await counted { try await log.charters() } } catch {
                try promise("a refusal is short", "\(error)".utf8.count < 8192)
            }
            for filing in FuzzGround.shared.proofs.prefix(3).map(\.entry.filing) {
                do {
                    let (proof, _) = try await counted { try await log.submit(filing, under: policy) }
                    let leaf = MerkleTree.leafHash(proof.extra ?? [])
                    try promise("nothing is proven that was not logged", FuzzGround.shared.leaves.contains(leaf))
                } catch let broken as BrokenPromise {
                    throw broken
                } catch {
                    try promise("a refusal is short", "\(error)".utf8.count < 8192)
                }
            }
        })

    /// The sample ledger with one of its files exchanged: the first byte says which, the rest is what stands there.
    private static let ledgerFiles = FuzzTarget(
        "ledger-files", upTo: 16_384,
        seeds: {
            ledgerPaths.prefix(256).enumerated().map { place, path in
                [UInt8(place)] + ((try? FuzzGround.bytes("ledger/\(path)")) ?? Array("3\n9\n".utf8))
            }
        },
        asks: { bytes in
            guard let first = bytes.first, let policy = FuzzGround.shared.policy, !ledgerPaths.isEmpty else { return }
            let path = ledgerPaths[Int(first) % ledgerPaths.count]
            let source = ExchangedSource(path: path, bytes: Array(bytes.dropFirst()))
            do {
                let reader = try await counted { try await LedgerReader(source, under: policy) }
                try promise("nothing is read that the log did not sign", FuzzGround.shared.heads.contains(reader.head))
                for (place, entry) in FuzzGround.shared.entries.enumerated() {
                    guard let index = LeafIndex(UInt64(place)), reader.head.size.contains(index) else { continue }
                    let found = try await counted { try await reader.entry(at: index) }
                    try promise("an entry is the one that was logged", found.bytes == entry)
                }
                let stamps = TimestampArchive(of: source)
                let sizes = try await counted { try await stamps.sizes() }
                for size in sizes.prefix(4) { _ = try await counted { try await stamps.stamped(at: size) } }
            } catch let broken as BrokenPromise {
                throw broken
            } catch {
                try promise("a refusal is short", "\(error)".utf8.count < 8192)
            }
        })

    private static let ledgerPaths =
        FuzzGround.files(under: "ledger").map { String($0.dropFirst("ledger/".count)) }.filter { !$0.hasPrefix(".") }
        + ["timestamp/sizes"]
}

/// The sample ledger with other bytes at one path.
private struct ExchangedSource: LedgerSource {
    let path: String
    let bytes: [UInt8]

    private static let files = Dictionary(
        uniqueKeysWithValues: FuzzGround.files(under: "ledger").compactMap { path in
            (try? FuzzGround.bytes(path)).map { (String(path.dropFirst("ledger/".count)), $0) }
        })

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let found = path == self.path ? bytes : Self.files[path]
        guard found?.count ?? 0 <= limit else { throw HTTPFailure("too long", isTooLong: true) }
        return found
    }
}
