// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import SystemPackage
import TransparencyLog

/// A time-stamp authority of its own for a test: `openssl ts` with keys in a folder that goes away with the value.
struct TimestampTestAuthority: Sendable {
    private let folder: TemporaryFolder
    /// The certificate that stands behind it, PEM.
    let certificate: [UInt8]

    init(_ name: String = "Test Time-Stamps") throws {
        folder = try TemporaryFolder()
        try folder.write(Self.configuration, to: "ts.cnf")
        try Self.openssl(
            folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=\(name) Root")
        try Self.openssl(
            folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            "tsa.key", "-out", "tsa.csr", "-subj", "/CN=\(name)")
        try Self.openssl(
            folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
            "3650", "-extfile", "ts.cnf", "-extensions", "stamping", "-out", "tsa.pem")
        certificate = try folder.read("ca.pem")
    }

    var authorities: TimestampAuthorities {
        get throws { try TimestampAuthorities(certificates: [certificate]) }
    }

    /// A time-stamp of a hash, at the present time.
    func stamp(_ imprint: Hash) throws -> TimestampResponse {
        try folder.write(try TimestampRequest(imprint: imprint, nonce: 7).bytes, to: "query.tsq")
        try Self.openssl(
            folder, "ts", "-reply", "-config", "ts.cnf", "-section", "tsa", "-queryfile", "query.tsq", "-inkey",
            "tsa.key", "-signer", "tsa.pem", "-out", "reply.tsr")
        return try TimestampResponse(parsing: try folder.read("reply.tsr"))
    }

    private static let configuration = """
        [stamping]
        extendedKeyUsage = critical,timeStamping
        [tsa]
        serial = serial
        default_policy = 1.2.3.4
        digests = sha256
        signer_digest = sha256
        ess_cert_id_alg = sha256
        """

    private static func openssl(_ folder: TemporaryFolder, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path.string)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw FormatError("openssl", arguments.joined(separator: " ")) }
    }
}
