import Glibc
import OrcaAPI
import OrcaHTTP
import OrcaProtobuf
import Synchronization

/// A server with nothing behind it, in a process of its own: what it costs is what the transport costs.
enum HTTPFixture {
    /// Serves until it is killed. Prints the TCP port first.
    static func run(socket: String) throws {
        var configuration = HTTPServerConfiguration(unixSocket: socket, tcp: [.init(port: 0)])
        configuration.limits.connectionsMax = 65_536
        let server = HTTPServer(configuration: configuration, performer: FixturePerformer())
        try server.start()
        print(server.tcpPorts.first ?? 0)
        fflush(nil)
        while true { pause() }
    }
}

private final class FixturePerformer: Performer {
    private let streams = Mutex<[FixtureStream]>([])

    /// `GetTask` answers a small task; `CreateTask` sends as many events to every stream as its priority says.
    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        switch request {
        case let get as OrcaV1.GetTaskRequest:
            return OrcaV1.GetProjectResponse.with { $0.project = .with { ($0.key, $0.name) = (get.task, "small") } }
        case let create as OrcaV1.CreateTaskRequest:
            let streams = streams.withLock { $0 }
            for sequence in 1...max(1, Int64(create.priority)) {
                let event = OrcaV1.WatchEventsResponse.with {
                    $0.item = .event(
                        .with {
                            ($0.sequence, $0.workspace, $0.type) = (sequence, call.requestID, "task.claimed")
                            ($0.entityKind, $0.entityId, $0.actor) = ("task", "task_01hzy0000000000000000000", "ann")
                        })
                }
                for stream in streams { stream.push(event) }
            }
            return operation.responseType.init()
        default: return operation.responseType.init()
        }
    }

    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        let stream = FixtureStream()
        streams.withLock { $0.append(stream) }
        return stream
    }
}

private final class FixtureStream: ResponseStream {
    private struct State {
        var waiting: [any ProtoMessage] = []
        var isCancelled = false
        var continuation: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func push(_ message: any ProtoMessage) {
        change { $0.waiting.append(message) }
    }

    func next() async throws -> [any ProtoMessage]? {
        while true {
            let (messages, isCancelled) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isCancelled)
            }
            if isCancelled { return nil }
            if !messages.isEmpty { return messages }
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    guard state.waiting.isEmpty, !state.isCancelled else { return true }
                    state.continuation = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        }
    }

    func cancel() { change { $0.isCancelled = true } }

    private func change(_ body: (inout State) -> Void) {
        let continuation = state.withLock { state in
            body(&state)
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume()
    }
}
