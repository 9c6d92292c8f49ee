// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Requests and responses as bytes.
@Suite("Time-stamp form")
struct TimestampFormTests {
    @Test("A response says what the authority states")
    func response() throws {
        let token = try TimestampFixture.token("rsa.tsr")
        #expect(token.imprint == (try TimestampFixture.imprint()))
        #expect(token.time.seconds == 1_772_366_400)
        #expect(token.time.nanoseconds == 250_000_000)
        #expect(token.accuracy == 1_500_007_000)
        #expect(token.bound == 1_772_366_402)
        #expect(token.nonce == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(token.policy == "1.3.6.1.4.1.99999.1")
        #expect(token.serial == [0x12, 0x67])
        #expect(token.name == Array("Fixture Time-Stamps".utf8))
        let whole = try TimestampFixture.token("whole-second.tsr")
        #expect(whole.time.nanoseconds == 0 && whole.accuracy == nil && whole.bound == 1_772_366_400)
        let openssl = try TimestampFixture.token("openssl-rsa.tsr")
        #expect(openssl.accuracy == 2_003_004_000)
        #expect(try TimestampFixture.token("without-certificate.tsr").name == nil)
    }

    @Test(
        "What is no time-stamp of a SHA-256 is refused",
        arguments: [
            ("content-type", "not signed data"), ("sha512-imprint", "not of a SHA-256"),
            ("critical-extension", "an extension"), ("two-signers", "not signed data"),
        ])
    func refused(_ name: String, _ reason: String) throws {
        let bytes = try TimestampFixture.bytes(name + ".tsr")
        let error = try #require(throws: FormatError.self) { try TimestampResponse(parsing: bytes) }
        #expect(error.reason.contains(reason))
    }

    @Test("What is no granted response is refused in the words that the page has too")
    func refusedForms() throws {
        let table = String(decoding: try TimestampFixture.bytes("refused-forms.txt"), as: UTF8.self)
        let lines = table.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count > 30)
        for line in lines {
            let parts = line.split(separator: "\t")
            let digits = Array(parts[0])
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0..<min($0 + 2, digits.count)]), radix: 16)
            }
            #expect(Self.refusal(of: bytes) == parts[1], "\(line)")
        }
    }

    private static func refusal(of bytes: [UInt8]) -> String {
        do throws(FormatError) {
            let response = try TimestampResponse(parsing: bytes)
            return response.token == nil ? "time-stamp response: the authority refused" : "granted"
        } catch {
            return "\(error)"
        }
    }

    @Test("A refusal by the authority is told in its words")
    func rejection() throws {
        let response = try TimestampResponse(parsing: try TimestampFixture.bytes("rejected.tsr"))
        guard case .rejected(let rejection) = response.outcome else {
            Issue.record("granted")
            return
        }
        #expect(rejection.status == 2)
        #expect(rejection.text == Array("this hash function is not accepted".utf8))
        #expect(rejection.failures == ["badAlg"])
        #expect(throws: TimestampMismatch.notGranted(rejection)) {
            try response.checked(imprint: try TimestampFixture.imprint())
        }
    }

    @Test("A response answers one request")
    func checked() throws {
        let response = try TimestampResponse(parsing: try TimestampFixture.bytes("rsa.tsr"))
        let imprint = try TimestampFixture.imprint()
        _ = try response.checked(
            imprint: imprint, nonce: 0x0102_0304_0506_0708, policy: "1.3.6.1.4.1.99999.1")
        _ = try response.checked(imprint: imprint)
        #expect(throws: TimestampMismatch.wrongImprint) { try response.checked(imprint: SHA256.hash([1])) }
        #expect(throws: TimestampMismatch.wrongNonce) { try response.checked(imprint: imprint, nonce: 7) }
        #expect(throws: TimestampMismatch.wrongPolicy("1.3.6.1.4.1.99999.1")) {
            try response.checked(imprint: imprint, policy: "1.3.6.1.4.1.99999.2")
        }
        let without = try TimestampResponse(parsing: try TimestampFixture.bytes("without-nonce.tsr"))
        #expect(throws: TimestampMismatch.wrongNonce) { try without.checked(imprint: imprint, nonce: 0) }
    }

    @Test("Responses stand one behind the other")
    func several() throws {
        let names = ["rsa.tsr", "ecdsa-sha512.tsr", "rejected.tsr"]
        let files = try names.map(TimestampFixture.bytes)
        let all = Array(files.joined())
        #expect(try TimestampResponse.all(in: all, limit: 3).map(\.bytes) == files)
        #expect(throws: FormatError.self) { try TimestampResponse.all(in: all, limit: 2) }
        #expect(throws: FormatError.self) { try TimestampResponse.all(in: [], limit: 2) }
        #expect(throws: FormatError.self) { try TimestampResponse.all(in: all + [0], limit: 4) }
        #expect(throws: FormatError.self) { try TimestampResponse(parsing: files[0] + [0]) }
    }

    @Test("A response that is cut short is refused, wherever")
    func cutShort() throws {
        let bytes = try TimestampFixture.bytes("rsa.tsr")
        for count in bytes.indices {
            #expect(throws: FormatError.self) { try TimestampResponse(parsing: Array(bytes.prefix(count))) }
        }
    }

    @Test("A response longer than 64 KiB is not looked at")
    func tooLong() throws {
        let bytes = [UInt8](repeating: 0x30, count: TimestampResponse.maximumByteCount + 1)
        let error = try #require(throws: FormatError.self) { try TimestampResponse(parsing: bytes) }
        #expect(error.reason.contains("64 KiB"))
    }

    @Test("A token of another version is refused")
    func version() throws {
        var bytes = try TimestampFixture.bytes("rsa.tsr")
        let version: [UInt8] = [0x02, 0x01, 0x01, 0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01]
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: version) })
        bytes[place + 2] = 2
        let error = try #require(throws: FormatError.self) { try TimestampResponse(parsing: bytes) }
        #expect(error.reason == "not of version 1")
    }

    // MARK: - Times

    @Test(
        "A moment is POSIX seconds",
        arguments: [
            ("19700101000000Z", 0, 0), ("20000229120000Z", 951_825_600, 0),
            ("20240229235959.9Z", 1_709_251_199, 900_000_000),
            ("20241231000000Z", 1_735_603_200, 0), ("20261122130402.25Z", 1_795_352_642, 250_000_000),
            ("21000301000000.000000001Z", 4_107_542_400, 1), ("99991231235959Z", 253_402_300_799, 0),
        ] as [(String, UInt64, UInt32)])
    func time(_ text: String, _ seconds: UInt64, _ nanoseconds: UInt32) throws {
        let time = try #require(TimestampTime(text.utf8))
        #expect(time.seconds == seconds && time.nanoseconds == nanoseconds)
    }

    @Test(
        "What is no moment in UTC is refused",
        arguments: [
            "", "20261122130402", "202611221304Z", "20261122130402+0100", "20261122130402.Z", "20261322130402Z",
            "20260229000000Z", "21000229000000Z", "20261100000000Z", "20261122240000Z", "20261122136000Z",
            "20261122130460Z", "19691231235959Z", "2026112213040aZ", "2026112213040/Z", "2026112213040:Z",
            "20260022130402Z", "20261122130402z", "202611221304020", "20261122130402.25X", "2026112213040Z",
            "20261122130402.1234567890Z", "20261122130402,5Z",
        ])
    func noTime(_ text: String) {
        #expect(TimestampTime(text.utf8) == nil)
    }

    @Test("The accuracy is added, and a part of a second counts as one")
    func roundedUp() throws {
        let whole = try #require(TimestampTime("19700101000010Z".utf8))
        let half = try #require(TimestampTime("19700101000010.5Z".utf8))
        #expect(whole.roundedUp(adding: 0) == 10 && whole.roundedUp(adding: 1) == 11)
        #expect(whole.roundedUp(adding: 1_000_000_000) == 11 && half.roundedUp(adding: 0) == 11)
        #expect(half.roundedUp(adding: 500_000_000) == 11 && half.roundedUp(adding: 500_000_001) == 12)
        #expect(half.roundedUp(adding: 3_600_000_000_000) == 3_611)
    }

    // MARK: - Requests

    @Test("A request is what OpenSSL writes", arguments: ["openssl-rsa", "openssl-ecdsa"])
    func request(_ name: String) throws {
        let bytes = try TimestampFixture.bytes(name + ".tsq")
        let request = try TimestampRequest(parsing: bytes)
        #expect(request.imprint == (try TimestampFixture.imprint()))
        #expect(try TimestampRequest(imprint: request.imprint, nonce: request.nonce).bytes == bytes)
        let response = try TimestampResponse(parsing: try TimestampFixture.bytes(name + ".tsr"))
        _ = try response.checked(imprint: request.imprint, nonce: request.nonce)
    }

    @Test(
        "A request is read as it was written",
        arguments: [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max] as [UInt64])
    func requestTwice(_ nonce: UInt64) throws {
        for policy in [nil, "1.2.3.4", "2.999.1000000"] {
            let request = try TimestampRequest(imprint: SHA256.hash([3]), nonce: nonce, policy: policy)
            #expect(try TimestampRequest(parsing: request.bytes) == request)
            for count in request.bytes.indices {
                #expect(throws: FormatError.self) {
                    try TimestampRequest(parsing: Array(request.bytes.prefix(count)))
                }
            }
        }
    }

    @Test("What is no object identifier is no policy", arguments: ["", "1", "a", "1.2.3.a", "9.9", "1..2"])
    func policy(_ text: String) throws {
        #expect(throws: FormatError.self) {
            try TimestampRequest(imprint: SHA256.hash([3]), nonce: 1, policy: text)
        }
    }
}
