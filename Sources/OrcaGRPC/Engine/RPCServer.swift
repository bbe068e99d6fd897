import CGRPC
import OrcaHTTP
import OrcaSupport
import OrcaTLS

/// What the engine calls.
protocol RPCService: Sendable {
    /// Answers a call. Comes on a thread of the library and must not block it: what waits goes into `RPCCall.run`.
    /// `message` is the first one, `nil` when the client sends none.
    func handle(_ call: RPCCall, _ message: [UInt8]?)
}

/// A gRPC server on one listening socket.
final class RPCServer: Sendable {
    private let library: RPCLibrary
    private let listener: Listener
    // The library's server; it lives until `stop` has returned, and locks for itself.
    nonisolated(unsafe) private let raw: OpaquePointer
    private let door: Unmanaged<RPCDoor>

    /// Accepts calls at once. The listener becomes the server's. `acceptsTLS` is asked whether files that have changed can be
    /// used.
    init(
        _ library: RPCLibrary, _ listener: Listener, uid: UInt32?, tls: TLSFiles?,
        acceptsTLS: @escaping @Sendable () -> Bool, limits: GRPCLimits, service: any RPCService
    ) throws(HTTPServerError) {
        let door = Unmanaged.passRetained(
            RPCDoor(library: library, service: service, isOwners: uid != nil, acceptsTLS: acceptsTLS))
        var options = rpc_server_options()
        options.listener = listener.descriptor
        options.checks_uid = uid == nil ? 0 : 1
        options.uid = uid ?? 0
        options.limits = limits.forLibrary
        options.context = door.toOpaque()
        options.accepts_tls = { context in
            guard let context else { return 0 }
            return Unmanaged<RPCDoor>.fromOpaque(context).takeUnretainedValue().acceptsTLS() ? 1 : 0
        }
        options.begin = { context, call, bytes, count in
            guard let context, let call else { return nil }
            return Unmanaged<RPCDoor>.fromOpaque(context).takeUnretainedValue().begin(call, bytes, count)
        }
        options.cancelled = { user in
            guard let user else { return }
            Unmanaged<RPCCall>.fromOpaque(user).takeUnretainedValue().cancel()
        }
        options.done = { user in
            guard let user else { return }
            Unmanaged<RPCCall>.fromOpaque(user).release()
        }
        var reason = [CChar](repeating: 0, count: 256)
        guard let raw = Self.start(library, &options, tls, &reason) else {
            door.release()
            let end = reason.firstIndex(of: 0) ?? 0
            let text = String(decoding: reason[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw HTTPServerError(.configuration, "The gRPC server cannot start: \(text).")
        }
        self.library = library
        self.listener = listener
        self.raw = raw
        self.door = door
    }

    private static func start(
        _ library: RPCLibrary, _ options: inout rpc_server_options, _ tls: TLSFiles?,
        _ reason: inout [CChar]
    ) -> OpaquePointer? {
        guard let tls else { return rpc_server_start(library.table, &options, &reason, reason.count) }
        // The library copies the paths before it returns.
        return tls.certificate.withCString { certificate in
            tls.key.withCString { key in
                (tls.clientAuthorities ?? "").withCString { authority in
                    var paths = rpc_tls()
                    paths.certificate = certificate
                    paths.key = key
                    paths.authority = tls.clientAuthorities == nil ? nil : authority
                    return withUnsafePointer(to: paths) { paths in
                        options.tls = paths
                        defer { options.tls = nil }
                        return rpc_server_start(library.table, &options, &reason, reason.count)
                    }
                }
            }
        }
    }

    var port: UInt16? { listener.port }
    var connectionCount: Int { Int(rpc_server_connections(library.table, raw)) }

    /// Accepts nothing more.
    func close() { rpc_server_close(library.table, raw) }

    /// Lets calls end until the drain is over, then cancels them. Call it once; nothing else may be called after.
    func stop(drainMS: Int64) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let wait: @Sendable () -> Void = { [self] in
                rpc_server_stop(library.table, raw, drainMS)
                rpc_server_free(library.table, raw)
                listener.close()
                door.release()
                continuation.resume()
            }
            // It blocks, so it gets a thread; without one it has to block here, or the server would never end.
            if (try? ManagedThread("orca-grpc-stop", wait)) == nil { wait() }
        }
    }
}

/// Where calls come in.
private final class RPCDoor: Sendable {
    let library: RPCLibrary
    let service: any RPCService
    let isOwners: Bool
    let acceptsTLS: @Sendable () -> Bool

    init(
        library: RPCLibrary, service: any RPCService, isOwners: Bool, acceptsTLS: @escaping @Sendable () -> Bool
    ) {
        self.library = library
        self.service = service
        self.isOwners = isOwners
        self.acceptsTLS = acceptsTLS
    }

    /// What it returns is released by the library's `done`.
    func begin(_ raw: OpaquePointer, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> UnsafeMutableRawPointer {
        let call = RPCCall(raw, library, isOwners: isOwners)
        service.handle(call, bytes.map { Array(UnsafeBufferPointer(start: $0, count: count)) })
        return Unmanaged.passRetained(call).toOpaque()
    }
}
