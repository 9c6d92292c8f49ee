// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// What an encrypted PKCS#8 key asks for before it can be known whether a passphrase opens it (RFC 8018, RFC 7914).
///
/// The file says so itself, and whoever made it may have asked for days of work.
enum KeyDerivationCost {
    /// The most rounds of PBKDF2, or of the older schemes: some ten seconds.
    static let maximumRounds: UInt64 = 20_000_000
    /// The most times that scrypt fills its memory. How much memory that is OpenSSL bounds itself (32 MiB).
    static let maximumParallelization: UInt64 = 64

    /// Whether it is at most that; what is in no known form is not.
    static func isBearable(_ sealed: OpaquePointer) -> Bool {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_SIG_get0(sealed, &algorithm, nil)
        guard let algorithm = algorithm?.pointee else { return false }
        guard OBJ_obj2nid(algorithm.algorithm) == NID_pbes2 else {
            return with(algorithm, PBEPARAM_it(), as: PBEPARAM.self, free: PBEPARAM_free) {
                isAtMost(maximumRounds, $0.iter)
            }
        }
        return with(algorithm, PBE2PARAM_it(), as: PBE2PARAM.self, free: PBE2PARAM_free) { scheme in
            guard let derivation = scheme.keyfunc?.pointee else { return false }
            return switch OBJ_obj2nid(derivation.algorithm) {
            case NID_id_pbkdf2:
                with(derivation, PBKDF2PARAM_it(), as: PBKDF2PARAM.self, free: PBKDF2PARAM_free) {
                    isAtMost(maximumRounds, $0.iter)
                }
            case NID_id_scrypt:
                with(derivation, SCRYPT_PARAMS_it(), as: SCRYPT_PARAMS.self, free: SCRYPT_PARAMS_free) {
                    isAtMost(maximumParallelization, $0.parallelizationParameter)
                }
            default: false
            }
        }
    }

    /// Reads the parameters of an algorithm, and asks about them.
    private static func with<Parameters>(
        _ algorithm: X509_ALGOR, _ form: OpaquePointer?, as type: Parameters.Type,
        free: (UnsafeMutablePointer<Parameters>?) -> Void, _ ask: (Parameters) -> Bool
    ) -> Bool {
        guard let unpacked = ASN1_TYPE_unpack_sequence(form, algorithm.parameter) else { return false }
        let parameters = unpacked.assumingMemoryBound(to: type)
        defer { free(parameters) }
        return ask(parameters.pointee)
    }

    private static func isAtMost(_ maximum: UInt64, _ number: UnsafePointer<ASN1_INTEGER>?) -> Bool {
        var value: UInt64 = 0
        return ASN1_INTEGER_get_uint64(&value, number) == 1 && value <= maximum
    }
}
