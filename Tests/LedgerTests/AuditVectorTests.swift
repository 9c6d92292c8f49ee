// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// The audit over logs that others have made.
@Suite(.enabled(if: AuditVectors.isPresent))
struct AuditVectorTests {
    private struct Filings: Decodable {
        struct Case: Decodable, CustomTestStringConvertible {
            let name: String
            let entry: String
            var bytes: [UInt8] { [UInt8](Data(base64Encoded: entry) ?? Data()) }
            var testDescription: String { name }
        }
        let accepted: [Case]
        let refused: [Case]
    }

    private static func filings() throws -> Filings {
        try JSONDecoder().decode(Filings.self, from: Data(AuditVectors.bytes("indelible/filings.json")))
    }

    @Test func theLedgerHolds() async throws {
        let folder = AuditVectors.url.appendingPathComponent("indelible/ledger").path
        let source = DirectoryStore.reading(FilePath(folder))
        let result = try await Audit(of: source, under: AuditVectors.policy).run()
        let report = result.report
        #expect(report.faults == [])
        #expect(report.gaps == [.quotedNotKept(1)])
        #expect(report.holds)
        #expect(report.head?.size == 600)
        #expect(report.head?.root == Hash(base64: Array("Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM=".utf8)))
        #expect(report.checkpoint?.cosigners.count == 3)
        #expect(report.checkpoint?.isQuorumMet == true)
        #expect(report.tally.total == 600)
        #expect(report.tally.counts.allSatisfy { $0 < 600 })
        #expect(report.registry?.size == 600)
        #expect(report.registry?.members.isEmpty == false)
        #expect(report.registry?.restsOnUnverifiedSignatures == false)
        #expect(report.strays == [])
        #expect(result.state?.head == report.head)
    }

    @Test func theTreeOfTheLedgerHolds() async throws {
        let source = AuditTestSource(try AuditVectors.files(in: "indelible/ledger"))
        let report = try await Audit(of: source, under: AuditVectors.policy, depth: .tree).run().report
        #expect(report.holds)
        #expect(report.gaps == [.allFilings])
        #expect(report.registry == nil)
        #expect(report.tally.total == 0)
    }

    @Test func eachRefusedEntryIsNamed() async throws {
        let log = try AuditVectors.log()
        let state = try #require(try await Audit(of: log.source(), under: AuditVectors.policy).run().state)
        let cases = try Self.filings().refused
        #expect(cases.count == 72)
        for (number, refused) in cases.enumerated() {
            var log = log
            log.entries.append(refused.bytes)
            let audit = try Audit(
                of: log.source(), under: AuditVectors.policy, continuing: number % 6 == 0 ? nil : state)
            let result = try await audit.run()
            #expect(!result.report.holds, "\(refused.name)")
            #expect(result.report.faultCount == 1 && result.report.faults.first?.entry == 600, "\(refused.name)")
            #expect(result.report.isComplete, "\(refused.name)")
            #expect(result.report.registry?.size == 601, "\(refused.name)")
            #expect(result.state == nil, "\(refused.name)")
        }
    }

    @Test func eachAcceptedEntryHolds() async throws {
        let log = try AuditVectors.log()
        let state = try #require(try await Audit(of: log.source(), under: AuditVectors.policy).run().state)
        for (number, accepted) in try Self.filings().accepted.enumerated() {
            var log = log
            log.entries.append(accepted.bytes)
            let audit = try Audit(
                of: log.source(), under: AuditVectors.policy, continuing: number % 6 == 0 ? nil : state)
            let report = try await audit.run().report
            #expect(report.faults == [], "\(accepted.name)")
            #expect(report.holds, "\(accepted.name)")
        }
    }

    @Test func sampledBytesOfTheLedgerAreNamed() async throws {
        let files = try AuditVectors.files(in: "indelible/ledger")
        let state = try #require(
            try await Audit(of: AuditTestSource(files), under: AuditVectors.policy).run().state)
        #expect(state.head.size == 600)
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) where path != "checkpoint" {
            for place in stride(from: bytes.count / 3, to: bytes.count, by: bytes.count / 5 + 7) {
                let source = AuditTestSource(files)
                source[path]?[place] ^= 1 << (place % 8)
                let report = try await Audit(of: source, under: AuditVectors.policy, depth: .tree).run().report
                #expect(!report.holds && report.faultCount == 1, "\(path) \(place)")
                if case .entry(let index) = report.faults.first {
                    let bundle = try Tile(parsing: Array(path.utf8))
                    #expect(bundle.content == .entries && index.value >> 8 == bundle.index, "\(path) \(place)")
                } else {
                    #expect(report.faults.first?.paths == [path], "\(path) \(place)")
                }
            }
        }
    }

    @Test(arguments: 0...15)
    func aLogOfAnotherFormatHolds(size: Int) async throws {
        let source = AuditTestSource(try AuditVectors.files(in: "external/tessera/testdata/log"))
        source["checkpoint"] = source["checkpoint.\(size)"]
        let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
        let policy = try TrustPolicy(parsing: Array("log \(key)\nquorum none\n".utf8))
        let report = try await Audit(of: source, under: policy, depth: .tree).run().report
        #expect(report.faults == [])
        #expect(report.holds)
        #expect(report.head?.size == TreeSize(UInt64(size)))

        let filings = try await Audit(of: source, under: policy).run().report
        #expect(filings.holds == (size == 0))
    }
}
