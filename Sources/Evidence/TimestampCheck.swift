// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The checks of one time-stamp under given certificates, in their order (RFC 3161 section 2.4.2, RFC 5816).
struct TimestampCheck {
    let token: TimestampToken
    let authorities: TimestampAuthorities

    func run() throws(TimestampRefusal) -> ValidTimestamp {
        guard let signed = SignedTimestamp(parsing: token.bytes) else { throw .malformed }
        let given = CertificateList(authorities.anchors + authorities.intermediates)
        let carried = CertificateList(taking: CMS_get1_certs(signed.cms))
        try signature(signed, given)
        guard let signer = signed.signer else { throw .certificateMissing }
        try purpose(of: signer)
        let chain = try chain(of: signer, carried, given)
        try binding(of: signed, chain, carried, given)
        let revocation = try revocation(of: chain)
        return ValidTimestamp(
            token: token, authority: X509Name.display(X509_get_subject_name(signer)) ?? [],
            certificateEnd: Self.seconds(X509_get0_notAfter(signer)), revokedSince: revocation.since,
            revocationLookedAt: revocation.lookedAt)
    }

    /// The signature over the signed attributes, and those over the content; nothing is said of the certificate.
    private func signature(
        _ signed: borrowing SignedTimestamp, _ given: borrowing CertificateList
    ) throws(TimestampRefusal) {
        // Without signed attributes the signature would be over the content alone, and bound to no certificate.
        guard CMS_signed_get_attr_count(signed.signerInfo) > 0 else { throw .certificateNotBound }
        CMS_set1_signers_certs(signed.cms, given.stack, 0)
        guard signed.signer != nil else { throw .certificateMissing }
        var digest: UnsafeMutablePointer<X509_ALGOR>?
        CMS_SignerInfo_get0_algs(signed.signerInfo, nil, nil, &digest, nil)
        let relied = [NID_sha256, NID_sha384, NID_sha512, NID_sha512_256, NID_sha3_256, NID_sha3_384, NID_sha3_512]
        guard let digest, relied.contains(OBJ_obj2nid(digest.pointee.algorithm)) else { throw .unsupportedHash }
        let type = CMS_signed_get0_data_by_OBJ(
            signed.signerInfo, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT)
        guard let type, OBJ_obj2nid(OpaquePointer(type)) == NID_id_smime_ct_TSTInfo else { throw .badSignature }
        let flags = UInt32(CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY)
        guard CMS_verify(signed.cms, given.stack, nil, nil, nil, flags) == 1 else { throw .badSignature }
    }

    /// One extended key usage, for time-stamps, and critical.
    private func purpose(of signer: OpaquePointer) throws(TimestampRefusal) {
        // OpenSSL's own rule looks at the usages that it knows: another beside them is found by their number.
        guard X509_check_purpose(signer, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1,
            let usages = X509_get_ext_d2i(signer, NID_ext_key_usage, nil, nil)
        else { throw .wrongPurpose }
        let stack = OpaquePointer(usages)
        defer { OPENSSL_sk_pop_free(stack) { ASN1_OBJECT_free($0.map { OpaquePointer($0) }) } }
        guard OPENSSL_sk_num(stack) == 1 else { throw .wrongPurpose }
    }

    /// The chain from the signer's certificate to one that was given, valid at the token's time.
    ///
    /// The signer's purpose was judged before. Of the others OpenSSL 3 asks no more than that they may issue certificates;
    /// it is told the purpose all the same, for a later one that judges them by it.
    private func chain(
        of signer: OpaquePointer, _ carried: borrowing CertificateList, _ given: borrowing CertificateList
    ) throws(TimestampRefusal) -> CertificateList {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new() else { throw .brokenChain("no memory") }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
        }
        let anchors = CertificateList(authorities.anchors)
        for index in 0..<max(OPENSSL_sk_num(anchors.stack), 0) {
            X509_STORE_add_cert(store, OPENSSL_sk_value(anchors.stack, index).map { OpaquePointer($0) })
        }
        let untrusted = CertificateList(authorities.intermediates)
        untrusted.add(carried)
        guard X509_STORE_CTX_init(context, store, signer, untrusted.stack) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw .brokenChain("no memory") }
        X509_VERIFY_PARAM_set_time(parameters, time_t(token.time.seconds))
        // An intermediate that was given is relied on as it stands. 112 bits of security are asked of every key and
        // signature, which SHA-1 does not give.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_TIMESTAMP_SIGN)
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        guard X509_verify_cert(context) == 1 else {
            throw Self.refusal(X509_STORE_CTX_get_error(context))
        }
        return CertificateList(taking: X509_STORE_CTX_get1_chain(context))
    }

    private static func refusal(_ error: Int32) -> TimestampRefusal {
        switch error {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED:
            .unknownAuthority
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK: .weakCertificate
        default: .brokenChain(X509_verify_cert_error_string(Int(error)).map { String(cString: $0) } ?? "\(error)")
        }
    }

    /// The signed attribute that names the certificate, by its hash: another with the same key would be another person.
    private func binding(
        of signed: borrowing SignedTimestamp, _ chain: borrowing CertificateList,
        _ carried: borrowing CertificateList, _ given: borrowing CertificateList
    ) throws(TimestampRefusal) {
        let first = Self.attribute(NID_id_smime_aa_signingCertificate, of: signed.signerInfo).flatMap { bytes in
            bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var start = buffer.baseAddress
                return d2i_ESS_SIGNING_CERT(nil, &start, buffer.count)
            }
        }
        defer { ESS_SIGNING_CERT_free(first) }
        let second = Self.attribute(NID_id_smime_aa_signingCertificateV2, of: signed.signerInfo).flatMap { bytes in
            bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var start = buffer.baseAddress
                return d2i_ESS_SIGNING_CERT_V2(nil, &start, buffer.count)
            }
        }
        defer { ESS_SIGNING_CERT_V2_free(second) }
        // The signer's is the first of both. An authority may name the rest of its own chain besides, which can be longer
        // than ours.
        let known = CertificateList([])
        known.add(chain)
        known.add(carried)
        known.add(given)
        guard OSSL_ESS_check_signing_certs(first, second, known.stack, 1) == 1 else { throw .certificateNotBound }
    }

    /// The one value of a signed attribute that stands there once: a SEQUENCE.
    private static func attribute(_ kind: Int32, of signer: OpaquePointer) -> [UInt8]? {
        CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(kind), -3, V_ASN1_SEQUENCE).map {
            SignedTimestamp.bytes($0.assumingMemoryBound(to: ASN1_STRING.self))
        }
    }

    // MARK: - Revocation

    /// Looks each certificate of the chain up in the given lists of its issuer.
    private func revocation(
        of chain: borrowing CertificateList
    ) throws(TimestampRefusal) -> (since: UInt64?, lookedAt: UInt64?) {
        var since: UInt64?
        var lookedAt: UInt64?
        for bytes in authorities.revocationLists {
            guard let list = RevocationList(bytes) else { continue }
            for place in 0..<max(OPENSSL_sk_num(chain.stack) - 1, 0) {
                let certificate = OPENSSL_sk_value(chain.stack, place).map { OpaquePointer($0) }
                let issuer = OPENSSL_sk_value(chain.stack, place + 1).map { OpaquePointer($0) }
                guard list.isSigned(by: issuer) else { continue }
                if place == 0 { lookedAt = max(lookedAt ?? 0, list.date) }
                guard let entry = list.entry(of: certificate) else { continue }
                // RFC 3161 section 4: only these reasons leave what was stamped before, and a reason must be given.
                guard let reason = entry.reason, [0, 3, 4, 5].contains(reason), entry.date > token.time.seconds else {
                    throw .revoked(entry.date)
                }
                since = min(since ?? .max, entry.date)
            }
        }
        return (since, lookedAt)
    }

    /// POSIX seconds of a moment in a certificate; 0 where it is from before 1970 or malformed.
    static func seconds(_ moment: UnsafePointer<ASN1_TIME>?) -> UInt64 {
        // In UTC and of whole seconds, whatever was written.
        guard let text = ASN1_TIME_to_generalizedtime(moment, nil) else { return 0 }
        defer { ASN1_STRING_free(text) }
        return TimestampTime(SignedTimestamp.bytes(text))?.seconds ?? 0
    }
}

/// A list of revoked certificates as OpenSSL holds it.
private struct RevocationList: ~Copyable {
    private let list: OpaquePointer

    init?(_ bytes: [UInt8]) {
        let parsed = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return d2i_X509_CRL(nil, &start, buffer.count)
        }
        guard let parsed else { return nil }
        list = parsed
    }

    deinit { X509_CRL_free(list) }

    /// When it was issued.
    var date: UInt64 { TimestampCheck.seconds(X509_CRL_get0_lastUpdate(list)) }

    /// Whether a certificate issues it, and may.
    func isSigned(by issuer: OpaquePointer?) -> Bool {
        X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) == 0
            && X509_get_key_usage(issuer) & UInt32(KU_CRL_SIGN) != 0
            && X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1
    }

    /// When a certificate was revoked and for which reason, by its number in RFC 5280; nil where it is not on the list.
    func entry(of certificate: OpaquePointer?) -> (date: UInt64, reason: Int?)? {
        var entry: OpaquePointer?
        guard X509_CRL_get0_by_cert(list, &entry, certificate) == 1, let entry else { return nil }
        let reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil)
        defer { ASN1_ENUMERATED_free(reason?.assumingMemoryBound(to: ASN1_ENUMERATED.self)) }
        return (
            TimestampCheck.seconds(X509_REVOKED_get0_revocationDate(entry)),
            reason.map { ASN1_ENUMERATED_get($0.assumingMemoryBound(to: ASN1_ENUMERATED.self)) }
        )
    }
}
