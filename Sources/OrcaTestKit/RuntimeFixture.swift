package import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
package import OrcaRuntime
import OrcaSQLite
package import OrcaStore
import Synchronization

/// A whole runtime over a store in memory, under a manual clock. No socket, no process.
package struct RuntimeFixture: Sendable {
    package let store: any Store
    package let clock: ManualClock
    package let runtime: Runtime
    package let control: FakeControl
    private let feed: Task<Void, Never>

    package init() async throws {
        let (store, clock, control) = (try SQLiteStore(.memory, now: 0), ManualClock(), FakeControl())
        let runtime = Runtime(store: store, clock: clock, chance: Chance(seed: 1), server: control)
        _ = try await runtime.prepare()
        (self.store, self.clock, self.runtime, self.control) = (store, clock, runtime, control)
        feed = Task { await runtime.feed.run() }
    }

    package func stop() async {
        feed.cancel()
        await store.close()
    }

    /// Calls an operation as the owner of the socket, unless another caller is given.
    package func call<Request, Response>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, key: String? = nil,
        as caller: Caller = .owner(name: "")
    ) async throws -> Response {
        let context = CallContext(caller: caller, idempotencyKey: key, requestID: "req")
        let response = try await runtime.perform(operation.erased, request, context)
        guard let typed = response as? Response else {
            throw APIError("internal", .internal, "\(operation.erased.name) answered a \(type(of: response))")
        }
        return typed
    }

    /// A project with some tasks that are ready.
    package func project(_ key: String = "API", tasks: Int = 0) async throws {
        _ = try await call(Operations.createProject, .with { $0.key = key })
        for number in 0..<tasks {
            _ = try await call(
                Operations.createTask,
                .with {
                    $0.project = key
                    $0.title = "Task \(number + 1)"
                })
        }
    }
}

/// A process that only writes down what is asked of it.
package final class FakeControl: ServerControl {
    private let state = Mutex<(stops: [String], notes: [String])>(([], []))

    package init() {}

    package var stops: [String] { state.withLock(\.stops) }
    package var notes: [String] { state.withLock(\.notes) }

    package func info() -> OrcaV1.ServerInfo { .with { $0.version = "test" } }
    package func stop(reason: String) { state.withLock { $0.stops.append(reason) } }
    package func note(_ text: String) { state.withLock { $0.notes.append(text) } }
}
