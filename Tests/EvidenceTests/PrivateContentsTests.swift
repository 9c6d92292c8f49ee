// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What a private file holds, as JSON: what is written is read, and nothing else.
@Suite struct PrivateContentsTests {
    private static let seed = SHA256.hash([1])
    private static let hash = SHA256.hash([2])
    private static let signer = RegistryWorld.person("lin-yue")

    private static func contents() throws -> PrivateContents {
        let fields = [SealedField("language", "zh"), SealedField("place", "")].compactMap(\.self)
        let files = ["a/b.txt", "c"].enumerated().compactMap { number, path in
            ExhibitPath(path).map {
                PrivateContents.File(
                    path: $0, sha256: hash, size: UInt64(7 * number), lengths: number == 0 ? [3, 4] : nil,
                    isCarried: number == 1)
            }
        }
        return PrivateContents(
            exhibit: PrivateContents.ExhibitPart(seed: SealedSeed(seed), fields: fields, files: files),
            dossier: PrivateContents.DossierPart(
                seed: SealedSeed(hash), count: 16, attestations: [1: Array("one".utf8), 15: Array("fifteen".utf8)]),
            details: PrivateContents.DetailsPart(seed: SealedSeed(seed), fields: Array(fields.prefix(1))))
    }

    private static func text() throws -> String { String(decoding: try contents().json.encoded(), as: UTF8.self) }

    private static func read(_ text: String) throws -> PrivateContents {
        try PrivateContents(json: try JSON(parsing: Array(text.utf8)))
    }

    @Test func readsWhatItWrites() throws {
        let contents = try Self.contents()
        #expect(try PrivateContents(json: contents.json) == contents)
        #expect(try PrivateContents(json: PrivateContents().json) == PrivateContents())
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        var registered = contents
        registered.proof = try log.proof(of: 0)
        #expect(try PrivateContents(json: registered.json) == registered)
    }

    /// The members that the format names, in bytes that another program would write.
    @Test func isTheFormat() throws {
        let (seed, hash) = (Self.seed.base64, Self.hash)
        #expect(
            try Self.text()
                == #"""
                {"format":"indelible-private/v1","exhibit":{"seed":"\#(seed)","fields":{"language":"zh","place":""},
                "files":[{"name":"a/b.txt","sha256":"\#(hash.hex)","size":0,"lengths":"AwQ=","carried":false},
                {"name":"c","sha256":"\#(hash.hex)","size":7,"carried":true}]},
                "dossier":{"seed":"\#(hash.base64)","count":16,"attestations":{"1":"one","15":"fifteen"}},
                "details":{"seed":"\#(seed)","fields":{"language":"zh"}}}
                """#.replacing("\n", with: ""))
    }

    /// One change at a time to what is read otherwise.
    @Test(arguments: [
        (#""format":"indelible-private/v1","#, #""format":"indelible-private/v1","verdict":true,"#),
        (#""fields":{"language":"zh","place":""},"files""#, #""files""#),
        (#""fields":{"language":"zh","place":""},"#, #""fields":{"#),
        (#""language":"zh","place""#, #""lang\u200Euage":"zh","place""#), (#""place":"""#, #""place":1"#),
        (#""carried":false},"#, #""carried":0},"#), (#","carried":false},"#, "},"),
        (#","carried":false},"#, #","carried":false,"x":0},"#), (#""size":7"#, #""size":"7""#),
        (#""size":7,"#, ""), (#""name":"c""#, #""name":"/c""#), (#""name":"c""#, #""name":"a/b.txt""#),
        (#""name":"c""#, #""name":"a/a.txt""#), (#""name":"c""#, #""name":"..""#), ("AwQ=", "AwR="), ("AwQ=", "A"),
        (#""sha256":""#, #""sha256":"0"#), (#""count":16"#, #""count":8"#), (#""count":16"#, #""count":15"#),
        (#""count":16"#, #""count":17"#), (#""count":16"#, #""count":24"#), (#""count":16"#, #""count":2097152"#),
        (#""count":16"#, #""count":0"#), (#""1":"one""#, #""0":"one""#), (#""1":"one""#, #""16":"one""#),
        (#""1":"one""#, #""01":"one""#), (#""1":"one""#, #""-1":"one""#), (#""1":"one""#, #""1":1"#),
        (#""dossier":{"seed":""#, #""dossier":{"seed":"A"#), (#""details":{"seed":""#, #""details":{"seed":"A"#),
        (#""exhibit":{"seed":""#, #""exhibit":{"seed":"A"#), (#""details":{"#, #""details":{"x":1,"#),
        (#""dossier":{"#, #""dossier":{"x":1,"#), (#""exhibit":{"#, #""exhibit":{"x":1,"#),
    ])
    func otherFormsAreRefused(_ old: String, _ new: String) throws {
        let text = try Self.text()
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        try #require(changed != text)
        #expect(throws: (any Error).self) { try Self.read(changed) }
    }

    @Test func aDossierMayBeLarger() throws {
        // Smaller ones are refused though nothing stands in a slot that they lack.
        for count in [1, 2, 4, 8, 16] {
            let text = #"{"format":"indelible-private/v1","dossier":{"seed":"\#(Self.seed.base64)","#
            let isRead = (try? Self.read(text + #""count":\#(count),"attestations":{}}}"#)) != nil
            #expect(isRead == (count == 16))
        }
        for count in ["32", "64", "1048576"] {
            let text = try Self.text().replacing(#""count":16"#, with: #""count":\#(count)"#)
            #expect(try Self.read(text).dossier.map { String($0.count) } == count)
        }
    }

    @Test func otherVersionsAreTold() throws {
        for text in [#"{"format":"indelible-private/v2"}"#, #"{"format":"","exhibit":1}"#] {
            #expect(throws: ProofFileError.anotherVersion) { try Self.read(text) }
        }
        for text in ["{}", "[]", "1", #"{"format":1}"#, #"{"Format":"indelible-private/v1"}"#] {
            #expect {
                try Self.read(text)
            } throws: { error in
                if case ProofFileError.malformed = error { true } else { false }
            }
        }
        // A proof of another version within says so.
        #expect(throws: ProofFileError.anotherVersion) {
            try Self.read(#"{"format":"indelible-private/v1","proof":{"format":"indelible-proof/v2"}}"#)
        }
    }

    @Test func everyDocumentIsCarriedOrNone() throws {
        let contents = try Self.contents()
        for isCarried in [true, false] {
            let other = contents.carryingAll(isCarried)
            #expect(other.exhibit?.files.map(\.isCarried) == [isCarried, isCarried])
            #expect(other.exhibit?.files.map(\.path) == contents.exhibit?.files.map(\.path))
            #expect(other.exhibit?.files.map(\.lengths) == contents.exhibit?.files.map(\.lengths))
            #expect(other.exhibit?.fields == contents.exhibit?.fields)
            #expect(other.exhibit?.seed == contents.exhibit?.seed)
            #expect(other.dossier == contents.dossier && other.details == contents.details)
        }
        #expect(PrivateContents().carryingAll(true) == PrivateContents())
    }
}
