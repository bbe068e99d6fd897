import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaRuntime
import OrcaStore
import OrcaSupport
import Synchronization

/// A runtime under a manual clock behind one transport, and clients of it. All callers bring tokens, also where they need
/// not, so that the same callers do the same everywhere.
final class TransportRig: Sendable {
    let clock = ManualClock()
    private let store: any Store
    private let transport: any Transport
    private let state: Mutex<(runtime: Runtime?, feed: Task<Void, Never>?, seed: UInt64)> = Mutex((nil, nil, 0))
    private let secrets: Mutex<[OrcaV1.Token.Scope: String]> = Mutex([:])

    init(_ transport: any Transport, on store: any Store) async throws {
        self.store = store
        self.transport = transport
        try await up()
        for scope in [OrcaV1.Token.Scope.admin, .readOnly] {
            let request = OrcaV1.CreateTokenRequest.with {
                $0.name = "contract"
                $0.scope = scope
            }
            let answer = try await runtime().perform(
                Operations.createToken.erased, request, CallContext(caller: .owner(name: "contract")))
            guard let made = answer as? OrcaV1.CreateTokenResponse else { throw ContractBreach("no token") }
            secrets.withLock { $0[scope] = made.secret }
        }
    }

    private func runtime() throws -> Runtime {
        guard let runtime = state.withLock(\.runtime) else { throw ContractBreach("the server is down") }
        return runtime
    }

    // MARK: The server

    func up() async throws {
        let seed = state.withLock { state in
            state.seed += 1
            return state.seed
        }
        let runtime = Runtime(store: store, clock: clock, chance: Chance(seed: seed), server: FakeControl())
        _ = try await runtime.prepare()
        state.withLock { $0 = (runtime, Task { await runtime.feed.run() }, seed) }
        try await transport.start(runtime)
    }

    func down() async {
        await transport.stop()
        let feed = state.withLock { state in
            state.runtime = nil
            return state.feed
        }
        feed?.cancel()
    }

    /// What is due happens.
    func tick() async throws { try await Upkeep(runtime(), eventsKept: 1_000_000).tick() }

    // MARK: Clients

    func client(_ scope: OrcaV1.Token.Scope = .admin, timeoutMS: Int = 30_000) throws -> ContractClient {
        try client(secret: secrets.withLock { $0[scope] ?? "" }, timeoutMS: timeoutMS)
    }

    func client(secret: String, timeoutMS: Int = 30_000) throws -> ContractClient {
        let client = try transport.client(ClientWish(secret: secret, name: "contract", timeoutMS: timeoutMS))
        return ContractClient(InDefaultWorkspace(inner: client.api), giveUp: client.giveUp)
    }
}

/// Names the workspace in every request: over HTTP it stands in the path, which has no empty parts.
private struct InDefaultWorkspace: OrcaClient {
    let inner: any OrcaClient

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        try inner.perform(operation, named(request), idempotencyKey: idempotencyKey)
    }

    func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        try inner.open(operation, named(request))
    }

    private func named(_ request: any ProtoMessage) throws(APIError) -> any ProtoMessage {
        var request = request
        do throws(ProtoError) {
            _ = try request.set(parameter: "workspace", to: "default")
        } catch {
            throw APIError(error)
        }
        return request
    }
}

/// What a case saw, line by line: the same over every transport.
struct Transcript: Sendable {
    private(set) var lines: [String] = []

    mutating func note(_ line: String) { lines.append(line) }

    /// An answer as JSON, without what differs from run to run.
    mutating func note(_ message: any ProtoMessage) {
        switch message {
        case var list as OrcaV1.ListEventsResponse:
            for index in list.events.indices { Self.clean(&list.events[index]) }
            lines.append(list.jsonText)
        case let item as OrcaV1.WatchEventsResponse:
            guard case .event(var event)? = item.item else { return lines.append(item.jsonText) }
            Self.clean(&event)
            lines.append(event.jsonText)
        default: lines.append(message.jsonText)
        }
    }

    private static func clean(_ event: inout OrcaV1.Event) {
        event.requestId = ""
        event.idempotencyKey = ""
    }

    /// Codes and classes of refusals whose words may differ.
    mutating func noteKinds(of refusals: Transcript) {
        for line in refusals.lines { note(line.split(separator: ",").prefix(2).joined(separator: ",")) }
    }

    /// Runs what must be refused, and notes everything a client learns about it.
    mutating func refusal(_ what: String, _ body: () throws(APIError) -> Void) throws {
        do throws(APIError) {
            try body()
        } catch {
            let details = error.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.append(
                "\(what): \(error.code), \(error.category.rawValue), \(error.message) \(details.joined(separator: " "))"
            )
            return
        }
        throw ContractBreach("\(what) was not refused")
    }
}

extension ContractBreach {
    init(_ description: String) { self.init(description: description) }
}
