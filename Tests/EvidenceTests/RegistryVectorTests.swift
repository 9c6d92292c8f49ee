// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The ledger of the vectors, replayed, and the entries that are judged as its next.
@Suite(.enabled(if: JSONVectors.arePresent)) struct RegistryVectorTests {
    /// Why an entry of the vectors is refused.
    private enum Refusal: Equatable {
        case format(String, Int?, String)
        case filing(FilingError)
        case registry(RegistryError)
    }

    private struct Ledger {
        var registry: Registry
        var history = ReplayedHistory()
        var entries: [Entry] = []
    }

    private let keys: [String: VerifierKey]

    init() throws {
        var keys: [String: VerifierKey] = [:]
        for (name, value) in try JSONVectors.json("keys.json").members() where name != "comment" {
            keys[name] = try VerifierKey(parsing: value.at("vkey").bytes())
        }
        self.keys = keys
    }

    private func key(_ name: String) throws -> VerifierKey { try #require(keys[name]) }

    private func replay(eachEntry check: (Registry) throws -> Void = { _ in }) throws -> Ledger {
        let origin = try #require(Origin(Array("ledger.example/vectors".utf8)))
        var ledger = Ledger(registry: Registry(origin: origin))
        var cache = FilingKeyCache()
        for bundle in ["000", "001", "002.p/88"] {
            let bytes = try JSONVectors.bytes("indelible/ledger/tile/entries/\(bundle)")
            var start = 0
            while start < bytes.count {
                let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
                let entry = try Entry(parsing: Array(bytes[(start + 2)..<(start + 2 + count)]), keys: &cache)
                start += 2 + count
                let prior = ledger.history.prior(for: entry.filing)
                try ledger.registry.judge(entry.filing.verified(), at: entry.time, given: prior)
                try ledger.registry.admit(entry.verified(), given: prior)
                let isNew = ledger.history.append(entry)
                #expect(isNew)
                ledger.entries.append(entry)
                try check(ledger.registry)
            }
        }
        #expect(ledger.entries.count == 600)
        return ledger
    }

    @Test func ledgerReplaysAndEverySnapshotGivesTheRegistryBack() throws {
        let ledger = try replay { registry in
            let read = try Registry(snapshot: registry.snapshot())
            #expect(read == registry)
        }
        let registry = ledger.registry
        #expect(registry.members.map(\.key) == [try key("member-0"), try key("member-1"), try key("member-2")])
        #expect(registry.members.map(\.enrolledAt) == [1, 2, 3])
        #expect(registry.revocations.map(\.index) == [8, 9])
        #expect(registry.revocations[1].signers == [try key("sister")])
        #expect(registry.revocations[1].revocation.reason == .coerced)
        #expect(registry.closedAt == nil)
        #expect(ledger.history.existing(ledger.entries[6].filing) == 6)
        let root = "Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM="
        #expect(MerkleTree.root(of: ledger.entries.map(\.leafHash)).base64 == root)
    }

    private func judge(_ bytes: [UInt8], in ledger: Ledger) -> Refusal? {
        var registry = ledger.registry
        do {
            let entry = try Entry(parsing: bytes)
            let prior = ledger.history.prior(for: entry.filing)
            try registry.admit(entry.verified(), given: prior)
            return nil
        } catch let error as FormatError {
            return .format(error.format, error.line, error.reason)
        } catch let error as FilingError {
            return .filing(error)
        } catch let error as RegistryError {
            return .registry(error)
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test func acceptedEntriesAreAccepted() throws {
        let ledger = try replay()
        let accepted = try JSONVectors.json("filings.json").at("accepted").elements()
        #expect(accepted.count == 17)
        for vector in accepted {
            let name = String(decoding: try vector.at("name").bytes(), as: UTF8.self)
            let bytes = try #require(Base64.decode(try vector.at("entry").bytes()))
            #expect(judge(bytes, in: ledger) == nil, "\(name)")
            #expect(try Entry(parsing: bytes).bytes == bytes)
        }
    }

    @Test func refusedEntriesAreRefusedEachForItsOwnReason() throws {
        let ledger = try replay()
        let expected = try expectedRefusals(ledger)
        let refused = try JSONVectors.json("filings.json").at("refused").elements()
        #expect(refused.count == 72)
        #expect(expected.count == 72)
        for vector in refused {
            let name = String(decoding: try vector.at("name").bytes(), as: UTF8.self)
            let bytes = try #require(Base64.decode(try vector.at("entry").bytes()))
            #expect(judge(bytes, in: ledger) == expected[name], "\(name)")
        }
    }

    private func expectedRefusals(_ ledger: Ledger) throws -> [String: Refusal] {
        let last = try #require(ledger.registry.lastTime)
        let other = try #require(Origin(Array("other.example/log".utf8)))
        let inForce = try #require(ledger.registry.charterInForce).entry
        let member0 = try key("member-0")
        let member1 = try key("member-1")
        let stranger = try VerifierKey(
            parsing: Array("stranger+88e75bdb+AZZZyjBmPQ9g1llApAEfIN+iiFK5zEAGKSbuVI5023vL".utf8))
        let leaf4 = ledger.entries[4].leafHash
        let future = try #require(EntryReference(index: 600, leafHash: leaf4))
        let noTime = Refusal.format("entry", 1, "want a time line with seconds below 2^53")
        let hash = "want 32 bytes in canonical base64"
        let revoked = Refusal.registry(.revokedSigner(member0))
        let judge = Refusal.registry(.keyUnderAnotherName(member1))
        let point = "vkey: key is not a canonical point, or is of small order"
        func lacking(_ stewards: Int, _ members: Int) -> Refusal {
            .registry(
                .enrolmentLacksSignatures(stewards: stewards, threshold: 2, members: members, sponsors: 2))
        }
        return [
            "wrong-log": .registry(.otherLog(other)),
            "time-runs-backwards": .registry(.timeRunsBackwards(last: last)),
            "time-leading-zero": noTime,
            "time-too-large": noTime,
            "no-time-line": noTime,
            "stranger": .registry(.noMemberSigned),
            "steward-is-no-member": .registry(.noMemberSigned),
            "revoked-signer": revoked,
            "revoked-cosigner": revoked,
            "key-under-another-name": judge,
            "missing-signature": .filing(.signatureLinesDiffer),
            "extra-signature": .filing(.signatureLinesDiffer),
            "signatures-out-of-order": .filing(.signatureLinesDiffer),
            "signature-of-other-text": .filing(.invalidSignature(member1)),
            "duplicate-filing": .registry(.duplicate(6)),
            "same-signer-twice": .format("signed note", 8, "two signatures by one key"),
            "no-signer": .format("filing", 3, "fewer than 1 signer lines"),
            "unknown-action": .format("filing", 4, "unknown action"),
            "unknown-field": .format("filing", 5, "unexpected line"),
            "note-where-none-may-be": .format("filing", 5, "unexpected line"),
            "field-out-of-order": .format("filing", 6, "unexpected line"),
            "space-after-action": .format("filing", 5, "the action has no value, and no space behind it"),
            "short-digest": .format("filing", 4, hash),
            "digest-not-canonical-base64": .format("filing", 4, hash),
            "upper-case-sha256": .format("filing", 5, "want 64 lower-case hexadecimal digits"),
            "relation-to-the-future": .registry(.noSuchEntry(future)),
            "relation-to-wrong-leaf": .registry(.noSuchEntry(try wrongLeaf())),
            "relation-unknown-verb": .format("filing", 5, "want a known verb, an index and a leaf hash"),
            "custody-of-no-exhibit": .registry(.custodyOfNoRegistration(1)),
            "custody-unknown-event": .format("filing", 5, "unknown event"),
            "hand-over-with-one-signer": .registry(.handOverByOne),
            "enrol-without-the-new-key": .registry(.newKeyHasNotSigned),
            "enrol-with-one-sponsor": lacking(0, 1),
            "enrol-with-one-steward": lacking(1, 0),
            "enrol-with-a-revoked-sponsor": revoked,
            "enrol-known-key": .registry(.keyIsKnown(member1)),
            "enrol-taken-name": .registry(.nameIsTaken(try key("member-2"))),
            "enrol-revoked-key": revoked,
            "enrol-small-order-key": .format("filing", 5, point),
            "enrol-key-off-the-curve": .format("filing", 5, point),
            "enrol-nine-revokers": .format("filing", 15, "more than 8 revoker lines"),
            "revoke-by-another-member": .registry(.revocationLacksAuthority(stewards: 0, threshold: 2)),
            "revoke-by-one-steward": .registry(.revocationLacksAuthority(stewards: 1, threshold: 2)),
            "revoke-twice-by-the-same": .registry(.revokedBefore(by: try key("sister"), at: 9)),
            "revoke-by-the-revoked-key": revoked,
            "revoke-unknown-reason": .format("filing", 5, "unknown reason"),
            "revoke-since-the-future": .registry(.sinceIsLater(last)),
            "revoke-under-another-name": judge,
            "add-revoker-by-revoked": revoked,
            "add-revoker-by-two": .registry(.revokerAddedByMany),
            "add-revoker-by-stranger": .registry(.revokerAddedByNonMember(stranger)),
            "charter-by-one-steward": .registry(.charterLacksStewardsInForce(signed: 1, threshold: 2)),
            "charter-without-its-new-stewards": .registry(.charterLacksItsStewards(signed: 0, threshold: 1)),
            "charter-threshold-too-high": .format("charter", nil, "threshold is not 1 to min(15, stewards)"),
            "charter-threshold-zero": .format("charter", nil, "threshold is not 1 to min(15, stewards)"),
            "charter-steward-twice": .format("charter", nil, "the same steward twice"),
            "charter-without-amends": .registry(.charterWithoutAmends),
            "charter-amends-what-is-no-charter": .registry(.charterAmendsAnother(inForce: inForce)),
            "charter-log-key-of-another-name": .format("filing", 5, "log-key: its name is not the origin"),
            "charter-continues-late": .registry(.continuesAfterFirstEntry),
            "close-by-one-steward": .registry(.closingLacksSignatures(stewards: 1, threshold: 2)),
            "after-a-tree-not-yet-there": .registry(.quoteOfLaterTree(601)),
            "after-the-empty-tree": .format("filing", 3, "want a size of 1 or more and a hash"),
            "witness-key-as-signer": .format("filing", 3, "key is not of type 0x01"),
            "carriage-return": .format("signed note", nil, "control character"),
            "line-separator-in-note": .format("filing", 6, "refused code point"),
            "direction-mark-in-note": .format("filing", 6, "refused code point"),
            "no-blank-line": .format("signed note", nil, "no signature block"),
            "not-utf8": .format("signed note", nil, "not UTF-8"),
            "hyphen-for-em-dash": .format("signed note", 6, "malformed signature line"),
            "key-id-of-another-key": .format("filing", 3, "vkey: key id does not match the key"),
            "too-long-note": .format("filing", 6, "note is longer than 1,024 bytes"),
        ]
    }

    private func wrongLeaf() throws -> EntryReference {
        let hash = try #require(Hash(base64: Array("+70/ZnD2zGJlLQBqquVN0OVS+F6TVcyIKNm4F27KZC4=".utf8)))
        return try #require(EntryReference(index: 4, leafHash: hash))
    }
}
