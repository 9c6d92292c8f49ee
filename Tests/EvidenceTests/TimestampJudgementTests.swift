// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Time-stamps under given certificates: what is valid, and each reason for which one is not.
@Suite("Time-stamp judgement")
struct TimestampJudgementTests {
    @Test(
        "What the rules allow is valid",
        arguments: [
            "rsa", "without-nonce", "by-key-identifier", "first-version-binding", "with-changes", "whole-second",
            "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512", "extension",
        ])
    func valid(_ name: String) throws {
        let judgement = try TimestampFixture.judge(name + ".tsr", try TimestampFixture.authorities("root.pem"))
        let valid = try #require(judgement.valid, "\(judgement)")
        #expect(valid.token == (try TimestampFixture.token(name + ".tsr")))
        #expect(valid.revokedSince == nil && valid.revocationLookedAt == nil)
    }

    @Test("Tokens that other software made are valid", arguments: ["openssl-rsa", "openssl-ecdsa", "pyhanko"])
    func interoperates(_ name: String) throws {
        let root = name.prefix { $0 != "-" } + "-root.pem"
        let judgement = try TimestampFixture.judge(name + ".tsr", try TimestampFixture.authorities(String(root)))
        #expect(judgement.valid != nil, "\(judgement)")
    }

    @Test(
        "Each thing that is wrong has its own reason",
        arguments: [
            ("without-attributes", .certificateNotBound), ("unbound", .certificateNotBound),
            ("bound-to-another", .certificateNotBound),
            ("sha1", .unsupportedHash), ("content-attribute", .badSignature),
            ("without-certificate", .certificateMissing), ("without-issuer", .unknownAuthority),
            ("purpose-missing", .wrongPurpose), ("purpose-not-critical", .wrongPurpose),
            ("purpose-another", .wrongPurpose), ("purpose-two", .wrongPurpose),
            ("purpose-unknown-besides", .wrongPurpose), ("key-usage", .wrongPurpose),
            ("before-certificate", .notYetValid), ("after-certificate", .expired), ("weak-key", .weakCertificate),
        ] as [(String, TimestampRefusal)])
    func refused(_ name: String, _ reason: TimestampRefusal) throws {
        let judgement = try TimestampFixture.judge(name + ".tsr", try TimestampFixture.authorities("root.pem"))
        #expect(judgement == .refused(reason))
    }

    @Test("An issuer that may not issue breaks the chain")
    func brokenChain() throws {
        let authorities = try TimestampFixture.authorities("root.pem")
        let judgement = try TimestampFixture.judge("issuer-is-no-authority.tsr", authorities)
        guard case .refused(.brokenChain) = judgement else {
            Issue.record("\(judgement)")
            return
        }
    }

    @Test("A root that had expired by then does not stand behind it")
    func rootExpired() throws {
        let judgement = try TimestampFixture.judge("root-expired.tsr", try TimestampFixture.authorities("old-root.pem"))
        #expect(judgement == .refused(.expired))
    }

    @Test("Under nobody's certificates, and under another's, the authority is unknown")
    func unknownAuthority() throws {
        for authorities in [TimestampAuthorities(), try TimestampFixture.authorities("another-root.pem")] {
            #expect(try TimestampFixture.judge("rsa.tsr", authorities) == .refused(.unknownAuthority))
        }
    }

    @Test("Certificates that the token lacks may be given")
    func given() throws {
        let issuer = try TimestampFixture.authorities("root.pem", intermediates: ["issuing.pem"])
        #expect(try TimestampFixture.judge("without-issuer.tsr", issuer).valid != nil)
        let both = try TimestampFixture.authorities("root.pem", intermediates: ["issuing.pem", "signer.pem"])
        #expect(try TimestampFixture.judge("without-certificate.tsr", both).valid != nil)
    }

    @Test("An intermediate certificate can be relied on by itself")
    func intermediateAnchor() throws {
        let issuing = try TimestampFixture.authorities("issuing.pem")
        #expect(try TimestampFixture.judge("rsa.tsr", issuing).valid != nil)
    }

    @Test("Another hash is another imprint")
    func wrongImprint() throws {
        let authorities = try TimestampFixture.authorities("root.pem")
        let judgement = authorities.judge(try TimestampFixture.token("rsa.tsr"), covering: SHA256.hash([1]))
        #expect(judgement == .refused(.wrongImprint))
    }

    @Test("A certificate that expires later leaves the time-stamp valid, and says when")
    func expiredSince() throws {
        let judgement = try TimestampFixture.judge("rsa.tsr", try TimestampFixture.authorities("root.pem"))
        let valid = try #require(judgement.valid)
        #expect(valid.certificateEnd == 1_775_001_600)
        #expect(valid.authority == Array("Fixture Time-Stamps".utf8))
    }

    // MARK: - Revocation

    private static let march: UInt64 = 1_772_323_200
    private static let april: UInt64 = 1_775_001_600
    private static let may: UInt64 = 1_777_593_600

    @Test(
        "Revoked later, for a reason that leaves what was stamped before",
        arguments: ["unspecified", "affiliation", "superseded", "cessation"])
    func revokedSince(_ reason: String) throws {
        let authorities = try TimestampFixture.authorities(
            "root.pem", revocationLists: ["revoked-after-\(reason).crl"])
        let valid = try #require(try TimestampFixture.judge("rsa.tsr", authorities).valid)
        #expect(valid.revokedSince == Self.april)
        #expect(valid.revocationLookedAt == Self.may)
    }

    @Test(
        "Revoked later, for a reason that leaves nothing", arguments: ["compromise", "hold", "without-reason"])
    func revokedForAll(_ reason: String) throws {
        let authorities = try TimestampFixture.authorities(
            "root.pem", revocationLists: ["revoked-after-\(reason).crl"])
        #expect(try TimestampFixture.judge("rsa.tsr", authorities) == .refused(.revoked(Self.april)))
    }

    @Test("Revoked before")
    func revokedBefore() throws {
        let authorities = try TimestampFixture.authorities("root.pem", revocationLists: ["revoked-before.crl"])
        #expect(
            try TimestampFixture.judge("rsa.tsr", authorities) == .refused(.revoked(Self.march - 28 * 86_400)))
    }

    @Test("One list that names it is enough, in whatever order")
    func severalLists() throws {
        for lists in [["revoked-none.crl", "revoked-before.crl"], ["revoked-before.crl", "revoked-none.crl"]] {
            let authorities = try TimestampFixture.authorities("root.pem", revocationLists: lists)
            #expect(try TimestampFixture.judge("rsa.tsr", authorities).valid == nil)
        }
    }

    @Test("A list that does not name it is looked at; one that another signed is not")
    func lists() throws {
        let none = try TimestampFixture.authorities("root.pem", revocationLists: ["revoked-none.crl"])
        #expect(try TimestampFixture.judge("rsa.tsr", none).valid?.revocationLookedAt == Self.may)
        let forged = try TimestampFixture.authorities("root.pem", revocationLists: ["revoked-forged.crl"])
        let valid = try #require(try TimestampFixture.judge("rsa.tsr", forged).valid)
        #expect(valid.revocationLookedAt == nil)
    }

    @Test("A list by an issuer that may not issue lists is not looked at")
    func unentitled() throws {
        let authorities = try TimestampFixture.authorities("root.pem", revocationLists: ["revoked-unentitled.crl"])
        let valid = try #require(try TimestampFixture.judge("issuer-lists-nothing.tsr", authorities).valid)
        #expect(valid.revocationLookedAt == nil)
    }

    @Test("An issuer that was revoked counts as its certificates do")
    func issuerRevoked() throws {
        let before = try TimestampFixture.authorities("root.pem", revocationLists: ["issuer-revoked-before.crl"])
        #expect(
            try TimestampFixture.judge("rsa.tsr", before) == .refused(.revoked(Self.march - 28 * 86_400)))
        let after = try TimestampFixture.authorities("root.pem", revocationLists: ["issuer-revoked-after.crl"])
        #expect(try TimestampFixture.judge("rsa.tsr", after).valid?.revokedSince == Self.april)
    }

    // MARK: - Damage

    @Test("No flipped bit gives another time, hash or number that is valid", arguments: ["rsa", "ecdsa-sha256"])
    func flips(_ name: String) throws {
        let bytes = try TimestampFixture.bytes(name + ".tsr")
        let authorities = try TimestampFixture.authorities("root.pem")
        let imprint = try TimestampFixture.imprint()
        let token = try TimestampFixture.token(name + ".tsr")
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            guard let other = (try? TimestampResponse(parsing: damaged))?.token,
                let valid = authorities.judge(other, covering: imprint).valid
            else { continue }
            let isSame =
                valid.token.time == token.time && valid.token.imprint == token.imprint
                && valid.token.serial == token.serial && valid.token.accuracy == token.accuracy
                && valid.token.nonce == token.nonce && valid.token.policy == token.policy
                && valid.authority == Array((name == "rsa" ? "Fixture Time-Stamps" : "Fixture Curves").utf8)
            #expect(isSame, "byte \(place)")
        }
    }

    @Test("What is no certificate is refused")
    func certificates() throws {
        let pem = try TimestampFixture.bytes("root.pem")
        let cut = Array(pem.dropLast(40))
        let malformed: [[UInt8]] = [[], Array("nothing".utf8), [0x30, 0x00], cut, pem + cut]
        for bytes in malformed {
            #expect(throws: FormatError.self) { try TimestampAuthorities(certificates: [bytes]) }
        }
        #expect(throws: FormatError.self) {
            try TimestampAuthorities(certificates: [pem], revocationLists: [pem])
        }
        let twice = try TimestampAuthorities(certificates: [pem + pem])
        #expect(twice.names == [Array("Fixture Root".utf8)])
    }
}
