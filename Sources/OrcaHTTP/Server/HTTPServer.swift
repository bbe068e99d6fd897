package import OrcaAPI
import OrcaTLS
import Synchronization

/// Serves the operations of the catalogue as JSON over HTTP/1.1, on a unix socket and, if wanted, over TCP.
///
/// Besides the operations: `/healthz`, `/readyz`, `/metrics`, `/openapi.json`. The form of requests, answers, errors and
/// streams is in the OpenAPI document.
package final class HTTPServer: Sendable {
    private let configuration: HTTPServerConfiguration
    private let service: APIService
    private let clock: any LoopClock
    private let state = Mutex(State())

    private struct State {
        var engine: (any HTTPEngine)?
        var tcpPorts: [UInt16] = []
    }

    package init(
        configuration: HTTPServerConfiguration, performer: any Performer,
        hooks: HTTPServerHooks = HTTPServerHooks(), clock: any LoopClock = MonotonicClock()
    ) {
        self.configuration = configuration
        self.clock = clock
        service = APIService(configuration: configuration, performer: performer, hooks: hooks, clock: clock)
    }

    /// Listens. Throws when an address is in use, may not be used, or cannot be had; then nothing is left open. Call it once.
    package func start() throws(HTTPServerError) {
        var listeners: [Listener] = []
        do throws(HTTPServerError) {
            if let path = configuration.unixSocket {
                listeners.append(try Listener.unix(path: path, uid: configuration.allowedUID))
            }
            for address in configuration.tcp {
                listeners.append(
                    try Listener.tcp(
                        address: address.address, port: address.port, identity: try identity(address.tls),
                        isInsecureAllowed: configuration.isInsecureAllowed))
            }
            guard !listeners.isEmpty else {
                throw HTTPServerError(.configuration, "The server has neither a unix socket nor a TCP address.")
            }
            let engine = try LoopEngine(
                listeners: listeners, service: service, limits: configuration.limits, clock: clock,
                counter: service.connections)
            try engine.start()
            let ports = listeners.compactMap(\.port)
            state.withLock { $0 = State(engine: engine, tcpPorts: ports) }
        } catch {
            for listener in listeners { listener.close() }
            throw error
        }
    }

    private func identity(_ files: TLSFiles?) throws(HTTPServerError) -> TLSIdentity? {
        guard let files else { return nil }
        do throws(TLSError) {
            return try TLSIdentity(files, complain: service.hooks.complain)
        } catch {
            throw HTTPServerError(
                .configuration, "TLS cannot be spoken with \(files.certificate) and \(files.key): \(error).")
        }
    }

    /// Accepts nothing more, lets requests in flight finish until `drain` has passed, ends streams properly, then closes all.
    /// Returns when the last handler has ended, or a second after it was cancelled and did not heed it. Does nothing when the server does not run.
    package func stop(drain: Duration = .seconds(5)) async {
        let engine = state.withLock { state in
            defer { state.engine = nil }
            return state.engine
        }
        await engine?.stop(
            drainMS: drain.components.seconds * 1000 + drain.components.attoseconds / 1_000_000_000_000_000)
    }

    /// The TCP ports in use, in the order of the configuration, which may have left the choice to the system.
    package var tcpPorts: [UInt16] { state.withLock(\.tcpPorts) }

    /// Open connections.
    package var connectionCount: Int { service.connections.count }
}
