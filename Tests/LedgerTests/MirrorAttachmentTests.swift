// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// What a mirror keeps besides the tree: time-stamps and quoted checkpoints, whenever it dies.
@Suite struct MirrorAttachmentTests {
    @Test func timestampsAndQuotedCheckpointsAreCopied() async throws {
        let (_, files, paths) = try MirrorWorld.withAttachments()
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        let report = try await MirrorWorld.mirror(of: AuditTestSource(files), in: store).update()
        #expect(report.attachments.missing.isEmpty)
        #expect(Set(report.attachments.copied) == Set(paths))
        for path in paths + ["timestamp/sizes"] { #expect(try folder.read("mirror/" + path) == files[path]) }
    }

    @Test func anAttachmentThatDoesNotHoldIsNotCopiedAndIsLookedForAgain() async throws {
        let (_, files, paths) = try MirrorWorld.withAttachments()
        for path in paths {
            for isAltered in [true, false] {
                let folder = try TemporaryFolder()
                let store = try MirrorFolder(folder("mirror"))
                let source = AuditTestSource(files)
                if isAltered { source[path]?[10] ^= 1 } else { source[path] = nil }
                let report = try await MirrorWorld.mirror(of: source, in: store).update()
                #expect(report.attachments.missing.map(\.path) == [path])
                #expect(!DurableFile.exists(folder("mirror/" + path)))
                #expect(report.isChanged)
                source[path] = files[path]
                let again = try await MirrorWorld.mirror(of: source, in: store).update()
                #expect(again.attachments.missing.isEmpty && again.attachments.copied.contains(path))
            }
        }
    }

    @Test func moreResponsesForASizeAreTakenLater() async throws {
        let (log, files, _) = try MirrorWorld.withAttachments()
        let folder = try TemporaryFolder()
        let store = try MirrorFolder(folder("mirror"))
        let source = AuditTestSource(files)
        _ = try await MirrorWorld.mirror(of: source, in: store).update()
        let path = "timestamp/4.tsr"
        let first = try #require(files[path])
        let second = try TimestampTestAuthority("Another").stamp(log.checkpoint(at: 4).textHash).bytes
        // Others in its place, and others over something else, are not taken.
        let foreign = try TimestampTestAuthority("Another").stamp(SHA256.hash([1])).bytes
        for altered in [second + second, first + foreign, first.dropLast() + [0, 0]] {
            source[path] = altered
            let report = try await MirrorWorld.mirror(of: source, in: store).update()
            #expect(report.attachments.copied.isEmpty)
            #expect(try folder.read("mirror/" + path) == first)
        }
        source[path] = first + second
        #expect(try await MirrorWorld.mirror(of: source, in: store).update().attachments.copied == [path])
        #expect(try folder.read("mirror/" + path) == first + second)
    }

    // MARK: - Deaths

    /// Killed at each of its writes, before, halfway or behind: what it serves holds, and the next update ends it.
    @Test(arguments: DyingSteps.Moment.allCases) func killedAtEachWrite(_ moment: DyingSteps.Moment) async throws {
        let (log, files, _) = try MirrorWorld.withAttachments()
        var part = log
        part.entries.removeLast(4)
        let begun = try TemporaryFolder()
        _ = try await MirrorWorld.mirror(of: part.source(), in: MirrorFolder(begun("mirror"))).update()
        let source = AuditTestSource(files)

        let undisturbed = try TemporaryFolder()
        try undisturbed.copy(begun("mirror"), to: "mirror")
        let counting = DyingMirror(try MirrorFolder(undisturbed("mirror")), DyingSteps(at: 0, moment))
        _ = try await MirrorWorld.mirror(of: source, in: counting).update()
        let wanted = try MirrorWorld.served(undisturbed)
        #expect(counting.count > 8)

        for death in 1...counting.count {
            let folder = try TemporaryFolder()
            try folder.copy(begun("mirror"), to: "mirror")
            do {
                let dying = DyingMirror(try MirrorFolder(folder("mirror")), DyingSteps(at: death, moment))
                await #expect(throws: DyingSteps.Death.self) {
                    try await MirrorWorld.mirror(of: source, in: dying).update()
                }
            }
            // The entries of the sample claim times long before its cosignatures.
            let audit = Audit(
                of: DirectoryStore.reading(folder("mirror")), under: try log.signers.policy, tolerance: 1 << 40)
            let audited = try await audit.run().report
            #expect(audited.holds, "\(death): \(audited.faults)")
            _ = try await MirrorWorld.mirror(of: source, in: MirrorFolder(folder("mirror"))).update()
            #expect(try MirrorWorld.served(folder) == wanted, "\(death)")
        }
    }
}
