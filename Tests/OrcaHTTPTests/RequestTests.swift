import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaProtobuf
import Testing

@Suite struct RequestTests {
    private let task = "/v1/workspaces/w/tasks/API-1"

    private func error(_ response: RawClient.Response) throws -> OrcaV1.Error {
        try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip)
    }

    @Test func `an operation is answered with JSON and its request's id`() async throws {
        try await TestServer.run { server async throws in
            let response = try server.client().request("GET", task, fields: ["X-Request-Id: mine-1"])
            #expect(response.status == 200)
            #expect(response["content-type"] == "application/json")
            #expect(response["x-request-id"] == "mine-1")
            #expect(response["x-content-type-options"] == "nosniff")
            #expect(try OrcaV1.GetTaskResponse(jsonBytes: response.body).task?.ref == "API-1")
        }
    }

    @Test func `what the caller says about itself and the call reaches the performer`() async throws {
        try await TestServer.run { server async throws in
            let fields = ["X-Orca-Caller: ann", "Idempotency-Key: k-1", "X-Orca-Timeout-Ms: 1500", "X-Request-Id: r"]
            let body = #"{"title":"Write it"}"#
            let response = try server.client().request("POST", "/v1/workspaces/w/tasks", fields: fields, body: body)
            #expect(response.status == 200)
            let seen = try #require(server.performer.seen.first)
            #expect(seen.operation == "CreateTask")
            #expect(seen.call.caller == .owner(name: "ann"))
            #expect(seen.call.idempotencyKey == "k-1")
            #expect(seen.call.timeoutMS == 1500)
            #expect(seen.call.requestID == "r")
            #expect(seen.request as? OrcaV1.CreateTaskRequest == .with { ($0.workspace, $0.title) = ("w", "Write it") })
        }
    }

    @Test func `chunked bodies are put together, extensions and trailers dropped`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            try client.send(
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=UTF-8\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n9;a=b\r\n{\"title\":\r\n4\r\n\"x\"}\r\n0\r\nSum: 1\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            #expect((server.performer.seen.first?.request as? OrcaV1.CreateTaskRequest)?.title == "x")
            #expect(try client.request("GET", task).status == 200)
        }
    }

    @Test func `a request that comes byte by byte is the same request`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            let text =
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
            for byte in Array((text + #"{"title":"é"}"#).utf8.dropLast()) { try client.send([byte]) }
            try client.send("}")
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func `a thousand pipelined requests are answered in order`() async throws {
        let performer = FakePerformer { operation, request, call in
            // Every other one gives the thread away first, so that a later request could overtake.
            if let get = request as? OrcaV1.GetTaskRequest, get.task.hasSuffix("1") { await Task.yield() }
            return try await FakePerformer.echo(operation, request, call)
        }
        try await TestServer.run(performer) { server async throws in
            let client = try server.client()
            let requests = (0..<1000).map { "GET /v1/workspaces/w/tasks/A-\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
            try client.send(requests.joined())
            for index in 0..<1000 {
                let response = try client.readResponse()
                #expect(try OrcaV1.GetTaskResponse(jsonBytes: response.body).task?.ref == "A-\(index)")
            }
        }
    }

    @Test func `a connection is kept or closed as the client wants`() async throws {
        try await TestServer.run { server async throws in
            let kept = try server.client()
            for _ in 0..<3 { #expect(try kept.request("GET", task)["connection"] == nil) }
            let closed = try server.client()
            #expect(try closed.request("GET", task, fields: ["Connection: keep-alive, Close"])["connection"] == "close")
            #expect(try closed.readToEnd() == "")
            let old = try server.client()
            try old.send("GET \(task) HTTP/1.0\r\n\r\n")
            #expect(try old.readResponse().status == 200)
            #expect(try old.readToEnd() == "")
        }
    }

    @Test func `a client that closes its sending side still gets its answers`() async throws {
        try await TestServer.run(configure: { $0.tcp = [.init(port: 0)] }) { server async throws in
            for client in [try server.client(), try server.tcpClient()] {
                let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                try client.send(request + request)
                client.closeWriting()
                #expect(try client.readResponse().status == 200)
                #expect(try client.readResponse().status == 200)
                #expect(try client.readToEnd() == "")
            }
        }
    }

    @Test func `HEAD is answered without a body`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            let response = try client.request("HEAD", task)
            #expect(response.status == 200)
            #expect((response["content-length"].flatMap { Int($0) } ?? 0) > 0)
            #expect(try client.request("GET", "/healthz").status == 200)
        }
    }

    @Test func `a fault after a good request on the same connection is answered`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            #expect(try client.request("HEAD", task).status == 200)
            try client.send("GET / HTTP/1.1\r\nHost : x\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.status == 400)
            #expect(!response.body.isEmpty)
            #expect(try client.readToEnd() == "")
        }
    }

    @Test func `a client that waits for 100 Continue gets it`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            try client.send(
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            #expect(try client.readHead().status == 100)
            try client.send("{}")
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test(arguments: [
        ("GET", "/v1/nothing", 404, "no_such_operation"), ("PUT", "/v1/workspaces/w/tasks", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/workspaces/w/tasks", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("GET", "/v1/workspaces/%ff/tasks", 400, "bad_request"),
        ("GET", "/v1/workspaces/w/tasks?limit=x", 400, "invalid_argument"),
        ("GET", "/v1/workspaces/w/tasks?color=red", 400, "invalid_argument"),
    ])
    func `a request for nothing is refused and the connection stays`(
        method: String, target: String, status: Int, code: String
    ) async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            let response = try client.request(method, target)
            #expect(response.status == status)
            #expect(try error(response).code == code)
            if status == 405 { #expect(response["allow"]?.isEmpty == false) }
            #expect(try client.request("GET", task).status == 200)
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin1",
        "",
    ])
    func `a body of another type than JSON is refused`(type: String) async throws {
        try await TestServer.run { server async throws in
            let response = try server.client().request(
                "POST", "/v1/workspaces/w/tasks", fields: ["Content-Type: \(type)"], body: "{}")
            #expect(response.status == 415)
            #expect(server.performer.seen.isEmpty)
        }
    }

    @Test(arguments: [
        ("{", ""), ("[]", ""), (#"{"titel":"x"}"#, "titel"), (#"{"retry":{"max_attempts":"x"}}"#, "retry.max_attempts"),
        ("{\"title\":\"\u{0}\"}", "title"),
    ])
    func `a body that is not the request is refused with the field's path`(body: String, field: String) async throws {
        try await TestServer.run { server async throws in
            let response = try server.client().request("POST", "/v1/workspaces/w/tasks", body: body)
            #expect(response.status == 400)
            #expect(try error(response).category == "invalid_argument")
            #expect(try error(response).details["field"] ?? "" == field)
        }
    }

    @Test func `a body that is not UTF-8 is refused`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            let head =
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
            try client.send(Array((head + #"{"title":""#).utf8) + [0xFF] + Array("\"}".utf8))
            let response = try client.readResponse()
            #expect(response.status == 400)
            #expect(try error(response).details["field"] == "title")
        }
    }

    @Test(arguments: ErrorCategory.allCases)
    func `an error of every class has its status and body`(category: ErrorCategory) async throws {
        let performer = FakePerformer { _, _, _ in
            throw APIError(
                "some_code", category, "It did not work.", details: ["holder": "ann", "retry_after_ms": "1500"])
        }
        try await TestServer.run(performer) { server async throws in
            let response = try server.client().request("GET", task)
            #expect(response.status == category.httpStatus)
            #expect(response["retry-after"] == "2")
            let body = try error(response)
            #expect(body.code == "some_code")
            #expect(body.category == category.rawValue)
            #expect(body.message == "It did not work.")
            #expect(body.details["holder"] == "ann")
        }
    }

    @Test func `an unexpected error tells the client nothing but that there was one`() async throws {
        struct Secret: Error {}
        let reported = Signal()
        let hooks = HTTPServerHooks(reportInternalError: { _, _, _ in reported.fire() })
        try await TestServer.run(FakePerformer { _, _, _ in throw Secret() }, hooks: hooks) { server async throws in
            let response = try server.client().request("GET", task)
            #expect(response.status == 500)
            #expect(!response.text.contains("Secret"))
            #expect(reported.wait())
        }
    }

    @Test func `a server that is ready says what somebody should see to`() async throws {
        var hooks = HTTPServerHooks()
        try await TestServer.run(hooks: hooks) { server async throws in
            #expect(try server.client().request("GET", "/readyz").text == #"{"status":"ready"}"#)
        }
        hooks.warnings = { ["the clock is wrong"] }
        try await TestServer.run(hooks: hooks) { server async throws in
            let ready = try server.client().request("GET", "/readyz")
            #expect(ready.status == 200)
            #expect(ready.text == #"{"status":"ready","warnings":["the clock is wrong"]}"#)
        }
    }

    @Test func `the built-in paths answer`() async throws {
        let hooks = HTTPServerHooks(notReady: { "The store is being migrated." }, metrics: { "extra 1\n" })
        try await TestServer.run(hooks: hooks) { server async throws in
            let client = try server.client()
            #expect(try client.request("GET", "/healthz").status == 200)
            let ready = try client.request("GET", "/readyz")
            #expect(ready.status == 503)
            #expect(ready.text.contains("migrated"))
            #expect(try client.request("GET", "/openapi.json").text.hasPrefix(#"{"openapi":"3.0.3""#))
            _ = try client.request("GET", task)
            let metrics = try client.request("GET", "/metrics").text
            #expect(metrics.contains(#"orca_http_requests_total{operation="GetTask",status="200"} 1"#))
            #expect(metrics.contains(#"orca_http_request_seconds_bucket{operation="GetTask",le="+Inf"} 1"#))
            #expect(metrics.contains("orca_http_connections 1\n"))
            #expect(metrics.hasSuffix("extra 1\n"))
        }
    }
}
