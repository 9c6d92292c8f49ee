// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import TransparencyLog

@Suite("Secrets in memory")
struct SecretBytesTests {
    @Test("What was taken is wiped where it was, and lent as it was")
    func taking() throws {
        for count in [0, 1, 32, 64, 5000] {
            let original = (0..<count).map { UInt8(truncatingIfNeeded: $0 + 1) }
            var bytes = original
            let secret = try #require(SecretBytes(consuming: &bytes))
            #expect(bytes == [UInt8](repeating: 0, count: count))
            #expect(secret.withUnsafeBytes { Array($0) } == original)
            #expect(secret.count == count)
        }
    }

    @Test("Nobody writes where it is kept", .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/maps")))
    func isOnlyRead() throws {
        var bytes: [UInt8] = [1, 2, 3]
        let secret = try #require(SecretBytes(consuming: &bytes))
        let maps = try #require(try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/maps")).readToEnd())
        let permissions: [Substring] = secret.withUnsafeBytes { bytes in
            let place = UInt(bitPattern: bytes.baseAddress)
            return String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap { line in
                // 7f00a000-7f00b000 r--p 00000000 00:00 0
                let parts = line.split(separator: " ")
                let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                return ends.count == 2 && (ends[0]..<ends[1]).contains(place) ? parts[1] : nil
            }
        }
        #expect(permissions == ["r--p"])
    }

    @Test("Two match if every byte does")
    func matching() throws {
        func secret(_ bytes: [UInt8]) throws -> SecretBytes {
            var bytes = bytes
            return try #require(SecretBytes(consuming: &bytes))
        }
        let one = try secret([1, 2, 3])
        #expect(one.matches(try secret([1, 2, 3])))
        let others: [[UInt8]] = [[1, 2], [1, 2, 3, 4], [1, 2, 4], [0, 2, 3], []]
        for other in others { #expect(!one.matches(try secret(other))) }
    }

    @Test("A key or a secret shows nothing of itself when it is printed")
    func printing() throws {
        var bytes: [UInt8] = Array("a secret of 32 bytes, no less!!!".utf8)
        let key = try #require(Ed25519.PrivateKey(seed: bytes))
        let secret = try #require(SecretBytes(consuming: &bytes))
        var dumped = ""
        dump((key, secret), to: &dumped)
        #expect(!dumped.contains("97") && !dumped.contains("61"), "the first bytes of it in decimal or hexadecimal")
        #expect("\(secret)" == "secret" && "\(key)" == "private key")
    }
}
