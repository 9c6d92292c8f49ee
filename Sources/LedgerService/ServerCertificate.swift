// SPDX-License-Identifier: Apache-2.0
import Ledger
import NIOSSL
public import SystemPackage

/// The certificate and key by which a service speaks HTTPS (TLS 1.2 or later).
public struct ServerCertificate: Sendable {
    /// A file that holds no certificate, or no key, that can be used.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        /// The file.
        public let path: FilePath
        /// What is missing in it.
        public let what: String

        public var description: String { "\(Shown.path(path)) holds no \(what) that can be used" }
    }

    private static let maximumByteCount = 1 << 20
    let configuration: TLSConfiguration

    /// Reads a chain of certificates, the server's own first, and its private key, both in PEM; the key unencrypted.
    public init(chain: FilePath, key: FilePath) throws {
        let certificates: [NIOSSLCertificate]
        let chainBytes = try DurableFile.read(chain, limit: Self.maximumByteCount)
        do {
            certificates = try NIOSSLCertificate.fromPEMBytes(chainBytes)
        } catch {
            throw Malformed(path: chain, what: "certificate in PEM")
        }
        guard !certificates.isEmpty else { throw Malformed(path: chain, what: "certificate in PEM") }
        let keyBytes = try DurableFile.read(key, limit: Self.maximumByteCount)
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
        } catch {
            throw Malformed(path: key, what: "unencrypted private key in PEM")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        self.configuration = configuration
    }
}
