import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGRPC
import OrcaHTTP
import OrcaProtobuf
import OrcaSupport
import OrcaTestKit
import Synchronization

/// A performer that does what a test says.
final class FakePerformer: Performer {
    typealias Perform = @Sendable (APIOperation, any ProtoMessage, CallContext) async throws -> any ProtoMessage

    private let body: Perform
    private let stream: @Sendable () -> any ResponseStream
    private let log = Mutex<[CallContext]>([])

    init(
        _ body: @escaping Perform = { operation, _, _ in operation.responseType.init() },
        stream: @escaping @Sendable () -> any ResponseStream = { EndlessStream(bytes: 16) }
    ) {
        self.body = body
        self.stream = stream
    }

    var seen: [CallContext] { log.withLock { $0 } }

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        log.withLock { $0.append(call) }
        return try await body(operation, request, call)
    }

    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        log.withLock { $0.append(call) }
        return stream()
    }
}

/// A stream that always has something more to say, until it is cancelled.
final class EndlessStream: ResponseStream {
    private let message: OrcaV1.WatchEventsResponse
    private let state = Mutex<(sent: Int, isOver: Bool)>((0, false))

    init(bytes: Int) {
        message = .with { $0.item = .event(.with { $0.type = String(repeating: "x", count: bytes) }) }
    }

    var sent: Int { state.withLock(\.sent) }
    var isOver: Bool { state.withLock(\.isOver) }

    func next() async throws -> [any ProtoMessage]? {
        let isOver = state.withLock { state in
            state.sent += 1
            return state.isOver
        }
        return isOver ? nil : [message]
    }

    func cancel() { state.withLock { $0.isOver = true } }
}

/// A server on a unix socket of its own, and clients of it.
final class Scene: Sendable {
    let server: GRPCServer
    let library: RPCLibrary
    private let folder = TemporaryDirectory("grpc")

    init(
        _ performer: any Performer, hooks: GRPCServerHooks = GRPCServerHooks(),
        _ configure: (inout GRPCServerConfiguration) -> Void = { _ in }
    ) async throws {
        library = try RPCLibrary.load()
        var configuration = GRPCServerConfiguration(unixSocket: folder.path("run/grpc.sock"))
        configure(&configuration)
        server = GRPCServer(configuration: configuration, performer: performer, hooks: hooks)
        try await server.start(library)
    }

    var socket: String { folder.path("run/grpc.sock") }

    func client(_ configure: (inout GRPCClient.Options) -> Void = { _ in }) -> GRPCClient {
        var options = GRPCClient.Options(.unix(socket))
        configure(&options)
        return GRPCClient(options, library)
    }

    /// Calls something that every performer answers.
    func ask(_ client: GRPCClient) async throws {
        try await offPool { _ = try client.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest()) }
    }

    /// The error of a call; `nil` when there is none.
    func refusal(_ client: GRPCClient) async throws -> APIError? {
        do {
            try await ask(client)
            return nil
        } catch let error as APIError {
            return error
        }
    }
}
