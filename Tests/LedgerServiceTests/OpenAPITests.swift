// SPDX-License-Identifier: Apache-2.0
import Foundation
import LedgerService
import Testing
import TransparencyLog

/// The description that the service gives of itself is kept: what it answers is described, and what is described it answers.
@Suite("The description of the service")
struct OpenAPITests {
    private struct Operation {
        let method: String
        let path: String
        let statuses: Set<String>
        let types: [String: Set<String>]
    }

    private func operations(_ bytes: [UInt8]) throws -> [Operation] {
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect((document["openapi"] as? String)?.hasPrefix("3.1") == true)
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        return try paths.flatMap { path, methods in
            try methods.map { method, operation in
                #expect((operation["summary"] as? String)?.isEmpty == false)
                let responses = try #require(operation["responses"] as? [String: [String: Any]])
                return Operation(
                    method: method.uppercased(), path: path, statuses: Set(responses.keys),
                    types: responses.mapValues { Set((($0["content"] as? [String: Any]) ?? [:]).keys) })
            }
        }
    }

    @Test func whatIsAnsweredIsDescribed() async throws {
        let world = try await LogWorld()
        let service = await world.service(perKey: 1)
        let good = try LogWorld.register(1).bytes
        _ = await service.file(good)
        let description = await service.get("/openapi.json")
        #expect(description.header("content-type") == "application/json")
        let operations = try operations(description.body)
        // For each path of the description, requests that bring out what it can answer.
        let requests: [String: [ServiceRequest]] = [
            "/entries": [
                ServiceRequest("POST", "/entries", body: good), ServiceRequest("POST", "/entries", body: [1]),
                ServiceRequest("POST", "/entries", body: try LogWorld.register(2, by: "stranger").bytes),
                ServiceRequest("GET", "/entries"), ServiceRequest("PUT", "/entries"),
            ] + (3..<16).map { ServiceRequest("POST", "/entries", body: (try? LogWorld.register($0).bytes) ?? []) },
            "/entries/{index}": ["0", "2", "99", "x"].map { ServiceRequest("GET", "/entries/\($0)") },
            "/proof/{index}": ["0", "2", "99", "x"].map { ServiceRequest("GET", "/proof/\($0)") },
            "/find": ["", "?refers=0", "?key=x"].map { ServiceRequest("GET", "/find\($0)") },
            "/policy": [ServiceRequest("GET", "/policy"), ServiceRequest("POST", "/policy")],
            "/checkpoint": [
                ServiceRequest("GET", "/checkpoint"),
                ServiceRequest("GET", "/checkpoint", headers: [.init("if-none-match", "*")]),
            ],
            "/tile/{path}": [
                ServiceRequest("GET", "/tile/0/000.p/3"), ServiceRequest("GET", "/tile/0/009"),
                ServiceRequest("GET", "/tile/0/000.p/3", headers: [.init("range", "bytes=0-1")]),
                ServiceRequest("GET", "/tile/0/000.p/3", headers: [.init("range", "bytes=999999-")]),
            ],
            "/cosigned/{path}": [ServiceRequest("GET", "/cosigned/00/\(String(repeating: "0", count: 64))")],
            "/timestamp/{name}": [ServiceRequest("GET", "/timestamp/sizes")],
            "/health": [ServiceRequest("GET", "/health")], "/metrics": [ServiceRequest("GET", "/metrics")],
            "/openapi.json": [ServiceRequest("GET", "/openapi.json")],
        ]
        #expect(Set(operations.map(\.path)) == Set(requests.keys))
        for operation in operations {
            for request in requests[operation.path] ?? [] {
                let answer = await service.answer(request)
                let said = "\(request.method) \(request.path): \(answer.status)"
                #expect(operation.statuses.contains(String(answer.status)), "\(said)")
                guard !answer.body.isEmpty, let type = answer.header("content-type")?.split(separator: ";").first else {
                    continue
                }
                #expect(operation.types[String(answer.status)]?.contains(String(type)) == true, "\(said), \(type)")
                if request.method != operation.method { #expect(answer.status == 405, "\(said)") }
            }
        }
    }

    /// HEAD and OPTIONS are answered everywhere, and any page may ask.
    @Test func preflight() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        defer { withExtendedLifetime(world) {} }
        let answer = await service.answer(ServiceRequest("OPTIONS", "/entries"))
        #expect(answer.status == 204)
        #expect(answer.header("access-control-allow-methods") == "POST, OPTIONS")
        #expect(answer.header("access-control-allow-headers") == "content-type, authorization")
        for path in ["/checkpoint", "/proof/0", "/entries/0", "/find?refers=0", "/policy"] {
            #expect(await service.get(path).header("access-control-allow-origin") == "*")
        }
    }

    /// What Prometheus reads: each series under its type, each line a name and a number.
    @Test func metrics() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        defer { withExtendedLifetime(world) {} }
        _ = await service.get("/checkpoint")
        _ = await service.file([1])
        let text = await service.get("/metrics").text
        var types: Set<Substring> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                types.insert(line.split(separator: " ")[2])
                continue
            }
            if line.hasPrefix("#") { continue }
            let match = try #require(line.wholeMatch(of: #/([a-z_]+)(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+/#), "\(line)")
            #expect(types.contains { match.1.hasPrefix($0) }, "\(line)")
        }
        #expect(text.contains("indelible_published_entries 2\n"))
        #expect(text.contains("indelible_filings_total{outcome=\"refused\"} 1\n"))
        #expect(text.contains("indelible_http_answers_total{route=\"checkpoint\",status=\"200\"} 1\n"))
    }
}
