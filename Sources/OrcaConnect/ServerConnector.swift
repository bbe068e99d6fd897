import CLinux
import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport
import OrcaTLS
import Synchronization

/// Opens connections to the server: finds it, starts it, replaces one of an older version.
struct ServerConnector: Sendable {
    let options: ConnectOptions
    /// For `https://`.
    let tls: TLSContext?
    /// Asks the server at the other end of a fresh connection to stop, if it was started by a client. Returns false
    /// when it was not, and therefore goes on.
    let handOver: @Sendable (Socket) throws(APIError) -> Bool

    /// A connection to the server. `isFirst` is false when only a broken connection is replaced.
    func connect(isFirst: Bool, until deadline: Deadline) throws(APIError) -> Socket {
        let address = try options.address()
        let socket: Socket
        do throws(TransportError) {
            socket = try Socket.connect(address, tls: tls, until: deadline)
        } catch {
            return try instead(of: address, after: error, deadline)
        }
        guard isOwnServer else { return socket }
        try checkPeer(socket, address)
        return isFirst ? try replaceIfOlder(socket, address, deadline) : socket
    }

    /// A connection after the first one was not to be had.
    private func instead(
        of address: SocketAddress, after failure: TransportError, _ deadline: Deadline
    ) throws(APIError) -> Socket {
        if let around = try aroundSandbox(failure) { return around }
        guard isOwnServer else { throw Self.explain(failure, address) }
        // Whatever kept us from connecting, starting the server is what comes next; it reports its own errors.
        try start(address)
        let socket = try plain(address, deadline)
        try checkPeer(socket, address)
        return socket
    }

    /// The user's own server, which is started and replaced when need be.
    private var isOwnServer: Bool { options.endpoint == .local && options.startsServer }

    /// Another way in, where a sandbox stands in the first one; throws when there is a sandbox and no way.
    private func aroundSandbox(_ failure: TransportError) throws(APIError) -> Socket? {
        if case .url = options.endpoint { return nil }
        let door = SandboxDoor(options)
        if let socket = door.connect() { return socket }
        if let complaint = door.complaint(failure) { throw complaint }
        return nil
    }

    private func start(_ address: SocketAddress) throws(APIError) {
        try ServerStarter(options: options).start {
            // Only asks whether somebody listens.
            (try? Socket.connect(address, until: .after(.seconds(1)))) != nil
        }
    }

    private func plain(_ address: SocketAddress, _ deadline: Deadline) throws(APIError) -> Socket {
        do throws(TransportError) {
            return try Socket.connect(address, until: deadline)
        } catch {
            throw Self.explain(error, address)
        }
    }

    /// A socket of somebody else's is no server of ours: it could collect what is sent to it.
    private func checkPeer(_ socket: Socket, _ address: SocketAddress) throws(APIError) {
        guard case .unix(let path) = address else { return }
        var pid: pid_t = 0
        var uid: uid_t = 0
        var gid: gid_t = 0
        guard orca_peer_credentials(socket.descriptor.raw, &pid, &uid, &gid) == 0, uid != getuid(), uid != 0 else {
            return
        }
        throw APIError(
            "foreign_server", .permissionDenied,
            "Process \(pid) of user \(uid) listens on \(path), which should be yours. Remove the socket or set ORCA_HOME."
        )
    }

    private func replaceIfOlder(_ socket: Socket, _ address: SocketAddress, _ deadline: Deadline) throws(APIError)
        -> Socket
    {
        guard let lock = ServerLock.read(options.places.serverLock), !lock.version.isEmpty,
            ProductVersion.isOlder(lock.version, than: ProductVersion.current), try handOver(socket)
        else { return socket }
        guard ServerLock.waitUntilFree(options.places.serverLock, pid: lock.pid, until: .after(.seconds(20))) else {
            throw APIError(
                "handover_failed", .unavailable,
                "orcad \(lock.version) (pid \(lock.pid)) does not make room for \(ProductVersion.current). End it with 'orca stop', then try again."
            )
        }
        try start(address)
        return try plain(address, deadline)
    }

    /// The error a person sees, with what to do about it.
    static func explain(_ error: TransportError, _ address: SocketAddress) -> APIError {
        switch error {
        case .refused(let code):
            APIError("server_unreachable", .unavailable, ConnectionAdvice.unreachable(address, code))
        case .unknownHost(let name):
            APIError(
                "unknown_host", .unavailable,
                "There is no host '\(name)'. Check --url and $ORCA_URL, or give its numeric address.")
        case .untrusted(let why):
            APIError(
                "untrusted_server", .unavailable,
                "No trusted connection to \(address): \(why). \(ConnectionAdvice.wayToTrust(why))")
        case .broken(let why):
            APIError(
                "connection_broken", .unavailable,
                "The server on \(address) went away before it answered (\(why)). Try again; 'orca status' says how it is."
            )
        case .timedOut:
            APIError(
                "deadline_exceeded", .deadlineExceeded,
                "The server on \(address) did not answer in time. Give it longer with --timeout, or look at 'orca status'."
            )
        case .stopped: APIError("canceled", .unavailable, "The call was given up before its answer came.")
        case .malformed(let why):
            APIError(
                "foreign_server", .unavailable,
                "What answers on \(address) is not orcad (\(why)). See who it is with 'orca doctor'.")
        }
    }
}
