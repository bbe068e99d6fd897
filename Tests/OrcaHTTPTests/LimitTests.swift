import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaProtobuf
import Testing

@Suite struct LimitTests {
    private let task = "/v1/workspaces/w/tasks/API-1"

    @Test func `a head, a target or a number of fields beyond the limit is refused`() async throws {
        try await TestServer.run { server async throws in
            let long = String(repeating: "a", count: 64 << 10)
            #expect(try server.client().request("GET", task, fields: ["A: \(long)"]).status == 431)
            #expect(try server.client().request("GET", "/\(long)").status == 414)
            #expect(try server.client().request("GET", task, fields: (0..<500).map { "A\($0): b" }).status == 431)
            let many = (0..<90).map { "A\($0): b" }
            #expect(try server.client().request("GET", task, fields: many).status == 200)
        }
    }

    @Test func `a head that never ends is refused when it passes the limit`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            try client.send("GET /healthz HTTP/1.1\r\n")
            for _ in 0..<40 { try client.send("A: " + String(repeating: "b", count: 1000) + "\r\n") }
            #expect(try client.readResponse().status == 431)
        }
    }

    @Test func `a body beyond the limit is refused before it is read, and the answer arrives`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            let count = (4 << 20) + 1
            let head = "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            try client.send(head + "Content-Length: \(count)\r\n\r\n")
            // The client goes on sending, as clients do.
            try client.send([UInt8](repeating: 0x20, count: 100_000))
            let response = try client.readResponse()
            #expect(response.status == 413)
            #expect(try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip).code == "body_too_large")
        }
    }

    @Test func `chunks beyond the limit are refused, up to the limit they are taken`() async throws {
        try await TestServer.run(configure: { $0.limits.bodyBytesMax = 1000 }) { server async throws in
            let head =
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            let half = "1f4\r\n" + String(repeating: " ", count: 500) + "\r\n"
            let client = try server.client()
            try client.send(head + half + "1f2\r\n" + String(repeating: " ", count: 498) + "\r\n2\r\n{}\r\n0\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            try client.send(head + half + half + "1\r\n \r\n0\r\n\r\n")
            #expect(try client.readResponse().status == 413)
        }
    }

    @Test func `bodies that are being received are limited together`() async throws {
        try await TestServer.run(configure: { $0.limits.bodiesBytesMax = 1000 }) { server async throws in
            let head = "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            let first = try server.client()
            try first.send(head + "Content-Length: 800\r\nExpect: 100-continue\r\n\r\n")
            #expect(try first.readHead().status == 100)
            let second = try server.client()
            try second.send(head + "Content-Length: 300\r\n\r\n")
            #expect(try second.readResponse().status == 503)
            try first.send(String(repeating: " ", count: 798) + "{}")
            #expect(try first.readResponse().status == 200)
            let third = try server.client()
            #expect(
                try third.request("POST", "/v1/workspaces/w/tasks", body: String(repeating: " ", count: 898) + "{}")
                    .status
                    == 200)
        }
    }

    @Test func `connections beyond the limit are refused`() async throws {
        try await TestServer.run(configure: { $0.limits.connectionsMax = 2 }) { server async throws in
            let first = try server.client()
            #expect(try first.request("GET", "/healthz").status == 200)
            let second = try server.client()
            #expect(try second.request("GET", "/healthz").status == 200)
            let third = try server.client()
            #expect(try third.readResponse().status == 503)
            #expect(try first.request("GET", "/healthz").status == 200)
        }
    }

    @Test func `a head that does not arrive in time is answered with 408`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            #expect(try client.request("GET", "/healthz").status == 200)
            try client.send("GET /healthz HTTP/1.1\r\nHost:")
            #expect(try self.answerWhileTimePasses(server, client, milliseconds: 10_000).status == 408)
        }
    }

    @Test func `a body that does not arrive in time is answered with 408`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            try client.send(
                "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            #expect(try client.readHead().status == 100)
            server.clock.advance(milliseconds: 59_000)
            try client.send("{")
            // A second connection shows that the loop has gone round.
            #expect(try server.client().request("GET", "/healthz").status == 200)
            server.clock.advance(milliseconds: 1000)
            #expect(try client.readResponse().status == 408)
        }
    }

    @Test func `an idle connection is closed after its time`() async throws {
        try await TestServer.run { server async throws in
            let client = try server.client()
            #expect(try client.request("GET", "/healthz").status == 200)
            server.clock.advance(milliseconds: 74_000)
            #expect(try client.request("GET", "/healthz").status == 200)
            server.clock.advance(milliseconds: 75_000)
            #expect(try client.readToEnd() == "")
        }
    }

    /// The server may not have read the last bytes when time is moved; then they count from the moved time on, so it is moved again.
    private func answerWhileTimePasses(
        _ server: TestServer, _ client: RawClient, milliseconds: Int64
    ) throws -> RawClient.Response {
        #expect(try server.client().request("GET", "/healthz").status == 200)
        server.clock.advance(milliseconds: milliseconds)
        return try client.readResponse()
    }

    @Test(arguments: ["0", "-1", "1.5", "86400001", "99999999999999999999", "soon", ""])
    func `a deadline that is none is refused`(text: String) async throws {
        try await TestServer.run { server async throws in
            let response = try server.client().request("GET", task, fields: ["X-Orca-Timeout-Ms: \(text)"])
            #expect(response.status == 400 && response.text.contains("X-Orca-Timeout-Ms"))
            #expect(server.performer.seen.isEmpty)
        }
    }

    /// Also when it is the performer that says the call was given up: it does not know why.
    @Test(arguments: [false, true])
    func `a deadline that the caller gives is kept`(isTold: Bool) async throws {
        let cancelled = Signal()
        let performer = FakePerformer { _, _, _ in
            await withTaskCancellationHandler {
                await cancelled.reached()
            } onCancel: {
                cancelled.fire()
            }
            if isTold { throw APIError("canceled", .unavailable, "The call was given up.") }
            throw CancellationError()
        }
        try await TestServer.run(performer) { server async throws in
            let client = try server.client()
            try client.send("GET \(task):wait HTTP/1.1\r\nHost: x\r\nX-Orca-Timeout-Ms: 500\r\n\r\n")
            #expect(try server.client().request("GET", "/healthz").status == 200)
            server.clock.advance(milliseconds: 500)
            let response = try client.readResponse()
            #expect(response.status == 504)
            #expect(try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip).category == "deadline_exceeded")
        }
    }
}
