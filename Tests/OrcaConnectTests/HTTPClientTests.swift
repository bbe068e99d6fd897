import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization
import Testing

/// Runs a body with a client of a fake server.
func withServer(
    timeoutMS: Int = 10_000, environment: [String: String] = [:],
    _ reply: @escaping @Sendable (FakeRequest) -> FakeReply,
    _ body: (HTTPClient, FakeServer) throws -> Void
) throws {
    let server = try FakeServer(reply)
    defer { server.close() }
    var options = ConnectOptions(environment: environment)
    options.endpoint = .socket(server.path)
    options.timeoutMS = timeoutMS
    try body(try HTTPClient(options), server)
}

/// The error of a call that must fail.
func failure(_ body: () throws(APIError) -> some Any) -> APIError? {
    do throws(APIError) {
        _ = try body()
        Issue.record("the call succeeded")
        return nil
    } catch {
        return error
    }
}

private let taskJSON = #"{"task":{"id":"task_1","ref":"API-1","status":"ready","someNewField":1}}"#

private var getTask: OrcaV1.GetTaskRequest {
    .with {
        $0.workspace = "default"
        $0.task = "API-1"
    }
}

private var createTask: OrcaV1.CreateTaskRequest {
    .with {
        $0.workspace = "default"
        $0.project = "API"
        $0.title = "T"
    }
}

@Suite struct HTTPClientTests {
    @Test func sendsAReadAsTheRouteSays() throws {
        try withServer(environment: ["ORCA_AGENT": "mule", "ORCA_TOKEN": "secret"]) { _ in
            .json(200, taskJSON)
        } _: { client, server in
            let response = try client.call(Operations.getTask, getTask)
            #expect(response.task?.ref == "API-1" && response.task?.status == .ready)
            let request = try #require(server.requests.first)
            #expect(request.method == "GET" && request.target == "/v1/workspaces/default/tasks/API-1")
            #expect(request.headers["x-orca-caller"] == "mule")
            #expect(request.headers["authorization"] == "Bearer secret")
            #expect(request.headers["idempotency-key"] == nil)
            #expect(request.headers["host"] == "localhost")
        }
    }

    @Test func sendsAWriteWithItsKey() throws {
        try withServer { _ in
            .json(200, taskJSON)
        } _: { client, server in
            _ = try client.call(Operations.createTask, createTask, idempotencyKey: "k1")
            _ = try client.call(Operations.createTask, createTask)
            let keys = server.requests.map { $0.headers["idempotency-key"] ?? "" }
            #expect(keys[0] == "k1")
            #expect(keys[1].utf8.count == 26)
            #expect(server.requests[0].method == "POST" && server.requests[0].target == "/v1/workspaces/default/tasks")
            #expect(server.requests[0].headers["content-type"] == "application/json")
            #expect(server.requests[0].bodyText.contains(#""title":"T""#))
        }
    }

    @Test func aHeaderValueCannotBreakOutOfItsLine() throws {
        try withServer(environment: ["ORCA_AGENT": "a\r\nX-Evil: 1"]) { _ in
            .json(200, taskJSON)
        } _: { client, server in
            _ = try client.call(Operations.getTask, getTask)
            #expect(server.requests[0].headers["x-evil"] == nil)
        }
    }

    @Test func usesAConnectionAgain() throws {
        try withServer { _ in
            .json(200, taskJSON)
        } _: { client, server in
            for _ in 0..<5 { _ = try client.call(Operations.getTask, getTask) }
            #expect(server.connections == 1)
            #expect(server.requests.count == 5)
        }
    }

    @Test func replacesAConnectionThatTheServerClosed() throws {
        try withServer { _ in
            .jsonThenClose(200, taskJSON)
        } _: { client, server in
            for _ in 0..<3 { _ = try client.call(Operations.getTask, getTask) }
            #expect(server.connections == 3)
        }
    }

    @Test func sendsAWriteAgainWithTheSameKeyWhenTheAnswerIsLost() throws {
        let count = Mutex(0)
        try withServer { _ in
            let number = count.withLock {
                $0 += 1
                return $0
            }
            return number < 3
                ? (number == 1 ? .close : .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))
                : .json(200, taskJSON)
        } _: { client, server in
            _ = try client.call(Operations.createTask, createTask)
            #expect(server.requests.count == 3)
            #expect(Set(server.requests.map { $0.headers["idempotency-key"] }).count == 1)
        }
    }

    @Test func givesUpAfterAFewBrokenConnections() throws {
        try withServer { _ in
            .close
        } _: { client, server in
            let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
            #expect(error?.code == "connection_broken" && error?.category == .unavailable)
            #expect(server.requests.count == 4)
        }
    }

    @Test func handsOnTheErrorOfTheServer() throws {
        let body = #"{"code":"task_held","category":"conflict","message":"Held by mule.","details":{"holder":"mule"}}"#
        try withServer { _ in
            .json(409, body)
        } _: { client, _ in
            let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
            #expect(error == APIError("task_held", .conflict, "Held by mule.", details: ["holder": "mule"]))
            #expect(error?.category.exitCode == 4)
        }
    }

    @Test(arguments: [
        (404, ErrorCategory.notFound), (413, .invalidArgument), (502, .unavailable), (500, .internal),
        (401, .unauthenticated),
    ])
    func makesAnErrorOfABareStatus(status: Int, category: ErrorCategory) throws {
        try withServer { _ in
            .json(status, "<html>")
        } _: { client, _ in
            let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
            #expect(error?.category == category)
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"])
    func recognisesAForeignProcess(greeting: String) throws {
        try withServer { _ in
            .raw(greeting)
        } _: { client, _ in
            let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
            #expect(error?.code == "foreign_server" && error?.category == .unavailable)
        }
    }

    @Test func refusesAnAnswerThatIsTooLarge() throws {
        try withServer { _ in
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        } _: { client, _ in
            #expect(
                failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }?.code
                    == "foreign_server")
        }
    }

    @Test func refusesAnEndlessHeader() throws {
        try withServer { _ in
            .raw("HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 100_000))
        } _: { client, _ in
            #expect(
                failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }?.code
                    == "foreign_server")
        }
    }

    @Test func readsAnAnswerInChunks() throws {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"tas\r\n1a;x=y\r\nk\":{\"ref\":\"API-7\",\"id\":\"t\"\r\n2\r\n}}\r\n0\r\nTrailer: x\r\n\r\n"
        try withServer { _ in
            .rawOpen(text)
        } _: { client, _ in
            let response = try client.call(Operations.getTask, getTask)
            #expect(response.task?.ref == "API-7")
        }
    }

    @Test func readsAnAnswerThatEndsWithItsConnection() throws {
        try withServer { _ in
            .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + taskJSON)
        } _: { client, _ in
            let response = try client.call(Operations.getTask, getTask)
            #expect(response.task?.ref == "API-1")
        }
    }

    @Test func givesUpAtItsDeadline() throws {
        try withServer(timeoutMS: 50) { _ in
            .silence
        } _: { client, _ in
            let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
            #expect(error?.category == .deadlineExceeded && error?.category.exitCode == 124)
        }
    }

    @Test func saysThatNobodyListens() throws {
        var options = ConnectOptions(environment: [:])
        options.endpoint = .socket("/tmp/orca-no-such-socket")
        let client = try HTTPClient(options)
        let error = failure { () throws(APIError) in try client.call(Operations.getTask, getTask) }
        #expect(error?.code == "server_unreachable")
        #expect(error?.message.contains("orca serve") == true)
    }

    @Test func servesManyThreadsAtOnce() throws {
        try withServer { _ in
            .json(200, taskJSON)
        } _: { client, server in
            let failures = Atomic(0)
            let threads = try (0..<16).map { _ in
                try ManagedThread("caller") {
                    for _ in 0..<20 where (try? client.call(Operations.getTask, getTask)) == nil {
                        failures.add(1, ordering: .relaxed)
                    }
                }
            }
            for thread in threads { thread.join() }
            #expect(failures.load(ordering: .relaxed) == 0)
            #expect(server.requests.count == 320)
            #expect(server.connections <= 16)
        }
    }
}
