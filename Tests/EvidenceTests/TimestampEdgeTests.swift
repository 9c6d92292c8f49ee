// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Time-stamps that stand just on one side of a rule, and elements of DER that another program would have written.
@Suite("Time-stamps at the edges")
struct TimestampEdgeTests {
    // MARK: - Tokens

    @Test("One signed attribute is not none: the signature does not hold")
    func oneAttribute() throws {
        let contentType: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03]
        let one = try TimestampFixture.response(at: [0, 1, 1, 0, 4, 0, 3]) { attributes in
            let all: [DER.Element] = DER.elements(of: attributes.content) ?? []
            return DER.element(
                attributes.tag, all.filter { $0.content.starts(with: contentType) }.flatMap { Array($0.bytes) })
        }
        let token = try #require(one.token)
        let judgement = try TimestampFixture.authorities("root.pem").judge(
            token, covering: try TimestampFixture.imprint())
        #expect(judgement == .refused(.badSignature))
    }

    // MARK: - Responses

    /// A response with a status and whatever stands behind it, inside the status information and outside.
    private func response(status: [UInt8], inside: [UInt8] = [], outside: [UInt8] = []) -> [UInt8] {
        DER.element(0x30, DER.element(0x30, status + inside) + outside)
    }

    @Test("A status from 2 to 5 comes without a time-stamp, and a granted one with it")
    func statuses() throws {
        let token = try Array(
            #require(DER.elements(of: try TimestampFixture.bytes("rsa.tsr"), tag: 0x30)?.last).bytes)
        for status in 0...6 as ClosedRange<UInt8> {
            let number = DER.element(0x02, [status])
            let alone = try? TimestampResponse(parsing: response(status: number))
            let both = try? TimestampResponse(parsing: response(status: number, outside: token))
            #expect((alone != nil) == (2...5).contains(status), "\(status)")
            #expect((both != nil) == (status <= 1), "\(status)")
            let three = response(status: number, outside: token + token)
            #expect(throws: FormatError.self) { try TimestampResponse(parsing: three) }
        }
    }

    @Test("A response begins with a sequence, and that with an integer")
    func statusTags() throws {
        let malformed = [
            response(status: []), response(status: DER.element(0x04, [2])), response(status: DER.element(0x0A, [2])),
            DER.element(0x30, DER.element(0x31, DER.element(0x02, [2]))), DER.element(0x30, []),
        ]
        for bytes in malformed {
            let error = try #require(throws: FormatError.self) { try TimestampResponse(parsing: bytes) }
            #expect(error.reason == "not a response of a time-stamp authority")
        }
    }

    @Test("Responses have a most length, one and together")
    func mostLength() throws {
        func long(_ count: Int) -> [UInt8] {
            let words = [UInt8](repeating: 0x61, count: count - 19)
            return response(status: DER.element(0x02, [2]), inside: DER.element(0x30, DER.element(0x0C, words)))
        }
        let most = long(65_536)
        #expect(most.count == 65_536 && TimestampResponse.maximumByteCount == 65_536)
        #expect(try TimestampResponse(parsing: most).bytes == most)
        #expect(try TimestampResponse.all(in: most, limit: 1).count == 1)
        #expect(try TimestampResponse.all(in: most + most, limit: 2).count == 2)
        #expect(throws: FormatError("time-stamp response", "longer than 64 KiB")) {
            try TimestampResponse(parsing: most + [0])
        }
        let tooMuch = #expect(throws: FormatError.self) {
            try TimestampResponse.all(in: [0x30, 0x83, 1, 0, 0] + [UInt8](repeating: 0, count: 65_536), limit: 1)
        }
        #expect(tooMuch?.reason.hasPrefix("want 1 to 1") == true)
    }

    // MARK: - Requests

    @Test("A request is read strictly, and says what is wrong")
    func requests() throws {
        let whole = try TimestampRequest(imprint: SHA256.hash([3]), nonce: 5, policy: "1.2.3.4").bytes
        let version = "not of version 1"
        let imprint = "want the SHA-256 of what is to be stamped"
        let rest = "want a nonce of 64 bits at most, and certReq"
        let form = "not as this program writes it"
        let changes: [(path: [Int], reason: String, new: [UInt8])] = [
            ([0, 0], version, [0x02, 0x01, 0x02]), ([0, 0], version, [0x04, 0x01, 0x01]),
            // Another hash function of the same length, and no parameters.
            ([0, 1, 0, 0], imprint, [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x06]),
            ([0, 1, 0, 1], imprint, []), ([0, 1, 1], imprint, [0x04, 0x01, 0x00]),
            ([0, 2], form, [0x06, 0x02, 0x2A, 0x80]),
            ([0, 3], rest, [0x04, 0x01, 0x05]), ([0, 3], rest, [0x02, 0x01, 0x85]), ([0, 3], rest, []),
            ([0, 3], form, [0x02, 0x02, 0x00, 0x05]),
            ([0, 4], form, [0x01, 0x01, 0x00]), ([0, 4], rest, []), ([0, 4], rest, [0x01, 0x01, 0xFF, 0xA0, 0x00]),
        ]
        for (path, reason, new) in changes {
            let bytes = try TimestampFixture.changed(whole[...], at: path[...]) { _ in new }
            let error = try #require(throws: FormatError.self) { try TimestampRequest(parsing: bytes) }
            #expect(error.reason == reason, "\(path) \(new)")
        }
        for count in 0...3 {
            let fields = try #require(DER.elements(of: whole, tag: 0x30)).prefix(count).flatMap { Array($0.bytes) }
            let error = try #require(throws: FormatError.self) {
                try TimestampRequest(parsing: DER.element(0x30, fields))
            }
            #expect(error.reason == "not a sequence")
        }
    }

    @Test("A request has a most length")
    func requestLength() {
        for (count, reason) in [(4_096, "not a sequence"), (4_097, "longer than 4,096 bytes")] {
            #expect(throws: FormatError("time-stamp request", reason)) {
                try TimestampRequest(parsing: [UInt8](repeating: 0, count: count))
            }
        }
    }

    @Test("A policy is digits and points, 256 of them at most")
    func policies() throws {
        for text in ["1.2/3", "1.2:3", "1 2 3", "1.2.3 ", "1.2\0", "1.2\0.3", ".1.2", "1.2.", "-1.2", "1.02"] {
            #expect(throws: FormatError.self, "\(text)") {
                try TimestampRequest(imprint: SHA256.hash([3]), nonce: 1, policy: text)
            }
        }
        let most = "1.2" + String(repeating: ".3", count: 126) + "3"
        #expect(most.utf8.count == 256)
        let request = try TimestampRequest(imprint: SHA256.hash([3]), nonce: 1, policy: most)
        #expect(try TimestampRequest(parsing: request.bytes).policy == most)
        #expect(throws: FormatError.self) {
            try TimestampRequest(imprint: SHA256.hash([3]), nonce: 1, policy: most + "3")
        }
    }

    // MARK: - Judgement

    private func judge(_ name: String, _ list: String) throws -> TimestampJudgement {
        try TimestampFixture.judge(
            name, try TimestampFixture.authorities("edge-root.pem", revocationLists: ["edge-\(list).crl"]))
    }

    @Test("Revoked in the very second of the time-stamp is not revoked later")
    func revokedAtItsSecond() throws {
        let second: UInt64 = 1_772_366_400
        #expect(try judge("edge.tsr", "at-its-second") == .refused(.revoked(second)))
        #expect(try judge("edge.tsr", "after-its-second").valid?.revokedSince == second + 1)
    }

    @Test("An entry that takes a certificate off a list does not revoke it")
    func removed() throws {
        let valid = try #require(try judge("edge.tsr", "removed").valid)
        #expect(valid.revokedSince == nil && valid.revocationLookedAt == 1_777_593_600)
    }

    @Test("A list under another name than the issuer's is not looked at, whoever signed it")
    func anotherName() throws {
        let valid = try #require(try judge("edge.tsr", "under-another-name").valid)
        #expect(valid.revokedSince == nil && valid.revocationLookedAt == nil)
    }

    @Test("A moment before 1970 is 0")
    func before1970() throws {
        #expect(try judge("edge.tsr", "of-1960").valid?.revocationLookedAt == 0)
    }

    @Test("The rest of a chain that is named besides is looked for in the token and in what was given")
    func bindsMore() throws {
        let issuing = try TimestampFixture.authorities("edge-issuing.pem")
        let more = try TimestampFixture.authorities("edge-issuing.pem", intermediates: ["edge-root.pem"])
        #expect(try TimestampFixture.judge("edge.tsr", issuing).valid != nil)
        #expect(try TimestampFixture.judge("edge-binds-chain.tsr", issuing).valid != nil)
        #expect(try TimestampFixture.judge("edge-binds-given.tsr", issuing) == .refused(.certificateNotBound))
        #expect(try TimestampFixture.judge("edge-binds-given.tsr", more).valid != nil)
    }

    @Test("An authority is known by its common name, if it has one, or else by its organisation")
    func names() throws {
        #expect(try TimestampFixture.authorities("edge-root.pem").names == [Array("E".utf8)])
        #expect(try TimestampFixture.authorities("edge-nameless.pem").names == [Array("Fixtures".utf8)])
    }

    @Test("A file of certificates has a most length, and is not looked at beyond it")
    func mostCertificates() {
        for (more, reason) in [(0, "want PEM or DER of X.509"), (1, "longer than 16 MiB")] {
            #expect(throws: FormatError("certificates", reason)) {
                try TimestampAuthorities(
                    certificates: [[0x30] + [UInt8](repeating: 0, count: (1 << 24) - 1 + more)])
            }
        }
    }
}
