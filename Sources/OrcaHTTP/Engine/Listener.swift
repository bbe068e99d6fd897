import CHTTPShim
import Glibc
package import OrcaTLS

/// A socket that accepts connections.
package final class Listener: Sendable {
    package let descriptor: Int32
    let peer: HTTPRequest.Peer
    /// What connections are encrypted with.
    let identity: TLSIdentity?
    private let unix: UnixPath?
    /// Only this user is admitted; TCP admits everybody.
    private let uid: UInt32?

    private struct UnixPath: Sendable {
        let path: String
        let inode: UInt64
        let lock: Int32
    }

    private init(
        descriptor: Int32, peer: HTTPRequest.Peer, unix: UnixPath? = nil, uid: UInt32? = nil,
        identity: TLSIdentity? = nil
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.identity = identity
        self.unix = unix
        self.uid = uid
    }

    static let backlog: Int32 = 1024

    // MARK: Unix sockets

    /// Listens on a path: its directory is made with mode 0700 if it is missing, the socket has mode 0600. A socket that a dead
    /// server left behind is replaced. Throws `inUse` when a process listens there.
    package static func unix(path: String, uid: UInt32) throws(HTTPServerError) -> Listener {
        try prepareDirectory(of: path)
        let lock = http_lock_file(path + ".lock")
        guard lock >= 0 else {
            guard isTryAgain(lock) else {
                throw HTTPServerError(.system, "\(path).lock cannot be opened: \(systemMessage(-lock)).")
            }
            throw inUse(path)
        }
        do throws(HTTPServerError) {
            try removeStaleSocket(path)
            let descriptor = http_listen_unix(path, backlog)
            guard descriptor >= 0 else {
                throw HTTPServerError(
                    descriptor == -ENAMETOOLONG ? .configuration : .system,
                    "The server cannot listen on \(path): \(systemMessage(-descriptor)).")
            }
            var inode: UInt64 = 0
            _ = http_inode(path, &inode)
            return Listener(
                descriptor: descriptor, peer: .unix, unix: UnixPath(path: path, inode: inode, lock: lock), uid: uid)
        } catch {
            http_close(lock)
            throw error
        }
    }

    private static func prepareDirectory(of path: String) throws(HTTPServerError) {
        guard path.first == "/", let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw HTTPServerError(
                .configuration, "The socket's path must be absolute and in a directory of its own: \(path).")
        }
        let directory = String(path[..<slash])
        try makeDirectories(directory)
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw HTTPServerError(.system, "\(directory) cannot be looked at: \(systemMessage(errno)).")
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw HTTPServerError(
                .configuration,
                "\(directory) must belong to you and be closed to others: run `chmod 700 \(directory)` or choose another socket."
            )
        }
    }

    private static func makeDirectories(_ path: String) throws(HTTPServerError) {
        if access(path, F_OK) == 0 { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeDirectories(String(path[..<slash])) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw HTTPServerError(.system, "\(path) cannot be made: \(systemMessage(errno)).")
        }
    }

    private static func removeStaleSocket(_ path: String) throws(HTTPServerError) {
        let kind = http_is_socket(path)
        if kind == -ENOENT { return }
        guard kind == 1 else {
            throw HTTPServerError(
                .configuration, "\(path) is there and is no socket; move it away or choose another path.")
        }
        var pid: pid_t = 0
        switch http_probe_unix(path, &pid) {
        case 0: break
        case 1: throw inUse(path, pid)
        case let status:
            throw HTTPServerError(.inUse, "\(path) belongs to something else: \(systemMessage(-status)).")
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw HTTPServerError(.system, "The stale socket \(path) cannot be removed: \(systemMessage(errno)).")
        }
    }

    private static func inUse(_ path: String, _ known: pid_t = 0) -> HTTPServerError {
        var pid = known
        if pid == 0 { _ = http_probe_unix(path, &pid) }
        let who = pid > 0 ? "process \(pid)" : "another process"
        return HTTPServerError(.inUse, "\(path) is in use by \(who); stop it or choose another socket.")
    }

    // MARK: TCP

    /// Listens on a numeric address. Anything but a loopback address is refused without an identity unless
    /// `isInsecureAllowed`.
    package static func tcp(
        address: String, port: UInt16, identity: TLSIdentity? = nil, isInsecureAllowed: Bool
    ) throws(HTTPServerError) -> Listener {
        let numeric = address == "localhost" ? "127.0.0.1" : address
        let loopback = http_is_loopback(numeric)
        guard loopback >= 0 else {
            throw HTTPServerError(.configuration, "\(address) is no IP address; use one such as 127.0.0.1.")
        }
        guard loopback == 1 || identity != nil || isInsecureAllowed else {
            throw HTTPServerError(
                .configuration,
                "\(address) is reachable from other machines: give the server a certificate and its key "
                    + "(tls_certificate, tls_key), use 127.0.0.1, or allow it without TLS (insecure).")
        }
        let descriptor = http_listen_tcp(numeric, port, backlog)
        guard descriptor >= 0 else {
            guard descriptor != -EADDRINUSE else {
                throw HTTPServerError(
                    .inUse,
                    "The server cannot listen on \(address):\(port): another program does. Choose another port, or stop that "
                        + "program ('ss -ltnp' names it).")
            }
            throw HTTPServerError(
                .system, "The server cannot listen on \(address):\(port): \(systemMessage(-descriptor)).")
        }
        return Listener(descriptor: descriptor, peer: identity == nil ? .tcp : .tls, identity: identity)
    }

    /// The port that was given, for port 0.
    package var port: UInt16? {
        guard peer != .unix else { return nil }
        return UInt16(exactly: http_local_port(descriptor))
    }

    // MARK: In use

    func admits(_ connection: Int32) -> Bool {
        guard let uid else { return true }
        var found: uid_t = 0
        return http_peer_uid(connection, &found) >= 0 && found == uid
    }

    /// Closes the socket and takes its file away, unless another one stands in its place.
    package func close() {
        if let unix {
            var inode: UInt64 = 0
            if http_inode(unix.path, &inode) >= 0, inode == unix.inode { unlink(unix.path) }
        }
        http_close(descriptor)
        if let unix { http_close(unix.lock) }
    }

    static func isTryAgain(_ status: Int32) -> Bool {
        status == -EAGAIN || status == -EWOULDBLOCK
    }

    static func isOutOfResources(_ status: Int32) -> Bool {
        [-EMFILE, -ENFILE, -ENOBUFS, -ENOMEM].contains(status)
    }
}
