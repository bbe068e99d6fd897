import OrcaAPI
import OrcaGRPC
import OrcaHTTP
import OrcaSupport

/// gRPC, for those who want it: the library behind it is not even loaded for anybody else.
struct GRPCEndpoint: Sendable {
    private let server: GRPCServer
    /// For people and for the lock file: `unix:/path, 127.0.0.1:7718`.
    let addresses: String

    /// `nil` when nobody wants it.
    static func start(
        _ options: DaemonOptions, performer: any Performer, hooks: HTTPServerHooks, messageBytesMax: Int, log: Logger
    ) async throws -> GRPCEndpoint? {
        guard !options.grpc.isEmpty else { return nil }
        let library = try RPCLibrary.load()
        library.setLog { severity, text in
            log.log(severity == .error ? .warning : .debug, "gRPC: \(text)", [:])
        }
        var configuration = GRPCServerConfiguration(
            unixSocket: options.grpc.socket(beside: options.socket), tcp: options.grpc.tcp)
        configuration.isInsecureAllowed = options.isInsecureAllowed
        configuration.limits.messageBytesMax = messageBytesMax
        let server = GRPCServer(
            configuration: configuration, performer: performer,
            hooks: GRPCServerHooks(
                notReady: hooks.notReady, reportInternalError: hooks.reportInternalError, complain: hooks.complain))
        try await server.start(library)
        var addresses = configuration.unixSocket.map { ["unix:" + $0] } ?? []
        if let tcp = configuration.tcp, let port = server.tcpPort {
            addresses.append("\(tcp.address):\(port)\(tcp.tls == nil ? "" : " (TLS)")")
        }
        return GRPCEndpoint(server: server, addresses: addresses.joined(separator: ", "))
    }

    var connectionCount: Int { server.connectionCount }
    var metricsText: String { server.metricsText }

    func stop() async { await server.stop() }
}
