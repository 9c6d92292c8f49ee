// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A token's CMS SignedData as OpenSSL holds it, while it is read or judged: one signer, and a TSTInfo as content.
struct SignedTimestamp: ~Copyable {
    /// The ContentInfo.
    let cms: OpaquePointer
    /// The TSTInfo, DER.
    let content: [UInt8]
    /// The one SignerInfo, which belongs to `cms`.
    let signerInfo: OpaquePointer

    /// Reads a token; nil where it is something else.
    init?(parsing bytes: [UInt8]) {
        let parsed = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            guard let cms = d2i_CMS_ContentInfo(nil, &start, buffer.count) else { return nil }
            guard start == buffer.baseAddress.map({ $0 + buffer.count }) else {
                CMS_ContentInfo_free(cms)
                return nil
            }
            return cms
        }
        guard let cms = parsed else { return nil }
        // Nothing but SignedData has a set of SignerInfos.
        guard OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_id_smime_ct_TSTInfo,
            let place = CMS_get0_content(cms), let string = place.pointee,
            let signers = CMS_get0_SignerInfos(cms), OPENSSL_sk_num(signers) == 1,
            let signer = OPENSSL_sk_value(signers, 0)
        else {
            CMS_ContentInfo_free(cms)
            return nil
        }
        self.cms = cms
        content = Self.bytes(string)
        signerInfo = OpaquePointer(signer)
    }

    deinit { CMS_ContentInfo_free(cms) }

    /// The signer's certificate, if the token carries it. It belongs to the token.
    func embeddedSigner() -> OpaquePointer? {
        // Only looks it up: nothing says yet that the signature is by its key.
        CMS_set1_signers_certs(cms, nil, 0)
        return signer
    }

    /// The signer's certificate, once it was found.
    var signer: OpaquePointer? {
        var certificate: OpaquePointer?
        CMS_SignerInfo_get0_algs(signerInfo, nil, &certificate, nil, nil)
        return certificate
    }

    /// The bytes of a string.
    static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }
}

/// Names in certificates.
enum X509Name {
    /// The common name, or else the organisation, or else the unit: what a person knows an authority by.
    static func display(_ name: OpaquePointer?) -> [UInt8]? {
        guard let name else { return nil }
        for kind in [NID_commonName, NID_organizationName, NID_organizationalUnitName] {
            // No entry is at -1, where a name has none of this kind.
            let place = X509_NAME_get_index_by_NID(name, kind, -1)
            guard let entry = X509_NAME_get_entry(name, place), let string = X509_NAME_ENTRY_get_data(entry) else {
                continue
            }
            var text: UnsafeMutablePointer<UInt8>?
            let count = ASN1_STRING_to_UTF8(&text, string)
            guard count > 0, let text else { continue }
            defer { CRYPTO_free(text, #file, #line) }
            return Array(UnsafeBufferPointer(start: text, count: min(Int(count), 256)))
        }
        return nil
    }
}
