// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// A mirror has what the log has, and nothing else, whatever the source serves.
@Suite struct MirrorTests {
    // MARK: - Copies

    @Test(arguments: [0, 1, 3, 255, 256, 257, 600]) func aCopyIsEqual(_ size: Int) async throws {
        let log = try AuditTestLog.filings(size)
        let folder = try TemporaryFolder()
        let source = try log.source()
        let report = try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror")), cosigner: nil)
            .update()
        #expect(report.before == 0 && report.isChanged)
        #expect(try MirrorWorld.served(folder) == MirrorWorld.expected(log))
        let audited = try await Audit.report(DirectoryStore.reading(folder("mirror")))
        #expect(audited.holds)
    }

    @Test func itGrowsAndKeepsWhatItServed() async throws {
        let log = try AuditTestLog.filings(530)
        let folder = try TemporaryFolder()
        var sizes: [Int] = []
        for size in [3, 250, 256, 257, 511, 512, 530, 530] {
            var part = log
            part.entries = Array(log.entries[..<size])
            let source = try part.source()
            let report = try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
            #expect(report.before.value == UInt64(sizes.last ?? 0))
            #expect(report.isChanged == (sizes.last != size))
            // What was copied before is not asked for again.
            let first = (sizes.last ?? 0) / 256
            #expect(!source.reads.keys.contains { $0.hasPrefix("tile/entries/000") } || first == 0)
            sizes.append(size)
            let audited = try await Audit.report(DirectoryStore.reading(folder("mirror")))
            #expect(audited.holds && audited.strays.isEmpty, "\(audited.faults)")
        }
        // Partial files of the last full tiles are gone, those of the present one are there.
        let paths = Set(try MirrorWorld.served(folder).keys)
        #expect(!paths.contains { $0.hasPrefix("tile/entries/000.p") || $0.hasPrefix("tile/0/001.p") })
        #expect(paths.contains("tile/entries/002.p/18"))
        #expect(paths.filter { $0.hasPrefix("cosigned/") }.count == 7)
    }

    @Test func itCosignsWhatItHas() async throws {
        let log = try AuditTestLog.filings(5)
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        // Lines of nobody known pass through.
        let grease = SignedNote.Signature(name: KeyName("grease.example")!, keyID: KeyID(rawValue: 7), bytes: [1, 2])
        let source = try log.source()
        source["checkpoint"] = try log.checkpoint().adding([grease]).bytes
        let report = try await MirrorWorld.mirror(of: source, in: store).update()
        #expect(report.cosignedAt == MirrorWorld.now)
        let served = try SignedCheckpoint(parsing: try folder.read("mirror/checkpoint"))
        #expect(served == report.checkpoint)
        #expect(served.note.signatures.contains(grease))
        let lines = try log.checkpoint().adding([grease]).note.signatures
        #expect(served.note.signatures.dropLast() == lines[...])
        let line = try #require(served.note.signature(claiming: MirrorWorld.cosigner.verifierKey))
        let cosignature = try Cosignature(parsing: line.bytes)
        #expect(cosignature.verifies(by: MirrorWorld.cosigner.privateKey.publicKey, over: served.unverified.text))
        // Nothing new: the same bytes, whatever the time.
        let again = try await MirrorWorld.mirror(of: source, in: store, at: MirrorWorld.now + 60).update()
        #expect(!again.isChanged && again.checkpoint == served)
        await #expect(throws: Mirror.Failure.clockIsBehind(last: MirrorWorld.now, now: MirrorWorld.now - 1)) {
            try await MirrorWorld.mirror(of: source, in: store, at: MirrorWorld.now - 1).update()
        }
    }

    @Test func aForgedLineUnderItsOwnNameIsNotServed() async throws {
        let log = try AuditTestLog.filings(5)
        let folder = try TemporaryFolder()
        let key = MirrorWorld.cosigner.verifierKey
        let forged = SignedNote.Signature(
            name: key.name, keyID: key.id, bytes: [UInt8](repeating: 9, count: Cosignature.byteCount))
        let source = try log.source()
        source["checkpoint"] = try log.checkpoint().adding([forged]).bytes
        let report = try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        #expect(!report.checkpoint.note.signatures.contains(forged))
        #expect(report.cosignedAt == MirrorWorld.now)
    }

    @Test func thereIsRoomForItsLine() async throws {
        let log = try AuditTestLog.filings(5)
        let folder = try TemporaryFolder()
        let own = try log.checkpoint().note.signatures
        let grease = (0..<64 - own.count).map {
            SignedNote.Signature(name: KeyName("grease.example")!, keyID: KeyID(rawValue: UInt32($0)), bytes: [1])
        }
        let source = try log.source()
        source["checkpoint"] = try SignedNote(
            text: Array(log.checkpoint().note.unverifiedText), signatures: grease + own
        ).bytes
        let report = try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        #expect(report.checkpoint.note.signatures.count == 64)
        #expect(own.allSatisfy { report.checkpoint.note.signatures.contains($0) })
        #expect(report.cosignedAt == MirrorWorld.now)
    }

    // MARK: - Lies

    /// Each file of a log, altered in its first, a middle and its last byte, or taken away: nothing is served of it.
    @Test(arguments: [3, 300]) func nothingIsServedThatDoesNotHold(_ size: Int) async throws {
        let log = try AuditTestLog.filings(size)
        let wanted = try MirrorWorld.expected(log)
        let files = try log.files()
        // What a mirror does not read it makes itself.
        let unread = files.keys.filter { $0.hasPrefix("tile/0/") && !$0.contains(".p/") }
        for (path, bytes) in files {
            for place in [0, bytes.count / 2, bytes.count - 1, -1] {
                let source = AuditTestSource(files)
                if place >= 0 { source[path]?[place] ^= 1 } else { source[path] = nil }
                let folder = try TemporaryFolder()
                let result = await Result.of {
                    try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror")), cosigner: nil).update()
                }
                let written = try MirrorWorld.served(folder)
                #expect(written.allSatisfy { wanted[$0.key] == $0.value }, "\(path) \(place)")
                if unread.contains(path) {
                    #expect(written == wanted)
                } else {
                    #expect(throws: (any Error).self, "\(path) \(place)") { try result.get() }
                    #expect(written["checkpoint"] == nil, "\(path) \(place)")
                    if size < 256 { #expect(written.isEmpty, "\(path) \(place)") }
                }
            }
        }
    }

    @Test func aCheckpointBelowTheQuorumIsNotTaken() async throws {
        let log = try AuditTestLog.filings(5)
        let source = try log.source()
        source["checkpoint"] = try log.signers.checkpoint(of: log.checkpoint().unverified.head, cosigned: false).bytes
        let folder = try TemporaryFolder()
        await #expect(throws: Mirror.Failure.quorumNotMet) {
            try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        }
        #expect(try MirrorWorld.served(folder).isEmpty)
    }

    @Test(arguments: [(5, 5), (5, 4), (5, 9), (300, 300), (300, 259), (300, 700), (300, 2)])
    func anotherHistoryIsRefused(_ seen: Int, _ other: Int) async throws {
        let log = AuditTestLog.opaque(seen)
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await MirrorWorld.mirror(of: log.source(), in: store).update()
        let before = try MirrorWorld.served(folder)
        var fork = AuditTestLog.opaque(other)
        fork.entries[1] = Array("another".utf8)
        let source = try fork.source()
        let expected = try fork.checkpoint()
        await #expect {
            try await MirrorWorld.mirror(of: source, in: store).update()
        } throws: { error in
            guard case Mirror.Failure.conflict(let first, let second) = error else { return false }
            return first.unverified.head.size.value == UInt64(seen) && second == expected
        }
        #expect(try MirrorWorld.served(folder) == before)
    }

    /// A mirror whose private folder is gone, or a ledger that was copied by hand: verified again, and held to what it
    /// served.
    @Test func aCopyWithoutItsStateIsVerifiedAgain() async throws {
        let log = AuditTestLog.opaque(300)
        let folder = try TemporaryFolder()
        for (path, bytes) in try log.files() { try folder.write(bytes, to: "mirror/" + path) }
        var grown = AuditTestLog.opaque(310)
        grown.entries[10] = Array("another".utf8)
        await #expect {
            try await MirrorWorld.mirror(of: grown.source(), in: MirrorFolder(folder("mirror"))).update()
        } throws: { error in
            if case Mirror.Failure.conflict = error { true } else { false }
        }
        let store = try MirrorFolder(folder("mirror"))
        let report = try await MirrorWorld.mirror(of: AuditTestLog.opaque(310).source(), in: store).update()
        #expect(report.before == 0 && report.checkpoint.unverified.head.size == 310)
        #expect(try await Audit.report(DirectoryStore.reading(folder("mirror")), depth: .tree).holds)
    }

    /// What is damaged in the copy is not written over, and not served under a new checkpoint.
    @Test func damageInTheCopyIsTold() async throws {
        let log = AuditTestLog.opaque(300)
        let folder = try TemporaryFolder()
        var damaged = try log.files()
        damaged["tile/entries/000"]?[50] ^= 1
        for (path, bytes) in damaged { try folder.write(bytes, to: "mirror/" + path) }
        let store = try MirrorFolder(folder("mirror"))
        await #expect(throws: FileError.self) { try await MirrorWorld.mirror(of: log.source(), in: store).update() }
        #expect(try folder.read("mirror/tile/entries/000") == damaged["tile/entries/000"])
        #expect(!DurableFile.exists(folder("mirror/.state/mirrored")))
    }

    @Test func anOlderCopyIsNoConflict() async throws {
        let log = AuditTestLog.opaque(300)
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await MirrorWorld.mirror(of: log.source(), in: store).update()
        let before = try MirrorWorld.served(folder)
        var older = log
        older.entries.removeLast(40)
        let report = try await MirrorWorld.mirror(of: older.source(), in: store).update()
        #expect(report.sourceIsAt == 260 && !report.isChanged)
        #expect(try MirrorWorld.served(folder) == before)
    }

    @Test func anotherLogIsRefused() async throws {
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await MirrorWorld.mirror(of: AuditTestLog.opaque(3).source(), in: store).update()
        var other = AuditTestLog.opaque(4)
        other.signers = AuditTestLog.Signers(log: AuditTestLog.person("other.example"), witnesses: [])
        let policy = try TrustPolicy(
            parsing: Array(
                "log \(AuditTestLog.Signers.sample.log.verifierKey)\nlog \(other.signers.log.verifierKey)\nquorum none\n"
                    .utf8))
        let mirror = Mirror(of: try other.source(), in: store, under: policy)
        await #expect(
            throws: Mirror.Failure.anotherLog(
                mirrored: AuditTestLog.Signers.sample.origin, served: other.signers.origin)
        ) {
            try await mirror.update()
        }
    }

    @Test func theFolderOfTheLogItselfIsNoMirror() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "mirror/.state/signed")
        #expect(throws: MirrorFolder.OpenError.isTheLog(folder("mirror"))) { try MirrorFolder(folder("mirror")) }
    }
}
