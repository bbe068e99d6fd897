import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import Testing

/// What programs of others use.
@Suite struct LibraryTests {
    private static let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n"

    private func line(_ sequence: Int) -> String { "{\"result\":{\"event\":{\"sequence\":\"\(sequence)\"}}}\n" }

    private var watch: OrcaV1.WatchEventsRequest {
        var request = OrcaV1.WatchEventsRequest()
        request.workspace = "default"
        return request
    }

    @Test func aStreamIsReadAsItIsAskedFor() async throws {
        let text = Self.head + (1...50).map { line($0) }.joined()
        let server = try FakeServer { _ in .raw(text) }
        defer { server.close() }
        let orca = try Orca(.socket(path: server.path))
        var seen: [Int64] = []
        for try await message in try orca.watchEvents(watch).messages {
            if case .event(let event)? = message.item { seen.append(event.sequence) }
        }
        #expect(seen == Array(1...50))
    }

    @Test func leavingTheLoopEndsTheStream() async throws {
        let text = Self.head + line(1)
        let server = try FakeServer { _ in .rawOpen(text) }
        defer { server.close() }
        let stream = try Orca(.socket(path: server.path)).watchEvents(watch)
        for try await _ in stream.messages { break }
        // It would wait for ever for a second message otherwise.
        #expect(try stream.next() == nil)
    }

    @Test func aWaitThatIsCancelledEnds() async throws {
        let server = try FakeServer { _ in .rawOpen(Self.head) }
        defer { server.close() }
        let stream = try Orca(.socket(path: server.path)).watchEvents(watch)
        let reading = Task {
            for try await _ in stream.messages { return false }
            return true
        }
        reading.cancel()
        #expect(try await reading.value)
    }

    @Test func aRefusalHasItsCodeAndItsFacts() async throws {
        let server = try FakeServer { _ in
            .json(409, #"{"code":"lease_lost","category":"conflict","message":"Lost.","details":{"task":"API-1"}}"#)
        }
        defer { server.close() }
        let orca = try Orca(.socket(path: server.path))
        let lost = OrcaError(code: "lease_lost", category: "conflict", "Lost.", details: ["task": "API-1"])
        var request = OrcaV1.GetTaskRequest()
        request.workspace = "default"
        request.task = "API-1"
        let sent = request
        do {
            _ = try await orca.run { orca in try orca.getTask(sent) }
            Issue.record("it was answered")
        } catch {
            #expect(error as? OrcaError == lost)
        }
    }
}
