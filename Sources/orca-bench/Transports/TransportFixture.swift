import Glibc
import OrcaAPI
import OrcaDomain
import OrcaGRPC
import OrcaHTTP
import OrcaProtobuf

/// Every transport before a performer with nothing behind it, in a process of its own: what it costs is what the transport
/// costs.
enum TransportFixture {
    /// Serves until it is killed. Prints the TCP ports of HTTP and gRPC first.
    static func run(folder: String) async throws {
        let http = HTTPServer(
            configuration: HTTPServerConfiguration(unixSocket: folder + "/http.sock", tcp: [.init(port: 0)]),
            performer: SmallPerformer())
        try http.start()
        var configuration = GRPCServerConfiguration(unixSocket: folder + "/grpc.sock", tcp: .init(port: 0))
        configuration.limits.connectionsMax = 65_536
        let grpc = GRPCServer(configuration: configuration, performer: SmallPerformer())
        try await grpc.start(try .load())
        print("\(http.tcpPorts.first ?? 0) \(grpc.tcpPort ?? 0)")
        fflush(nil)
        while true { pause() }
    }
}

/// Answers `GetTask` with a small task.
struct SmallPerformer: Performer {
    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        guard let request = request as? OrcaV1.GetTaskRequest else { return operation.responseType.init() }
        return OrcaV1.GetTaskResponse.with {
            $0.task = .with {
                $0.id = "task_01hzy0000000000000000000"
                ($0.ref, $0.title, $0.status) = (request.task, "A small task", .ready)
            }
        }
    }

    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        throw APIError("unimplemented", .internal, "There are no streams here.")
    }
}
