// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import Testing
import TransparencyLog

/// What the pages say of time-stamps, by an authority whose name is markup: `openssl ts` in a folder.
@Suite struct ExplorerTimestampTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            [stamping]
            extendedKeyUsage = critical,timeStamping
            [tsa]
            serial = serial
            default_policy = 1.2.3.4
            digests = sha256
            signer_digest = sha256
            ess_cert_id_alg = sha256
            """, to: "ts.cnf")
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out",
            "ca.pem", "-days", "3650", "-subj", "/CN=Root")
        try openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tsa.key",
            "-out",
            "tsa.csr", "-subj", "/CN=<b>&Stamps")
        try openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650",
            "-extfile", "ts.cnf", "-extensions", "stamping", "-out", "tsa.pem")
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path.string)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
    }

    private func stamp(_ ledger: FilePath, _ newest: SignedCheckpoint) throws {
        try folder.write(try TimestampRequest(imprint: newest.textHash, nonce: 7).bytes, to: "query.tsq")
        try openssl(
            "ts", "-reply", "-config", "ts.cnf", "-section", "tsa", "-queryfile", "query.tsq", "-inkey", "tsa.key",
            "-signer", "tsa.pem", "-out", "reply.tsr")
        _ = try TimestampStore(ledger).add([TimestampResponse(parsing: folder.read("reply.tsr"))], to: newest)
    }

    private func text(_ world: ExplorerWorld, _ link: String) async throws -> String {
        let page = try PageReading(await world.get(link), language: "en")
        #expect(page.problems.isEmpty, "\(page.problems)")
        for text in page.texts where !text.within.contains("bdi") { #expect(!text.text.contains("<b>")) }
        return page.texts.filter { !$0.within.contains("style") }.map(\.text).joined()
    }

    @Test func notJudgedWithoutItsAuthority() async throws {
        let world = try await ExplorerWorld.hostile(folder, change: stamp)
        for link in ["/log/entry/7", "/log/checkpoints"] {
            let text = try await text(world, link)
            #expect(
                text.contains(
                    "says a time-stamp of the checkpoint of 15 entries by what calls itself “<b>&Stamps”; not checked here"
                ),
                "\(link)")
        }
    }

    @Test func judgedByItsAuthority() async throws {
        let authorities = try TimestampAuthorities(certificates: [folder.read("ca.pem")])
        let world = try await ExplorerWorld.hostile(folder, authorities: authorities, change: stamp)
        for link in ["/log/entry/7", "/log/checkpoints"] {
            let text = try await text(world, link)
            #expect(text.contains(" by “<b>&Stamps”, of the checkpoint of 15 entries"), "\(link)")
        }
    }

    @Test func whatIsKeptAndDoesNotHoldIsSaid() async throws {
        let world = try await ExplorerWorld.hostile(folder) { ledger, newest in
            try stamp(ledger, newest)
            try folder.write("3\n15\n", to: "ledger/timestamp/sizes")
            // A list of what a log has signed may be damaged; nothing of it is then shown as if it held.
            try folder.write(newest.bytes, to: "ledger/timestamp/3.checkpoint")
            try folder.write(folder.read("ledger/timestamp/15.tsr"), to: "ledger/timestamp/3.tsr")
        }
        let words = "or is no earlier state of this log. Audit the log."
        #expect(try await text(world, "/log/entry/1").contains(words))
        #expect(try await !text(world, "/log/entry/7").contains(words))
        #expect(try await text(world, "/log/checkpoints").contains(words))
        try folder.write("damage", to: "ledger/timestamp/sizes")
        #expect(try await text(world, "/log/entry/7").contains(words))
        #expect(try await text(world, "/log/checkpoints").contains("The list of them cannot be read."))
    }
}
