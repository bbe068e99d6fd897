import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaProtobuf
import OrcaSupport
import Synchronization
import Testing

@Suite struct ConditionTests {
    private static let path = "/v1/workspaces/w/tasks/API-1"

    /// Answers every request about a task with one of that version.
    private func performer(version: Int32, title: String = "t") -> FakePerformer {
        FakePerformer { operation, request, _ in
            var task = OrcaV1.Task()
            task.version = version
            task.title = title
            guard let update = request as? OrcaV1.UpdateTaskRequest else {
                guard operation.name == "GetTask" else { return operation.responseType.init() }
                return OrcaV1.GetTaskResponse.with { $0.task = task }
            }
            guard update.expectedVersion == 0 || update.expectedVersion == version else {
                throw APIError("version_conflict", .conflict, "It changed.")
            }
            return OrcaV1.UpdateTaskResponse.with { $0.task = task }
        }
    }

    @Test func `what has a version has a tag, which saves sending it again`() async throws {
        try await TestServer.run(performer(version: 7)) { server async throws in
            let client = try server.client()
            let first = try client.request("GET", Self.path)
            let tag = try #require(first["etag"])
            #expect(tag.hasPrefix("\"7-") && first.status == 200)
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try client.request("GET", Self.path, fields: ["If-None-Match: \(known)"])
                #expect(
                    again.status == 304 && again.body.isEmpty && again["etag"] == tag && again["content-length"] == nil)
            }
            #expect(try client.request("GET", Self.path, fields: ["If-None-Match: \"6-x\""]).status == 200)
            #expect(try client.request("GET", "/v1/workspaces/w/tasks")["etag"] == nil, "lists have no version")
        }
    }

    @Test func `something else in the same version has another tag`() async throws {
        let tags = Mutex<[String]>([])
        for title in ["one", "two"] {
            try await TestServer.run(performer(version: 7, title: title)) { server async throws in
                let tag = try #require(try server.client().request("GET", Self.path)["etag"])
                tags.withLock { $0.append(tag) }
            }
        }
        #expect(Set(tags.withLock { $0 }).count == 2)
    }

    @Test func `a change can depend on the version`() async throws {
        try await TestServer.run(performer(version: 7)) { server async throws in
            let client = try server.client()
            func change(_ condition: String, _ body: String = "{}") throws -> RawClient.Response {
                try client.request("PATCH", Self.path, fields: ["If-Match: \(condition)"], body: body)
            }
            for condition in ["\"7\"", "\"7-abc\"", "*"] {
                let answer = try change(condition)
                #expect(answer.status == 200 && answer["etag"]?.hasPrefix("\"7-") == true, "\(condition)")
            }
            let stale = try change("\"6-abc\"")
            #expect(
                stale.status == 412 && stale.text.contains("\"version_conflict\"")
                    && stale.text.contains("\"status\":412"))
            for condition in ["7", "\"x\"", "\"0\"", "\"7\", \"8\"", "\"\""] {
                #expect(try change(condition).status == 400, "\(condition)")
            }
            #expect(try change("\"7\"", "{\"expectedVersion\":6}").status == 400)
            // Without If-Match the same refusal is a conflict like others.
            #expect(try client.request("PATCH", Self.path, body: "{\"expectedVersion\":6}").status == 409)
            #expect(try client.request("GET", Self.path, fields: ["If-Match: \"7\""]).status == 400)
        }
    }

    @Test func `errors are problems`() async throws {
        let performer = FakePerformer { _, _, _ in
            throw APIError("lease_lost", .conflict, "It \"is\" lost.", details: ["task": "API-1"])
        }
        try await TestServer.run(performer) { server async throws in
            let answer = try server.client().request("GET", Self.path)
            #expect(answer["content-type"] == "application/problem+json")
            let told = try JSONValue(jsonBytes: answer.body)
            #expect(told["type"] == "urn:orca:error:lease_lost" && told["title"] == "Conflict")
            #expect(told["status"] == 409 && told["detail"] == "It \"is\" lost." && told["message"] == told["detail"])
            #expect(told["code"] == "lease_lost" && told["details"]?["task"] == "API-1")
        }
    }

    @Test func `pages of other origins read nothing unless they may`() async throws {
        try await TestServer.run(
            performer(version: 1),
            configure: {
                $0.tcp = [.init(port: 0)]; $0.allowedOrigins = ["https://good.example"]
            }
        ) { server async throws in
            func send(_ method: String, _ fields: [String]) throws -> RawClient.Response {
                let client = try server.tcpClient()
                let lines = ["\(method) \(Self.path) HTTP/1.1", "Host: localhost"] + fields
                try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
                return try client.readResponse()
            }
            let token = "Authorization: Bearer t"
            let ask = "Access-Control-Request-Method: PATCH"
            let may = try send("OPTIONS", ["Origin: https://good.example", ask])
            #expect(may.status == 204 && may["access-control-allow-origin"] == "https://good.example")
            #expect(may["access-control-allow-methods"]?.contains("PATCH") == true)
            #expect(may["access-control-allow-headers"]?.contains("Authorization") == true)
            let read = try send("GET", ["Origin: https://good.example", token])
            #expect(read.status == 200 && read["access-control-allow-origin"] == "https://good.example")
            #expect(read["vary"] == "Origin" && read["access-control-expose-headers"]?.contains("ETag") == true)
            // The refusal is for the page to read, too.
            let refused = try send("GET", ["Origin: https://good.example"])
            #expect(refused.status == 401 && refused["access-control-allow-origin"] == "https://good.example")
            let bad = try send("OPTIONS", ["Origin: https://evil.example", ask])
            #expect(bad.status == 403 && bad["access-control-allow-origin"] == nil)
            #expect(try send("GET", [token])["access-control-allow-origin"] == nil)
            #expect(try send("OPTIONS", [token]).status == 405)
        }
    }
}
