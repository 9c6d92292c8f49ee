// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

extension FuzzTarget {
    /// RFC 3161, with OpenSSL behind it.
    static let timestamps: [FuzzTarget] = [response, request, certificates, revocationLists]

    private static let folder = "Tests/Timestamps"

    private static func samples(_ suffix: String) -> [[UInt8]] {
        FuzzGround.files(under: folder).filter { $0.hasSuffix(suffix) }.compactMap { try? FuzzGround.bytes($0) }
    }

    /// Every certificate of the samples, and no revocation list: as much as possible is valid.
    private static let authorities = try? TimestampAuthorities(certificates: samples(".pem"))

    /// What authorities stated in the samples: nothing else may be valid.
    private static let stated = Set(samples(".tsr").compactMap { Statement(try? TimestampResponse(parsing: $0).token) })

    private struct Statement: Hashable {
        let imprint: Hash
        let time: TimestampTime
        let accuracy: UInt64?
        let serial: [UInt8]

        init?(_ token: TimestampToken?) {
            guard let token else { return nil }
            (imprint, time, accuracy, serial) = (token.imprint, token.time, token.accuracy, token.serial)
        }
    }

    private static let response = FuzzTarget(
        "timestamp-response", upTo: 1 << 16, heap: HeapBound(factor: 60, floor: 131_072), seeds: { samples(".tsr") }
    ) { bytes in
        guard let response = try read({ try TimestampResponse(parsing: bytes) }) else { return }
        try promise("a response is kept as it was read", response.bytes == bytes)
        let all = try TimestampResponse.all(in: bytes + bytes, limit: 2)
        try promise("two responses behind one another are two", all == [response, response])
        guard let token = response.token, let authorities else { return }
        guard case .valid(let valid) = counted({ authorities.judge(token, covering: token.imprint) }) else { return }
        guard let statement = Statement(valid.token) else { return }
        try promise("nothing is valid that no authority stated", stated.contains(statement))
    }

    private static let request = FuzzTarget("timestamp-request", upTo: 4096, seeds: { samples(".tsq") }) { bytes in
        guard let request = try read({ try TimestampRequest(parsing: bytes) }) else { return }
        try promise("a request is kept as it was read", request.bytes == bytes)
    }

    private static let certificates = FuzzTarget(
        "certificates", upTo: 8192, heap: HeapBound(factor: 10, floor: 32_768),
        words: ["-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"],
        seeds: { samples(".pem") }
    ) { bytes in
        guard let read = try read({ try TimestampAuthorities(certificates: [bytes]) }) else { return }
        try promise("names are of the input", read.names.reduce(0) { $0 + $1.count } <= 8 * bytes.count)
    }

    private static let revocationLists = FuzzTarget(
        "revocation-lists", upTo: 8192, heap: HeapBound(factor: 10, floor: 65_536),
        words: ["-----BEGIN X509 CRL-----\n", "-----END X509 CRL-----\n"],
        seeds: { samples(".crl") }
    ) { bytes in
        guard let root = try? FuzzGround.bytes("\(folder)/root.pem"),
            let response = try? FuzzGround.bytes("\(folder)/rsa.tsr"),
            let token = try TimestampResponse(parsing: response).token,
            let authorities = try read({ try TimestampAuthorities(certificates: [root], revocationLists: [bytes]) })
        else { return }
        _ = counted { authorities.judge(token, covering: token.imprint) }
    }
}
