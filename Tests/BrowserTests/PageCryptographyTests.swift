// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The cryptography of the pages, computed in the browser, against the vectors of RFC 7693, 7748, 7914, 8032, 8439 and
/// draft-irtf-cfrg-xchacha, and against what libsodium 1.0.18 gave for the same inputs.
@Suite("Cryptography in a page", .enabled(if: ServedPage.isAvailable))
struct PageCryptographyTests {
    private static let files = [
        "bytes", "sha256", "sha512", "note", "ed25519", "verifier-key", "sealed-list", "turns", "randomness", "salsa20",
        "chacha20", "poly1305", "blake2b", "x25519", "ed25519-sign", "sealed-box", "secretstream", "scrypt", "pkcs8",
        "proquint", "paper-words", "slice-cut",
    ]

    /// The inputs that libsodium was given, and short names for longer calls.
    private static let inputs = """
        Object.assign(globalThis, {
          message: (n) => Uint8Array.from({ length: n }, (_, i) => (13 * i + 5) & 255),
          seed: Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1),
          key: Uint8Array.from({ length: 32 }, (_, i) => 255 - i),
          nonce: Uint8Array.from({ length: 24 }, (_, i) => 200 - i),
          sign: (seed, message) => ed25519Sign(bytesOfHex(message), bytesOfHex(seed), ed25519PublicKey(bytesOfHex(seed))),
          scrypted: (word, salt, n, r, p) => scrypt(utf8(word), utf8(salt), n, r, p, 64),
          chachaBlock: (key, nonce, counter) => {
            const block = new Uint8Array(64);
            chacha20Xor(block, bytesOfHex(key), bytesOfHex(nonce), counter);
            return block;
          },
          poly: (n) => new Poly1305(key).update(message(n).subarray(0, 7)).update(message(n).subarray(7)).finish(),
          opened: (box) => openBox(
            bytesOfHex(box), ed25519ToCurve25519(ed25519PublicKey(seed)), ed25519SeedToCurve25519(seed)),
          streamed: (header, lengths) => {
            const [writer, reader] = [0, 1].map(() => new SecretStream(key, bytesOfHex(header)));
            return concat(...lengths.map((length, i) => {
              const chunk = writer.seal(message(length), i === lengths.length - 1);
              const { plain, isLast } = reader.open(chunk);
              if (!equalBytes(plain, message(length)) || isLast !== (i === lengths.length - 1)) throw new Error("open");
              return chunk;
            }));
          },
          // One flipped bit anywhere in a box or a chunk, and nothing opens.
          changed: () => {
            const box = secretboxSeal(message(20), nonce, seed);
            const chunk = new SecretStream(key, nonce).seal(message(20), true);
            const isRefused = (bytes, open) => [...bytes].every((byte, i) => {
              const other = bytes.slice();
              other[i] ^= 1 << (i % 8);
              return open(other) === null;
            });
            return isRefused(box, (other) => secretboxOpen(other, nonce, seed))
              && isRefused(chunk, (other) => new SecretStream(key, nonce).open(other))
              && secretboxOpen(box, nonce, seed) !== null;
          },
        })
        """

    private static let vectors: [(code: String, value: String)] = [
        (
            #"hexOf(await signWithSeed(message(9), seed, ed25519PublicKey(seed))) "#
                + #"=== hexOf(ed25519Sign(message(9), seed, ed25519PublicKey(seed)))"#,
            "true"
        ),
        (
            #"hexOf(ed25519PublicKey(bytesOfHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7"#
                + #"f60')))"#,
            #"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"#
        ),
        (
            #"hexOf(sign('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', ''))"#,
            #"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"#
                + #"d25bf5f0595bbe24655141438e7a100b"#
        ),
        (
            #"hexOf(sign('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'af82'))"#,
            #"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"#
                + #"4a7c15e9716ed28dc027beceea1ec40a"#
        ),
        (
            #"hexOf(x25519(bytesOfHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'), byt"#
                + #"esOfHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')))"#,
            #"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"#
        ),
        (
            #"hexOf(blake2b(utf8('abc'), 64))"#,
            #"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc95"#
                + #"18d38aa8dbf1925ab92386edd4009923"#
        ),
        (
            #"hexOf(new Poly1305(bytesOfHex('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b'"#
                + #")).update(utf8('Cryptographic Forum Research Group')).finish())"#,
            #"a8061dc1305136c6c22b8baf0c0127a9"#
        ),
        (
            #"hexOf(await scrypted('password', 'NaCl', 1024, 8, 16))"#,
            #"fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da"#
                + #"c727afb94a83ee6d8360cbdfa2cc0640"#
        ),
        (
            #"hexOf(hchacha20(bytesOfHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'), "#
                + #"bytesOfHex('000000090000004a0000000031415927')))"#,
            #"82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"#
        ),
        (
            #"hexOf(chachaBlock('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '000000090"#
                + #"000004a00000000', 1))"#,
            #"10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2"#
                + #"b5129cd1de164eb9cbd083e8a2503c4e"#
        ),
        (
            #"hexOf(ed25519PublicKey(seed))"#,
            #"e4030998cfd5ad1723c169f956aa0b9eb8619b5992bd612c2af428ebc79f8df0"#
        ),
        (
            #"hexOf(sha256(ed25519Sign(message(300), seed, ed25519PublicKey(seed))))"#,
            #"4c2fb3429788912bcf030e17ce76af870b7df1ba4e1ac2c3c5f60643134094a6"#
        ),
        (
            #"hexOf(ed25519ToCurve25519(ed25519PublicKey(seed)))"#,
            #"ce145f7279f86e1c1d55d23d50ce327c861c4bd7b76e7895e34d24dc4fa6ab33"#
        ),
        (
            #"hexOf(x25519Public(ed25519SeedToCurve25519(seed)))"#,
            #"ce145f7279f86e1c1d55d23d50ce327c861c4bd7b76e7895e34d24dc4fa6ab33"#
        ),
        (
            #"hexOf(sha256(secretboxSeal(message(0), nonce, seed)))"#,
            #"84dd14961b93711fbc04dda0671db671cba3bfbbf0880e268774cc9068778f26"#
        ),
        (
            #"hexOf(sha256(secretboxSeal(message(75), nonce, seed)))"#,
            #"311b2f3a440eae8299145d17a6c2281ccaa68c021785e760beddcf21a23bc3d0"#
        ),
        (
            #"hexOf(sha256(secretboxSeal(message(300), nonce, seed)))"#,
            #"ed2481f2f2a833e8fbdddacdc477791e6bd4a674c9d54ebd2946e3596d6ad826"#
        ),
        (
            #"hexOf(blake2b(message(0), 24))"#,
            #"ab3b5331a7135ed50d0f182d026e60abdb3646fd51bcf8a3"#
        ),
        (
            #"hexOf(blake2b(message(100), 24))"#,
            #"bd37c3903cadee69b3280c4ec7c98df2d55562873bda6c61"#
        ),
        (
            #"hexOf(blake2b(message(200), 24))"#,
            #"c3ac717ccfbca0de5d26c790c43973ef69782947fac2b703"#
        ),
        (
            #"hexOf(blake2b(message(300), 24))"#,
            #"bdc8dbfafdedb4c8646f64d152e89ab52cddc0204f221bd0"#
        ),
        (
            #"hexOf(poly(0))"#,
            #"efeeedecebeae9e8e7e6e5e4e3e2e1e0"#
        ),
        (
            #"hexOf(poly(17))"#,
            #"0a310763d94b18c3fb8aa529e9a06988"#
        ),
        (
            #"hexOf(poly(60))"#,
            #"3bf69ad68f0b94d47417d04bec84ac62"#
        ),
        (
            #"hexOf(poly(300))"#,
            #"51404246f5f84824f44ba67631e304ee"#
        ),
        (
            #"hexOf(new Poly1305(new Uint8Array(32).fill(255)).update(new Uint8Array(64).fill(255)).finish())"#,
            #"900fe32bc15fa8d7bca8efe4c7e37eb1"#
        ),
        (
            #"hexOf(opened('162db4cdf30cff853678b441e49d8f475ba6acb8c6c48ad94b61bf10bf84b84503ccd2f3e06290181f"#
                + #"d9b8a5c96861d4e58663ed8e664fd4d4707897a789cc193e31ced931a021fa815b03fa833c1ecf'))"#,
            #"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"#
        ),
        (
            #"hexOf(sha256(streamed('d857fca8f37c03e62747913a936575d5dfbfbab811f05047', [64, 0, 1, 15, 17, 30"#
                + #"0])))"#,
            #"191387631b38324700a44216380d70ad750dccf7155cfeabdf1bfa34cf105ce6"#
        ),
        (
            #"hexOf(opened(hexOf(sealBox(key, ed25519ToCurve25519(ed25519PublicKey(seed))))))"#,
            #"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"#
        ),
        (
            #"String(changed())"#,
            #"true"#
        ),
        (
            #"JSON.stringify([...sliceLengths(utf8('Q. When were you taken?\nIt’s 问:他们\n\nend'))])"#,
            #"[3,5,5,4,7,7,4,3,4,1,3]"#
        ),
        (
            #"JSON.stringify(paperWordsIn('1 Lusab 2. BABAD\nlusab'))"#,
            #"["lusab","babad","lusab"]"#
        ),
        (
            #"proquint(0x7f00) + proquint(1) + proquintValue('lusab') + proquintValue('lexab')"#,
            #"lusabbabad32512null"#
        ),
        (
            #"JSON.stringify(paperSuggestions('gelot').slice(0, 2))"#,
            #"["galot","gilot"]"#
        ),
    ]

    @Test func vectors() throws {
        let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/LedgerService/Web").standardizedFileURL
        var page = ServedPage()
        page.scripts = Self.files.map { web.appendingPathComponent($0 + ".js").path }
        let steps = Self.vectors.enumerated().map {
            ServedPage.Step.evaluate("(async () => \($1.code))()", as: "\($0)")
        }
        let seen = try page.doing([.evaluate(Self.inputs + ", 0", as: "inputs")] + steps)
        #expect(seen.faults == [])
        for (number, vector) in Self.vectors.enumerated() {
            #expect(seen["\(number)"] == vector.value, "\(vector.code)")
        }
    }

    /// A key file that the page made is one for OpenSSL, and one that OpenSSL made in another way opens in the page.
    @Test func keyFiles() throws {
        let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/LedgerService/Web").standardizedFileURL
        var page = ServedPage()
        page.scripts = Self.files.map { web.appendingPathComponent($0 + ".js").path }
        let folder = FileManager.default.temporaryDirectory
        let openssl = URL(fileURLWithPath: "/usr/bin/openssl")
        let made = try ServedLog.run(
            openssl,
            ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-passout", "pass:\u{53E3}\u{4EE4}"],
            in: folder, [:],
            input: Data(
                """
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g
                -----END PRIVATE KEY-----

                """.utf8))
        let code = String(decoding: try JSONEncoder().encode(made.output), as: UTF8.self)
        let seen = try page.doing([
            .evaluate(Self.inputs + ", 0", as: "inputs"),
            .evaluate("openKeyFile(\(code), utf8('\u{53E3}\u{4EE4}')).then(hexOf)", as: "seed"),
            .evaluate("openKeyFile(\(code), utf8('other')).catch((error) => error.reason)", as: "wrong"),
            .evaluate(
                "openKeyFile(\(code).replace('M', 'N'), utf8('other')).catch((error) => error.reason)", as: "form"),
            .evaluate("sealKeyFile(seed, 'test+00000000+AAAA', utf8('word'))", as: "file"),
        ])
        #expect(seen["seed"] == "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")
        #expect(seen["wrong"] == "passphrase")
        #expect(seen["form"] == "form")
        let opened = try ServedLog.run(
            openssl, ["pkey", "-passin", "pass:word", "-text", "-noout"], in: folder, [:],
            input: Data(seen["file"].utf8))
        #expect(opened.output.contains("01:08:0f:16:1d:24:2b:32"), "\(opened.output)")
    }
}
