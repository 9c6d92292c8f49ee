// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import Synchronization
import SystemPackage
import TransparencyLog

extension FuzzTarget {
    /// What anybody on the network can ask a log.
    static let services: [FuzzTarget] = [http]

    /// A request: method, space, path with query; header fields, one a line; an empty line; the body.
    private static let http = FuzzTarget(
        "http", upTo: 4096, heap: HeapBound(factor: 10, floor: 131_072),
        words: [
            "GET ", "POST ", "HEAD ", "OPTIONS ", "/entries", "/entries/", "/proof/", "/find?", "text=", "sha256=",
            "digest=", "key=",
            "refers=", "charter", "from=", "/policy", "/health", "/metrics", "/openapi.json", "/checkpoint", "/tile/",
            "/cosigned/",
            "/timestamp/", "/verify.html", "/register", "/revoke", "/log", "/log/entry/", "/log/key", "/log/keys",
            "/log/search?q=",
            "/log/status", "/log/checkpoints", "before=", "lang=zh-Hans", "k=", "accept-language: zh;q=0.5,en",
            "authorization: Bearer ",
            "accept-encoding: gzip", "if-none-match: ", "range: bytes=0-", "%2F", "%25", "%00", "..", "&", "#",
        ],
        seeds: {
            let key = FuzzGround.shared.policy?.logs.first?.key.description ?? ""
            var requests = [
                "GET /", "GET /entries/0", "GET /proof/1", "GET /find?charter=", "GET /find?refers=0&from=1",
                "GET /policy",
                "GET /find?key=\(key)", "GET /find?sha256=\(String(repeating: "0", count: 64))", "GET /health",
                "GET /metrics",
                "GET /openapi.json", "GET /checkpoint", "GET /tile/0/000.p/2", "GET /tile/entries/000.p/2",
                "GET /verify.html",
                "GET /register", "GET /revoke", "GET /log", "GET /log/entry/0", "GET /log/entry/1?lang=zh-Hans",
                "GET /log/keys",
                "GET /log/key?k=\(key)", "GET /log/search?q=ana", "GET /log/search?q=1", "GET /log/status",
                "GET /log/checkpoints",
                "GET /log/checkpoint/1", "GET /cosigned/1", "GET /timestamp/sizes", "OPTIONS /entries",
                "GET /log\naccept-language: zh-Hans;q=0.8, en;q=0.5",
                "GET /checkpoint\naccept-encoding: gzip\nif-none-match: \"a\"",
            ].map { Array("\($0)\n\n".utf8) }
            for entry in FuzzGround.shared.proofs.prefix(6).map(\.entry) {
                requests.append(Array("POST /entries\nauthorization: Bearer abc\n\n".utf8) + entry.filing.bytes)
            }
            return requests
        },
        asks: { bytes in
            let (service, request) = (try await FuzzService.shared(), request(bytes))
            let answer = await counted { await service.answer(request) }
            try check(answer)
        })

    private static func request(_ bytes: [UInt8]) -> ServiceRequest {
        let end = bytes.indices.dropFirst().first { bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A } ?? bytes.endIndex
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
        let first = (head.first ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        let headers = head.dropFirst().prefix(32).compactMap { line -> ServiceAnswer.Field? in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? ServiceAnswer.Field(parts[0], parts[1].trimmingCharacters(in: .whitespaces)) : nil
        }
        return ServiceRequest(
            first.first ?? "", first.count == 2 ? first[1] : "", headers: headers,
            body: Array(bytes[end...].dropFirst()),
            client: "192.0.2.1")
    }

    private static func check(_ answer: ServiceAnswer) throws {
        try promise("a status is one", (200...599).contains(answer.status) && answer.status != 500)
        for field in answer.headers {
            try promise("a header field is a line", field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
        guard let type = answer.headers.first(where: { $0.name == "content-type" })?.value, type.hasPrefix("text/")
        else {
            return
        }
        guard !answer.headers.contains(where: { $0.name == "content-encoding" }) else { return }
        let text = String(validating: answer.body, as: UTF8.self)
        try promise("text is UTF-8", text != nil)
        guard type.hasPrefix("text/html"), let text else { return }
        let strange = text.unicodeScalars.first { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: false
            case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
        try promise("no page has a character that would be obeyed", strange == nil)
    }
}

/// A log of a charter and a member, and the service that has it open.
private actor FuzzService {
    private static let one = FuzzService()
    private var service: LogService?

    static func shared() async throws -> LogService { try await one.opened() }

    private func opened() async throws -> LogService {
        if let service { return service }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("indelible-fuzz-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        FuzzFolder.leave(folder.path)
        let identity = LogIdentity(signers: [try Self.person("log.example/fuzzed")])
        let log = try await LedgerLog(FilePath(folder.path), identity: identity, clock: { 1_750_000_000 })
        let (steward, member) = (try Self.person("steward"), try Self.person("ana"))
        let charter = try Charter(
            stewards: [steward.verifierKey], threshold: 1, sponsors: 0, admission: .anyone,
            logKeys: identity.verifierKeys)
        for (action, signers) in [
            (Action.charter(charter), [steward]),
            (.enrol(try Enrolment(key: member.verifierKey, revokers: [])), [member, steward]),
        ] {
            let text = try FilingText(log: identity.origin, signers: signers.map(\.verifierKey), action: action)
            _ = try await log.sequencer.submit(try Filing(text, signedBy: signers).verified())
        }
        let opened = await LogService(
            log,
            as: LogService.Identity(
                policy: try identity.policy(), policyName: "policy", authorities: TimestampAuthorities(),
                version: "0"),
            admission: LogService.Admission(
                perAddress: nil, perKey: nil, waiting: 100, tokens: AccessTokens(of: FilePath(folder.path))),
            note: { _ in })
        service = opened
        return opened
    }

    private static func person(_ name: String) throws -> NoteSigner {
        guard let key = Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes), let name = KeyName(name) else {
            throw BrokenPromise("a key is made of 32 bytes")
        }
        return NoteSigner(name: name, privateKey: key)
    }
}

/// The folder of the log, which is gone when the program ends as it should; the fuzzer's script removes it after a crash.
private enum FuzzFolder {
    private static let path = Mutex<String?>(nil)

    /// Removes it at the end.
    static func leave(_ folder: String) {
        path.withLock { $0 = folder }
        atexit {
            guard let folder = FuzzFolder.path.withLock({ $0 }) else { return }
            try? FileManager.default.removeItem(atPath: folder)
        }
    }
}
