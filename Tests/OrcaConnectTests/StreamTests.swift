import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Testing

private let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

private func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n" }

private var watch: OrcaV1.WatchEventsRequest { .with { $0.workspace = "default" } }

@Suite struct StreamTests {
    @Test func readsEventsHoweverTheyAreCut() throws {
        let text =
            head + chunk(": hello\n\nid: 1\ndata: {\"event\":{\"sequence\":\"1\",\"ty")
            + chunk("pe\":\"task.created\"}}\n")
            + chunk("\n: beat\n\nid: 2\r\ndata: {\"event\":\r\ndata: {\"sequence\":\"2\"}}\r\n\r\n") + "0\r\n\r\n"
        try withServer { _ in
            .raw(text)
        } _: { client, server in
            let stream = try client.stream(Operations.watchEvents, watch)
            #expect(
                try stream.next()?.item
                    == .event(
                        .with {
                            $0.sequence = 1; $0.type = "task.created"
                        }))
            #expect(try stream.next()?.item == .event(.with { $0.sequence = 2 }))
            #expect(try stream.next() == nil)
            #expect(server.requests[0].headers["accept"] == "text/event-stream")
            #expect(server.requests[0].headers["x-orca-timeout-ms"] == nil, "a stream ends when nobody reads it")
        }
    }

    @Test func readsObjectsALine() throws {
        let text =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n{\"result\":{\"event\":{\"sequence\":\"5\"}}}\n"
        try withServer { _ in
            .raw(text)
        } _: { client, _ in
            let stream = try client.stream(Operations.watchEvents, watch)
            #expect(try stream.next()?.item == .event(.with { $0.sequence = 5 }))
            #expect(try stream.next() == nil)
        }
    }

    @Test func throwsTheErrorInTheStream() throws {
        let text =
            head
            + chunk(
                "event: error\ndata: {\"code\":\"resync_required\",\"category\":\"conflict\",\"message\":\"m\"}\n\n")
        try withServer { _ in
            .rawOpen(text)
        } _: { client, _ in
            let stream = try client.stream(Operations.watchEvents, watch)
            #expect(failure { () throws(APIError) in try stream.next() as Any }?.code == "resync_required")
        }
    }

    @Test func throwsTheErrorInsteadOfTheStream() throws {
        try withServer { _ in
            .json(404, #"{"code":"workspace_not_found","category":"not_found","message":"m","details":{}}"#)
        } _: { client, _ in
            let error = failure { () throws(APIError) in try client.stream(Operations.watchEvents, watch) }
            #expect(error?.code == "workspace_not_found")
        }
    }

    @Test func saysThatTheConnectionBroke() throws {
        try withServer { _ in
            .raw(head + "ff\r\ndata: {")
        } _: { client, _ in
            let stream = try client.stream(Operations.watchEvents, watch)
            #expect(failure { () throws(APIError) in try stream.next() as Any }?.code == "stream_broken")
        }
    }

    @Test func aWaitingReaderReturnsWhenTheStreamIsCanceled() throws {
        try withServer { _ in
            .rawOpen(head + chunk("data: {\"event\":{\"sequence\":\"1\"}}\n\n"))
        } _: { client, _ in
            let stream = try client.stream(Operations.watchEvents, watch)
            #expect(try stream.next() != nil)
            let done = StopSignal()
            let thread = try ManagedThread("reader") {
                // The end of the stream is what the test waits for; an error would be one, too.
                _ = try? stream.next()
                done.raise()
            }
            stream.cancel()
            #expect(done.wait(until: .after(.seconds(10))))
            thread.join()
        }
    }
}
