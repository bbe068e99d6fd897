import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaProtobuf
import Testing

@Suite struct StreamTests {
    private let watch = "/v1/workspaces/w/events:watch"

    private func open(_ client: RawClient, fields: [String] = [], query: String = "") throws -> RawClient.Response {
        let lines = ["GET \(watch)\(query) HTTP/1.1", "Host: localhost"] + fields
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try client.readHead()
    }

    @Test func `events are server-sent events with their sequence as id`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            let head = try open(client, fields: ["Accept: text/event-stream"])
            #expect(head.status == 200)
            #expect(head["content-type"] == "text/event-stream")
            stream.push([FakeStream.event(7)])
            let text = try #require(try client.readChunkText())
            #expect(text.hasPrefix("id: 7\nevent: event\ndata: {\"event\":{\"sequence\":\"7\","))
            #expect(text.hasSuffix("}\n\n"))
            let gap = OrcaV1.WatchEventsResponse.with {
                $0.item = .gap(.with { ($0.fromSequence, $0.toSequence) = (8, 20) })
            }
            stream.push([gap, FakeStream.event(21)])
            let batch = try #require(try client.readChunkText())
            #expect(
                batch.hasPrefix(
                    "event: gap\ndata: {\"gap\":{\"fromSequence\":\"8\",\"toSequence\":\"20\"}}\n\nid: 21\n"))
            stream.end()
            #expect(try client.readChunk() == nil)
            #expect(try client.request("GET", "/healthz").status == 200)
        }
    }

    @Test func `a stream goes on after the last event that the client saw`() async throws {
        try await TestServer.run { server async throws in
            _ = try open(try server.client(), fields: ["Last-Event-ID: 41"], query: "?after=3")
            _ = try open(try server.client(), query: "?after=-1&typePrefix=task.")
            let requests = server.performer.seen.compactMap { $0.request as? OrcaV1.WatchEventsRequest }
            #expect(requests.map(\.after) == [41, -1])
            #expect(requests.last?.typePrefix == "task.")
            let bad = try server.client()
            try bad.send("GET \(watch) HTTP/1.1\r\nHost: x\r\nLast-Event-ID: x\r\n\r\n")
            #expect(try bad.readResponse().status == 400)
        }
    }

    @Test func `a silent stream gets a comment every fifteen seconds`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            _ = try open(client)
            for _ in 0..<3 {
                server.clock.advance(milliseconds: 15_000)
                #expect(try client.readChunkText() == ": heartbeat\n\n")
            }
            server.clock.advance(milliseconds: 14_000)
            stream.push([FakeStream.event(1)])
            #expect(try client.readChunkText()?.hasPrefix("id: 1\n") == true)
            // The event was a sign of life: the next comment is due fifteen seconds after it, not one.
            server.clock.advance(milliseconds: 14_000)
            stream.push([FakeStream.event(2)])
            #expect(try client.readChunkText()?.hasPrefix("id: 2\n") == true)
        }
    }

    @Test func `lines are one result each, and an error ends them`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            #expect(
                try open(client, fields: ["Accept: application/x-ndjson"])["content-type"] == "application/x-ndjson")
            stream.push([FakeStream.event(1), FakeStream.event(2)])
            let lines = try #require(try client.readChunkText()).split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.allSatisfy { $0.hasPrefix(#"{"result":{"event":{"#) })
            stream.fail(APIError("resync_required", .conflict, "Read the state again."))
            #expect(try client.readChunkText()?.hasPrefix(#"{"error":{"code":"resync_required","#) == true)
            #expect(try client.readChunk() == nil)
        }
    }

    @Test func `an error before the stream begins is an ordinary error`() async throws {
        let performer = FakePerformer(stream: { _ in throw APIError("resync_required", .conflict, "Too old.") })
        try await TestServer.run(performer) { server async throws in
            let response = try server.client().request("GET", watch)
            #expect(response.status == 409)
            #expect(try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip).code == "resync_required")
        }
    }

    @Test func `an error in the middle of events is an event`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            _ = try open(client)
            stream.fail(APIError("resync_required", .conflict, "Read the state again."))
            #expect(try client.readChunkText()?.hasPrefix("event: error\ndata: {\"code\":\"resync_required\"") == true)
            #expect(try client.readChunk() == nil)
        }
    }

    @Test func `a type that no stream has is refused`() async throws {
        try await TestServer.run { server async throws in
            #expect(try server.client().request("GET", watch, fields: ["Accept: application/json"]).status == 406)
            #expect(server.performer.seen.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `a client that leaves cancels its stream`(isTCP: Bool) async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream }), configure: { $0.tcp = [.init(port: 0)] }) {
            server in
            let client = isTCP ? try server.tcpClient() : try server.client()
            _ = try open(client, fields: ["Authorization: Bearer x"])
            client.close()
            #expect(stream.cancelled.wait())
        }
    }

    @Test func `a client on HTTP 1.0 gets a stream that ends with its connection`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            try client.send("GET \(watch) HTTP/1.0\r\n\r\n")
            #expect(try client.readHead()["connection"] == "close")
            stream.push([FakeStream.event(1)])
            stream.end()
            #expect(try client.readToEnd().hasPrefix("id: 1\nevent: event\n"))
        }
    }

    @Test func `a client that does not read is not read for, and is cut off after its time`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            _ = try open(client)
            let big = OrcaV1.WatchEventsResponse.with {
                $0.item = .event(.with { $0.data = ["text": .string(String(repeating: "x", count: 1 << 20))] })
            }
            for _ in 0..<20 { stream.push([big]) }
            // It stops pulling long before twenty megabytes wait in memory.
            #expect(try server.client().request("GET", "/healthz").status == 200)
            #expect(stream.pulls < 5)
            server.clock.advance(milliseconds: 30_000)
            #expect(stream.cancelled.wait())
        }
    }

    @Test func `a client that reads slowly gets everything`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            _ = try open(client)
            for sequence in 1...50 {
                let event = OrcaV1.Event.with {
                    $0.sequence = Int64(sequence)
                    $0.data = ["text": .string(String(repeating: "x", count: 100_000))]
                }
                stream.push([OrcaV1.WatchEventsResponse.with { $0.item = .event(event) }])
            }
            stream.end()
            for sequence in 1...50 {
                let text = try #require(try client.readChunkText())
                #expect(text.hasPrefix("id: \(sequence)\n"))
                #expect(text.utf8.count > 100_000)
            }
            #expect(try client.readChunk() == nil)
        }
    }

    @Test func `many clients of the same event all get it`() async throws {
        let streams = (0..<100).map { _ in FakeStream() }
        let next = Signal()
        let performer = FakePerformer(stream: { _ in
            defer { next.fire() }
            return streams[next.count]
        })
        try await TestServer.run(performer) { server async throws in
            let clients = try streams.map { _ in try server.client() }
            for client in clients { _ = try open(client) }
            for stream in streams { stream.push([FakeStream.event(5)]) }
            let texts = try clients.map { try $0.readChunkText() ?? "" }
            #expect(Set(texts).count == 1)
            #expect(texts[0].hasPrefix("id: 5\n"))
        }
    }
}
