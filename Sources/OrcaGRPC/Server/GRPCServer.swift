package import OrcaAPI
package import OrcaHTTP
import OrcaSupport
import OrcaTLS
import Synchronization

/// Serves the operations of the catalogue over gRPC, as `/orca.v1.TaskService/ClaimTask` and so on, on a unix socket, over
/// TCP, or both. Besides them: `grpc.health.v1.Health` and `grpc.reflection.v1.ServerReflection` (also `v1alpha`).
package final class GRPCServer: Sendable {
    private let configuration: GRPCServerConfiguration
    private let service: GRPCService
    private let state = Mutex<[RPCServer]>([])

    package init(
        configuration: GRPCServerConfiguration, performer: any Performer, hooks: GRPCServerHooks = GRPCServerHooks()
    ) {
        self.configuration = configuration
        service = GRPCService(performer: performer, hooks: hooks, limits: configuration.limits)
    }

    /// Listens. Throws when an address is in use, may not be used, or cannot be had; then nothing is left open. Call it once.
    package func start(_ library: RPCLibrary) async throws(HTTPServerError) {
        var servers: [RPCServer] = []
        do throws(HTTPServerError) {
            if let path = configuration.unixSocket {
                let uid = configuration.allowedUID
                servers.append(try serve(library, try Listener.unix(path: path, uid: uid), uid: uid, tls: nil))
            }
            if let tcp = configuration.tcp {
                // The library would start with files that are no good, and refuse every connection.
                if let tls = tcp.tls { try Self.check(tls) }
                let listener = try Listener.tcp(
                    address: tcp.address, port: tcp.port,
                    isInsecureAllowed: configuration.isInsecureAllowed || tcp.tls != nil)
                servers.append(try serve(library, listener, uid: nil, tls: tcp.tls))
            }
        } catch {
            for server in servers { await server.stop(drainMS: 0) }
            throw error
        }
        state.withLock { $0 = servers }
    }

    /// Whether files that have changed can be used; complains when they cannot.
    private static func accepts(_ tls: TLSFiles?, _ service: GRPCService) -> Bool {
        guard let tls else { return true }
        do throws(HTTPServerError) {
            try check(tls)
            return true
        } catch {
            service.hooks.complain(
                "The TLS certificate was changed and cannot be used; the old one stays in use. \(error)")
            return false
        }
    }

    private static func check(_ tls: TLSFiles) throws(HTTPServerError) {
        do throws(TLSError) {
            _ = try TLSContext.server(tls)
        } catch {
            throw HTTPServerError(.configuration, "gRPC cannot be served over TLS: \(error)")
        }
    }

    private func serve(
        _ library: RPCLibrary, _ listener: Listener, uid: UInt32?, tls: TLSFiles?
    ) throws(HTTPServerError) -> RPCServer {
        do throws(HTTPServerError) {
            return try RPCServer(
                library, listener, uid: uid, tls: tls, acceptsTLS: { [service] in Self.accepts(tls, service) },
                limits: configuration.limits, service: service)
        } catch {
            listener.close()
            throw error
        }
    }

    /// Accepts nothing more, says so to whoever watches the health, ends streams properly, lets calls in flight finish until
    /// `drain` has passed, and ends the rest. Returns when the last call is over. Does nothing when the server does not run.
    package func stop(drain: Duration = .seconds(5)) async {
        let servers = state.withLock { state in
            defer { state = [] }
            return state
        }
        for server in servers { server.close() }
        service.beginStopping()
        await withTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { await server.stop(drainMS: drain.milliseconds) } }
        }
    }

    /// The TCP port in use, when the configuration left the choice to the system.
    package var tcpPort: UInt16? { state.withLock { $0.compactMap(\.port).first } }

    /// Open connections.
    package var connectionCount: Int { state.withLock { $0.reduce(0) { $0 + $1.connectionCount } } }

    /// Lines for `/metrics`, in Prometheus' text format.
    package var metricsText: String { service.metrics.text(connections: connectionCount) }
}
