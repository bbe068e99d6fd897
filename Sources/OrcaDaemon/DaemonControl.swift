import OrcaAPI
import OrcaProtobuf
import OrcaRuntime
import OrcaSupport
import Synchronization

/// The process, as the runtime sees it.
final class DaemonControl: ServerControl {
    private let log: Logger
    private let identity: ServerIdentity
    private let options: DaemonOptions
    private let transports = Mutex<Transports?>(nil)
    /// Says why to stop; only the first reason counts.
    let stopReasons: AsyncStream<String>
    private let stopping: AsyncStream<String>.Continuation

    init(log: Logger, identity: ServerIdentity, options: DaemonOptions) {
        self.log = log
        self.identity = identity
        self.options = options
        (stopReasons, stopping) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    func listening(_ transports: Transports) { self.transports.withLock { $0 = transports } }

    var connectionCount: Int { transports.withLock { $0 }?.connectionCount ?? 0 }

    func info() -> OrcaV1.ServerInfo {
        let transports = transports.withLock { $0 }
        return .with {
            $0.version = ProductVersion.current
            $0.pid = identity.pid
            $0.instance = identity.instance
            $0.startedAt = ProtoTimestamp(milliseconds: identity.startedAtMS)
            $0.socket = options.socket
            $0.tcpAddress = transports?.tcp ?? ""
            $0.grpcAddress = transports?.grpc ?? ""
            $0.autoStarted = options.isAutoStarted
            $0.supervised = ServiceNotice.isWanted
            $0.connections = Int32(connectionCount)
        }
    }

    func stop(reason: String) {
        stopping.yield(reason)
        stopping.finish()
    }

    func note(_ text: String) { log.error(text) }
}
