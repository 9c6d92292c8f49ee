// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What an authority states, element by element: each change of a TSTInfo that is still read, and each that is not.
@Suite("Time-stamp tokens")
struct TimestampTokenTests {
    /// Where the TSTInfo is in a response.
    private static let info = [0, 1, 1, 0, 2, 1, 0, 0]

    /// The token of `rsa.tsr` with another element at a place of its TSTInfo.
    @discardableResult
    private func token(at path: [Int], _ change: (DER.Element) -> [UInt8]) throws -> TimestampToken {
        try #require(try TimestampFixture.response(at: Self.info + path, change).token)
    }

    private func expectRefused(_ reason: String, at path: [Int], _ change: (DER.Element) -> [UInt8]) throws {
        let error = #expect(throws: FormatError.self) { try token(at: path, change) }
        #expect(error?.reason == reason)
    }

    /// A change that leaves only the first elements of a TSTInfo, and puts others behind them.
    private func first(_ count: Int, and more: [UInt8] = []) -> (DER.Element) -> [UInt8] {
        { info in
            let fields: [DER.Element] = DER.elements(of: info.content) ?? []
            return DER.element(0x30, fields.prefix(count).flatMap { Array($0.bytes) } + more)
        }
    }

    // MARK: - What must be there

    @Test("What is not changed is read as before")
    func unchanged() throws {
        #expect(try token(at: [3]) { Array($0.bytes) } == TimestampFixture.token("rsa.tsr"))
    }

    @Test("A TSTInfo has at least five elements")
    func cutOff() throws {
        for count in 0...4 { try expectRefused("its TSTInfo is malformed", at: [], first(count)) }
        let least = try token(at: [], first(5))
        #expect(least.serial == [0x12, 0x67] && least.nonce == nil && least.accuracy == nil)
    }

    @Test("A policy is an object identifier, and none of another class")
    func policyTag() throws {
        for tag in [0x04, 0x46, 0x86] as [UInt8] {
            try expectRefused("its policy is malformed", at: [1]) { DER.element(tag, Array($0.content)) }
        }
    }

    @Test("A policy has 511 characters at most")
    func policyLength() throws {
        let most: [UInt8] = [0x2A] + [UInt8](repeating: 3, count: 254)
        let policy = try token(at: [1]) { _ in DER.element(0x06, most) }.policy
        #expect(policy == "1.2" + String(repeating: ".3", count: 254) && policy.utf8.count == 511)
        // One character more; and one number of so many bits that OpenSSL does not write it.
        let longer: [UInt8] = most.dropLast() + [10]
        let number: [UInt8] = [0x2A] + [UInt8](repeating: 0xFF, count: 600) + [1]
        for content in [longer, most + [3], number] {
            try expectRefused("its policy is malformed", at: [1]) { _ in DER.element(0x06, content) }
        }
    }

    @Test("What is stamped is a SHA-256, with the parameters that it has, or without")
    func imprint() throws {
        let sha256: [UInt8] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        // SHA3-256 is as long.
        let another: [UInt8] = sha256.dropLast() + [0x08]
        let none: [UInt8] = [0x05, 0x00]
        let hash = try TimestampFixture.imprint()
        func imprint(
            _ algorithm: [UInt8], _ more: [UInt8] = [], tags: [UInt8] = [0x30, 0x30, 0x04], count: Int = 32
        ) -> [UInt8] {
            let value = DER.element(tags[2], Array(hash.bytes.prefix(count)))
            return DER.element(tags[0], DER.element(tags[1], algorithm) + value + more)
        }
        for algorithm in [sha256, sha256 + none] {
            #expect(try token(at: [2]) { _ in imprint(algorithm) }.imprint == hash)
        }
        for wrong in [
            imprint([]), imprint(another), imprint(another + none), imprint(sha256 + none + none),
            imprint(sha256 + [0x04, 0x00]), imprint(sha256 + [0x05, 0x01, 0x00]), imprint(sha256, none),
            imprint(sha256, tags: [0x31, 0x30, 0x04]), imprint(sha256, tags: [0x30, 0x31, 0x04]),
            imprint(sha256, tags: [0x30, 0x30, 0x05]), imprint(sha256, count: 31), DER.element(0x30, []),
            DER.element(0x30, DER.element(0x30, sha256)), DER.element(0x30, [0x30]),
        ] {
            try expectRefused("it is not of a SHA-256", at: [2]) { _ in wrong }
        }
    }

    @Test("A serial number is an integer of at most 64 bytes")
    func serial() throws {
        let most = [UInt8](repeating: 1, count: 64)
        #expect(try token(at: [3]) { _ in DER.element(0x02, most) }.serial == most)
        try expectRefused("its serial is malformed", at: [3]) { _ in DER.element(0x02, most + [1]) }
        try expectRefused("its serial is malformed", at: [3]) { DER.element(0x04, Array($0.content)) }
    }

    @Test("A time is a GeneralizedTime, and nothing else that reads like one")
    func time() throws {
        for tag in [0x17, 0x0C] as [UInt8] {
            try expectRefused("its time is malformed", at: [4]) { DER.element(tag, Array($0.content)) }
        }
    }

    // MARK: - What may be there

    @Test("An accuracy is seconds, milliseconds and microseconds, each of which may be left out")
    func accuracy() throws {
        let second = DER.element(0x02, DER.integer(UInt64(UInt32.max)))
        let (milli, micro) = (DER.element(0x80, [0x03, 0xE7]), DER.element(0x81, [0x03, 0xE7]))
        for (content, expected) in [
            ([], 0), (second, 4_294_967_295_000_000_000), (milli, 999_000_000), (micro, 999_000),
            (milli + micro, 999_999_000), (second + milli + micro, 4_294_967_295_999_999_000),
        ] as [([UInt8], UInt64)] {
            #expect(try token(at: [], first(5, and: DER.element(0x30, content))).accuracy == expected)
        }
        for content in [
            DER.element(0x02, DER.integer(1 << 32)), DER.element(0x80, [0x03, 0xE8]), DER.element(0x81, [0x03, 0xE8]),
            DER.element(0x02, [0xFF]), micro + milli, milli + milli, second + DER.element(0x82, [1]), [0x02],
        ] {
            try expectRefused("its accuracy is malformed", at: [], first(5, and: DER.element(0x30, content)))
        }
    }

    @Test("Whether an authority keeps its time-stamps in order is one byte")
    func ordering() throws {
        for value in [0x00, 0xFF] as [UInt8] { try token(at: [], first(5, and: [0x01, 0x01, value])) }
        for element in [[0x01, 0x00], [0x01, 0x02, 0xFF, 0xFF]] as [[UInt8]] {
            try expectRefused("its ordering is malformed", at: [], first(5, and: element))
        }
    }

    @Test("A nonce has 64 bytes at most")
    func nonce() throws {
        let most = [UInt8](repeating: 1, count: 64)
        #expect(try token(at: [], first(5, and: DER.element(0x02, most))).nonce == most)
        try expectRefused("its nonce is malformed", at: [], first(5, and: DER.element(0x02, most + [1])))
    }

    @Test("An extension may be passed over unless it is critical")
    func extensions() throws {
        let name: [UInt8] = [0x06, 0x02, 0x2A, 0x03]
        func extended(_ content: [UInt8]) -> (DER.Element) -> [UInt8] { first(5, and: DER.element(0xA1, content)) }
        let value: [UInt8] = [0x04, 0x00]
        let plain = DER.element(0x30, name + value)
        for content in [[], plain, plain + plain, DER.element(0x30, name + [0x01, 0x01, 0x00] + value)] {
            try token(at: [], extended(content))
        }
        for content in [
            DER.element(0x30, name + [0x01, 0x01, 0xFF] + value), DER.element(0x30, name + [0x01, 0x01, 0x01] + value),
            plain + DER.element(0x30, name + [0x01, 0x02, 0x00, 0x01]), DER.element(0x31, name + value),
            DER.element(0x30, [0x06]), [0x30],
        ] {
            try expectRefused("it has an extension that this version does not know", at: [], extended(content))
        }
    }

    @Test("Nothing stands behind what is known, or in another order")
    func more() throws {
        for more in [[0x04, 0x00], [0x02, 0x01, 0x01, 0x01, 0x01, 0xFF], [0x02, 0x01, 0x01, 0x02, 0x01, 0x01]]
            as [[UInt8]]
        {
            try expectRefused("its TSTInfo is malformed", at: [], first(5, and: more))
        }
    }
}
