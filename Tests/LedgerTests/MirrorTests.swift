// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// A mirror has what the log has, and nothing else, whatever the source serves and whenever it dies.
@Suite struct MirrorTests {
    private static let cosigner = WitnessSigner(
        name: KeyName("mirror.example/m1")!, privateKey: AuditTestLog.person("mirror.example/m1").privateKey)
    private static let now: UInt64 = 1_800_000_100

    private func mirror(
        of source: any LedgerSource, in store: any MirrorStore, cosigner: WitnessSigner? = cosigner,
        at now: UInt64 = now
    ) throws -> Mirror {
        Mirror(of: source, in: store, under: try AuditTestLog.Signers.sample.policy, cosigner: cosigner) { now }
    }

    /// The files of a log as a mirror without a key serves them.
    private func expected(_ log: AuditTestLog, keeping older: [Int] = []) throws -> [String: [UInt8]] {
        var files = try log.files(keeping: older)
        for size in older + [log.entries.count] {
            let note = try log.checkpoint(at: size)
            if let quote = Quote(of: note) { files[quote.path] = note.bytes }
        }
        return files
    }

    /// What a mirror's folder serves.
    private func served(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try folder.files(in: "mirror") where !path.hasPrefix(".state") {
            files[path] = try folder.read("mirror/" + path)
        }
        return files
    }

    // MARK: - Copies

    @Test(arguments: [0, 1, 3, 255, 256, 257, 600]) func aCopyIsEqual(_ size: Int) async throws {
        let log = try AuditTestLog.filings(size)
        let folder = try TemporaryFolder()
        let source = try log.source()
        let report = try await mirror(of: source, in: MirrorFolder(folder("mirror")), cosigner: nil).update()
        #expect(report.before == 0 && report.isChanged)
        #expect(try served(folder) == expected(log))
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
            let report = try await mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
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
        let paths = Set(try served(folder).keys)
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
        let report = try await mirror(of: source, in: store).update()
        #expect(report.cosignedAt == Self.now)
        let served = try SignedCheckpoint(parsing: try folder.read("mirror/checkpoint"))
        #expect(served == report.checkpoint)
        #expect(served.note.signatures.contains(grease))
        let lines = try log.checkpoint().adding([grease]).note.signatures
        #expect(served.note.signatures.dropLast() == lines[...])
        let line = try #require(served.note.signature(claiming: Self.cosigner.verifierKey))
        let cosignature = try Cosignature(parsing: line.bytes)
        #expect(cosignature.verifies(by: Self.cosigner.privateKey.publicKey, over: served.unverified.text))
        // Nothing new: the same bytes, whatever the time.
        let again = try await mirror(of: source, in: store, at: Self.now + 60).update()
        #expect(!again.isChanged && again.checkpoint == served)
        await #expect(throws: Mirror.Failure.clockIsBehind(last: Self.now, now: Self.now - 1)) {
            try await mirror(of: source, in: store, at: Self.now - 1).update()
        }
    }

    @Test func aForgedLineUnderItsOwnNameIsNotServed() async throws {
        let log = try AuditTestLog.filings(5)
        let folder = try TemporaryFolder()
        let key = Self.cosigner.verifierKey
        let forged = SignedNote.Signature(
            name: key.name, keyID: key.id, bytes: [UInt8](repeating: 9, count: Cosignature.byteCount))
        let source = try log.source()
        source["checkpoint"] = try log.checkpoint().adding([forged]).bytes
        let report = try await mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        #expect(!report.checkpoint.note.signatures.contains(forged))
        #expect(report.cosignedAt == Self.now)
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
        let report = try await mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        #expect(report.checkpoint.note.signatures.count == 64)
        #expect(own.allSatisfy { report.checkpoint.note.signatures.contains($0) })
        #expect(report.cosignedAt == Self.now)
    }

    // MARK: - Attachments

    private func withAttachments() throws -> (log: AuditTestLog, files: [String: [UInt8]], paths: [String]) {
        var log = try AuditTestLog.filings(6)
        let quoted = try log.checkpoint(at: 4)
        let quote = try #require(Quote(of: quoted))
        let registration = try Registration(dossier: SHA256.hash([7]))
        try log.enter(.register(registration), by: [AuditTestLog.person("ana")], after: quote, time: 1_800_000_000)
        var files = try log.files(keeping: [4])
        files[quote.path] = quoted.bytes
        files["timestamp/sizes"] = Array("4\n".utf8)
        files["timestamp/4.checkpoint"] = quoted.bytes
        files["timestamp/4.tsr"] = try TimestampTestAuthority().stamp(quoted.textHash).bytes
        return (log, files, [quote.path, "timestamp/4.checkpoint", "timestamp/4.tsr"])
    }

    @Test func timestampsAndQuotedCheckpointsAreCopied() async throws {
        let (_, files, paths) = try withAttachments()
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        let report = try await mirror(of: AuditTestSource(files), in: store).update()
        #expect(report.attachments.missing.isEmpty)
        #expect(Set(report.attachments.copied) == Set(paths))
        for path in paths + ["timestamp/sizes"] { #expect(try folder.read("mirror/" + path) == files[path]) }
    }

    @Test func anAttachmentThatDoesNotHoldIsNotCopiedAndIsLookedForAgain() async throws {
        let (_, files, paths) = try withAttachments()
        for path in paths {
            for isAltered in [true, false] {
                let folder = try TemporaryFolder()
                let store = try MirrorFolder(folder("mirror"))
                let source = AuditTestSource(files)
                if isAltered { source[path]?[10] ^= 1 } else { source[path] = nil }
                let report = try await mirror(of: source, in: store).update()
                #expect(report.attachments.missing.map(\.path) == [path])
                #expect(!DurableFile.exists(folder("mirror/" + path)))
                #expect(report.isChanged)
                source[path] = files[path]
                let again = try await mirror(of: source, in: store).update()
                #expect(again.attachments.missing.isEmpty && again.attachments.copied.contains(path))
            }
        }
    }

    @Test func moreResponsesForASizeAreTakenLater() async throws {
        let (log, files, _) = try withAttachments()
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        let source = AuditTestSource(files)
        _ = try await mirror(of: source, in: store).update()
        let path = "timestamp/4.tsr"
        let first = try #require(files[path])
        let second = try TimestampTestAuthority("Another").stamp(log.checkpoint(at: 4).textHash).bytes
        // Others in its place, and others over something else, are not taken.
        let foreign = try TimestampTestAuthority("Another").stamp(SHA256.hash([1])).bytes
        for altered in [second + second, first + foreign, first.dropLast() + [0, 0]] {
            source[path] = altered
            let report = try await mirror(of: source, in: store).update()
            #expect(report.attachments.copied.isEmpty)
            #expect(try folder.read("mirror/" + path) == first)
        }
        source[path] = first + second
        #expect(try await mirror(of: source, in: store).update().attachments.copied == [path])
        #expect(try folder.read("mirror/" + path) == first + second)
    }

    // MARK: - Lies

    /// Each file of a log, altered in its first, a middle and its last byte, or taken away: nothing is served of it.
    @Test(arguments: [3, 300]) func nothingIsServedThatDoesNotHold(_ size: Int) async throws {
        let log = try AuditTestLog.filings(size)
        let wanted = try expected(log)
        let files = try log.files()
        // What a mirror does not read it makes itself.
        let unread = files.keys.filter { $0.hasPrefix("tile/0/") && !$0.contains(".p/") }
        for (path, bytes) in files {
            for place in [0, bytes.count / 2, bytes.count - 1, -1] {
                let source = AuditTestSource(files)
                if place >= 0 { source[path]?[place] ^= 1 } else { source[path] = nil }
                let folder = try TemporaryFolder()
                let result = await Result.of {
                    try await mirror(of: source, in: MirrorFolder(folder("mirror")), cosigner: nil).update()
                }
                let written = try served(folder)
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
            try await mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
        }
        #expect(try served(folder).isEmpty)
    }

    @Test(arguments: [(5, 5), (5, 4), (5, 9), (300, 300), (300, 259), (300, 700), (300, 2)])
    func anotherHistoryIsRefused(_ seen: Int, _ other: Int) async throws {
        let log = AuditTestLog.opaque(seen)
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await mirror(of: log.source(), in: store).update()
        let before = try served(folder)
        var fork = AuditTestLog.opaque(other)
        fork.entries[1] = Array("another".utf8)
        let source = try fork.source()
        let expected = try fork.checkpoint()
        await #expect {
            try await mirror(of: source, in: store).update()
        } throws: { error in
            guard case Mirror.Failure.conflict(let first, let second) = error else { return false }
            return first.unverified.head.size.value == UInt64(seen) && second == expected
        }
        #expect(try served(folder) == before)
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
            try await mirror(of: grown.source(), in: MirrorFolder(folder("mirror"))).update()
        } throws: { error in
            if case Mirror.Failure.conflict = error { true } else { false }
        }
        let store = try MirrorFolder(folder("mirror"))
        let report = try await mirror(of: AuditTestLog.opaque(310).source(), in: store).update()
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
        await #expect(throws: FileError.self) { try await mirror(of: log.source(), in: store).update() }
        #expect(try folder.read("mirror/tile/entries/000") == damaged["tile/entries/000"])
        #expect(!DurableFile.exists(folder("mirror/.state/mirrored")))
    }

    @Test func anOlderCopyIsNoConflict() async throws {
        let log = AuditTestLog.opaque(300)
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await mirror(of: log.source(), in: store).update()
        let before = try served(folder)
        var older = log
        older.entries.removeLast(40)
        let report = try await mirror(of: older.source(), in: store).update()
        #expect(report.sourceIsAt == 260 && !report.isChanged)
        #expect(try served(folder) == before)
    }

    @Test func anotherLogIsRefused() async throws {
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        _ = try await mirror(of: AuditTestLog.opaque(3).source(), in: store).update()
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

    // MARK: - Deaths

    /// Killed at each of its writes, before, halfway or behind: what it serves holds, and the next update ends it.
    @Test(arguments: DyingMirror.Moment.allCases) func killedAtEachWrite(_ moment: DyingMirror.Moment) async throws {
        let (log, files, _) = try withAttachments()
        var part = log
        part.entries.removeLast(4)
        let begun = try TemporaryFolder()
        _ = try await mirror(of: part.source(), in: MirrorFolder(begun("mirror"))).update()
        let source = AuditTestSource(files)

        let undisturbed = try TemporaryFolder()
        try undisturbed.copy(begun("mirror"), to: "mirror")
        let counting = DyingMirror(try MirrorFolder(undisturbed("mirror")), at: 0, moment)
        _ = try await mirror(of: source, in: counting).update()
        let wanted = try served(undisturbed)
        #expect(counting.count > 8)

        for death in 1...counting.count {
            let folder = try TemporaryFolder()
            try folder.copy(begun("mirror"), to: "mirror")
            do {
                let dying = DyingMirror(try MirrorFolder(folder("mirror")), at: death, moment)
                await #expect(throws: DyingMirror.Death.self) { try await mirror(of: source, in: dying).update() }
            }
            // The entries of the sample claim times long before its cosignatures.
            let audit = Audit(
                of: DirectoryStore.reading(folder("mirror")), under: try log.signers.policy, tolerance: 1 << 40)
            let audited = try await audit.run().report
            #expect(audited.holds, "\(death): \(audited.faults)")
            _ = try await mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
            #expect(try served(folder) == wanted, "\(death)")
        }
    }

    @Test func theFolderOfTheLogItselfIsNoMirror() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "mirror/.state/signed")
        #expect(throws: MirrorFolder.OpenError.isTheLog(folder("mirror"))) { try MirrorFolder(folder("mirror")) }
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous call comes to.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
