import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaRuntime
import OrcaStore
import OrcaSupport

/// Everything that the server listens on.
struct Transports: Sendable {
    private let http: HTTPServer
    private let grpcEndpoint: GRPCEndpoint?
    /// Where HTTP is served over TCP: `127.0.0.1:7717, 0.0.0.0:7718 (TLS)`; empty for nowhere.
    let tcp: String
    /// Where other machines reach this one; empty for nowhere.
    let url: String
    /// What terminals are told.
    let agentURL: String?

    static func start(
        _ options: DaemonOptions, _ places: Places, _ runtime: Runtime, _ log: Logger
    ) async throws -> Transports {
        let agents = AgentEndpoint(options, stateDirectory: places.stateDirectory)
        let addresses = [options.listen, agents.listen()].compactMap { $0 }
        var hooks = hooks(runtime, log)
        // First, because clients go by the socket of HTTP: when it answers, all is there.
        let grpc = try await GRPCEndpoint.start(
            options, performer: runtime, hooks: hooks, messageBytesMax: requestBytesMax, log: log)
        if let grpc { hooks.metrics = { [metrics = hooks.metrics] in await metrics() + grpc.metricsText } }
        let http = HTTPServer(configuration: configuration(options, addresses), performer: runtime, hooks: hooks)
        do {
            try http.start()
        } catch {
            await grpc?.stop()
            throw error
        }
        let tcp = zip(addresses, http.tcpPorts).map { "\($0.address):\($1)\($0.tls == nil ? "" : " (TLS)")" }
        return Transports(
            http: http, grpcEndpoint: grpc, tcp: tcp.joined(separator: ", "),
            url: options.url(port: http.tcpPorts.first),
            agentURL: try agents.url(addresses, ports: http.tcpPorts))
    }

    /// Where gRPC is served: `unix:/path, 127.0.0.1:7719`; empty for nowhere.
    var grpc: String { grpcEndpoint?.addresses ?? "" }

    var connectionCount: Int { http.connectionCount + (grpcEndpoint?.connectionCount ?? 0) }

    func stop() async {
        async let other: Void? = grpcEndpoint?.stop()
        await http.stop()
        await other
    }

    /// A text for a terminal may have 16 MiB, and half as much again once it is quoted.
    private static let requestBytesMax = 32 << 20

    private static func configuration(
        _ options: DaemonOptions, _ addresses: [HTTPServerConfiguration.TCPAddress]
    ) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration(unixSocket: options.socket, tcp: addresses)
        configuration.isInsecureAllowed = options.isInsecureAllowed
        configuration.allowedHosts = options.allowedHosts
        configuration.allowedOrigins = options.allowedOrigins
        configuration.limits.bodyBytesMax = requestBytesMax
        return configuration
    }

    private static func hooks(_ runtime: Runtime, _ log: Logger) -> HTTPServerHooks {
        var hooks = HTTPServerHooks(
            notReady: {
                do {
                    _ = try await runtime.store.read { try $0.leases.nextExpiry() }
                    return nil
                } catch {
                    return APIError(anything: error).message
                }
            },
            metrics: { await DaemonMetrics.text(of: runtime) },
            authorizeMetrics: { caller in try await runtime.authorizeReading(caller) },
            reportInternalError: { operation, request, error in
                log.error(
                    "\(operation) failed",
                    ["request": .text(request), "error": .text(String(reflecting: error))])
            })
        hooks.warnings = { runtime.membership?.warnings ?? [] }
        hooks.complain = { log.error($0, [:]) }
        let mcp = MCPEndpoint(runtime)
        hooks.paths[MCPEndpoint.path] = { try await mcp.answer($0, $1, $2) }
        return hooks
    }
}
