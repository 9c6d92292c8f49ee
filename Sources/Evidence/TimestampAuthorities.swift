// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import TransparencyLog

/// Whose time-stamps are relied on: certificates that were given, and what is known of revoked ones.
///
/// A time-stamp is judged at its own time, offline: a certificate that has expired since does not make it less valid,
/// one that was revoked may (RFC 3161 section 4). No file and no store of the system is looked at.
public struct TimestampAuthorities: Sendable, Hashable {
    /// The largest file of certificates or revocation lists that is read, in bytes.
    public static let maximumByteCount = 1 << 24

    /// The certificates that are relied on, DER.
    let anchors: [[UInt8]]
    /// Certificates that may stand between those and an authority's own, DER.
    let intermediates: [[UInt8]]
    /// Lists of revoked certificates, DER.
    let revocationLists: [[UInt8]]

    /// Nobody's.
    public init() {
        (anchors, intermediates, revocationLists) = ([], [], [])
    }

    /// Those behind whom one of these certificates stands. Each element is a file: PEM with any number of certificates
    /// or lists, or the DER of one.
    public init(
        certificates: [[UInt8]], intermediates: [[UInt8]] = [], revocationLists: [[UInt8]] = []
    ) throws(FormatError) {
        anchors = try Self.read(certificates, Self.certificates)
        self.intermediates = try Self.read(intermediates, Self.certificates)
        self.revocationLists = try Self.read(revocationLists, Self.revocationLists)
    }

    /// Whether nobody's are.
    public var isEmpty: Bool { anchors.isEmpty }

    /// The certificates by the names that they bear.
    public var names: [[UInt8]] {
        anchors.map { bytes in
            let list = CertificateList([bytes])
            return list.first.flatMap { X509Name.display(X509_get_subject_name($0)) } ?? []
        }
    }

    /// Judges a time-stamp that should be of `imprint`.
    public func judge(_ token: TimestampToken, covering imprint: Hash) -> TimestampJudgement {
        defer { ERR_clear_error() }
        guard token.imprint == imprint else { return .refused(.wrongImprint) }
        do throws(TimestampRefusal) {
            return .valid(try TimestampCheck(token: token, authorities: self).run())
        } catch {
            return .refused(error)
        }
    }

    // MARK: - Reading

    private static func read(
        _ files: [[UInt8]], _ parse: (_ bytes: [UInt8], _ isPEM: Bool) -> [[UInt8]]?
    ) throws(FormatError) -> [[UInt8]] {
        defer { ERR_clear_error() }
        var all: [[UInt8]] = []
        for file in files {
            guard file.count <= maximumByteCount else { throw FormatError("certificates", "longer than 16 MiB") }
            guard let read = parse(file, file.first != 0x30), !read.isEmpty else {
                throw FormatError("certificates", "want PEM or DER of X.509")
            }
            for object in read where !all.contains(object) { all.append(object) }
        }
        return all
    }

    private static func certificates(_ bytes: [UInt8], isPEM: Bool) -> [[UInt8]]? {
        objects(bytes, isPEM, { PEM_read_bio_X509($0, nil, nil, nil) }, d2i_X509, i2d_X509, X509_free)
    }

    private static func revocationLists(_ bytes: [UInt8], isPEM: Bool) -> [[UInt8]]? {
        objects(bytes, isPEM, { PEM_read_bio_X509_CRL($0, nil, nil, nil) }, d2i_X509_CRL, i2d_X509_CRL, X509_CRL_free)
    }

    private typealias Bytes = UnsafeMutablePointer<UnsafePointer<UInt8>?>

    /// The DER of every object of one kind in a file; nil where anything in it is damaged.
    private static func objects(
        _ bytes: [UInt8], _ isPEM: Bool,
        _ readPEM: (OpaquePointer?) -> OpaquePointer?,
        _ readDER: (UnsafeMutablePointer<OpaquePointer?>?, Bytes?, Int) -> OpaquePointer?,
        _ write: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32,
        _ free: (OpaquePointer?) -> Void
    ) -> [[UInt8]]? {
        func der(_ object: OpaquePointer) -> [UInt8] {
            var target: UnsafeMutablePointer<UInt8>?
            let count = write(object, &target)
            guard let target else { return [] }
            defer { CRYPTO_free(target, #file, #line) }
            return Array(UnsafeBufferPointer(start: target, count: Int(count)))
        }
        guard isPEM else {
            return bytes.withUnsafeBufferPointer { buffer in
                var start = buffer.baseAddress
                guard let object = readDER(nil, &start, buffer.count) else { return nil }
                defer { free(object) }
                return start == buffer.baseAddress.map { $0 + buffer.count } ? [der(object)] : nil
            }
        }
        return bytes.withUnsafeBytes { buffer in
            guard let source = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
            defer { BIO_free(source) }
            var found: [[UInt8]] = []
            ERR_clear_error()
            while let object = readPEM(source) {
                found.append(der(object))
                free(object)
            }
            // The end of the file, and nothing else, stops it.
            let error = ERR_peek_last_error()
            let reason = Int32(error & 0x7F_FFFF)
            return reason == PEM_R_NO_START_LINE ? found : nil
        }
    }
}

/// Certificates as OpenSSL holds them, freed together.
struct CertificateList: ~Copyable {
    /// A STACK_OF(X509).
    let stack: OpaquePointer?

    /// The certificates of these encodings; one that is damaged is left out.
    init(_ encodings: [[UInt8]]) {
        stack = OPENSSL_sk_new_null()
        for bytes in encodings {
            bytes.withUnsafeBufferPointer { buffer in
                var start = buffer.baseAddress
                guard let certificate = d2i_X509(nil, &start, buffer.count) else { return }
                take(certificate)
            }
        }
    }

    /// A stack that was handed over.
    init(taking stack: OpaquePointer?) {
        self.stack = stack ?? OPENSSL_sk_new_null()
    }

    deinit {
        OPENSSL_sk_pop_free(stack) { X509_free($0.map { OpaquePointer($0) }) }
    }

    /// The first one.
    var first: OpaquePointer? { OPENSSL_sk_value(stack, 0).map { OpaquePointer($0) } }

    /// Adds those of another list, which keeps its own.
    func add(_ other: borrowing CertificateList) {
        add(stack: other.stack)
    }

    /// Adds those of a stack, which keeps its own.
    func add(stack other: OpaquePointer?) {
        for index in 0..<max(OPENSSL_sk_num(other), 0) {
            guard let certificate = OPENSSL_sk_value(other, index).map({ OpaquePointer($0) }) else { continue }
            X509_up_ref(certificate)
            take(certificate)
        }
    }

    /// Takes over a reference to a certificate.
    private func take(_ certificate: OpaquePointer) {
        if OPENSSL_sk_push(stack, UnsafeRawPointer(certificate)) <= 0 { X509_free(certificate) }
    }
}
