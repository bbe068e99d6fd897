import CGRPC
import Synchronization

/// One call on the server. May be used from any thread; after its end everything is refused.
final class RPCCall: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    let method: String
    /// Milliseconds until the client gives up.
    let timeoutMS: Int64?
    /// Whether it came over the owner's unix socket.
    let isOwners: Bool

    private let library: RPCLibrary
    // The library's call; it lives until `deinit` releases it, and locks for itself.
    nonisolated(unsafe) private let raw: OpaquePointer
    private let state = Mutex(State())

    /// Only within the library's `begin`.
    init(_ raw: OpaquePointer, _ library: RPCLibrary, isOwners: Bool) {
        self.raw = raw
        self.library = library
        self.isOwners = isOwners
        method = String(cString: rpc_call_method(library.table, raw))
        let left = rpc_call_timeout_ms(library.table, raw)
        timeoutMS = left < 0 ? nil : left
        rpc_call_retain(library.table, raw)
    }

    deinit { rpc_call_release(library.table, raw) }

    /// All values of a header. Only within the library's `begin`.
    func header(_ name: String) -> [[UInt8]] {
        var values: [[UInt8]] = []
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        while rpc_call_header(library.table, raw, name, values.count, &bytes, &count) != 0 {
            values.append(Array(UnsafeBufferPointer(start: bytes, count: count)))
        }
        return values
    }

    /// Adds a header to the head of the answer, until that is sent.
    func addHeader(_ name: String, _ value: String) { rpc_call_add_header(library.table, raw, name, value) }

    /// Sends the head of the answer before there is a message.
    func sendHead() { rpc_call_send_head(library.table, raw) }

    /// Runs the handler until its first wait on the library's thread, then elsewhere. It is cancelled with the call.
    func run(_ body: @escaping @Sendable () async -> Void) {
        let task = Task.immediate { await body() }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// The handler's task is not needed any more, nor what it holds.
    func forget() { state.withLock { $0.task = nil } }

    /// Sends a message; waits while the client has too much to read. False when the call is over.
    func write(_ bytes: [UInt8], more: Bool = false) async -> Bool {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
            // A continuation is one pointer wide, so it can be the callback's context itself.
            let context = unsafeBitCast(continuation, to: UnsafeMutableRawPointer.self)
            let isStarted = bytes.withUnsafeBufferPointer { bytes in
                rpc_call_write(
                    library.table, raw, bytes.baseAddress, bytes.count, more ? 1 : 0,
                    { context, ok in
                        unsafeBitCast(context, to: UnsafeContinuation<Bool, Never>.self).resume(returning: ok != 0)
                    }, context)
            }
            if isStarted == 0 { continuation.resume(returning: false) }
        }
    }

    /// The next message; `nil` when the client sends no more.
    func read() async -> [UInt8]? {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<[UInt8]?, Never>) in
            let context = unsafeBitCast(continuation, to: UnsafeMutableRawPointer.self)
            let isStarted = rpc_call_read(
                library.table, raw,
                { context, bytes, count, ok in
                    let continuation = unsafeBitCast(context, to: UnsafeContinuation<[UInt8]?, Never>.self)
                    continuation.resume(
                        returning: ok == 0 ? nil : Array(UnsafeBufferPointer(start: bytes, count: count)))
                }, context)
            if isStarted == 0 { continuation.resume(returning: nil) }
        }
    }

    /// Ends the call, with a last message or without. Only the first end counts.
    func finish(_ status: RPCStatus = .ok, message: [UInt8]? = nil) {
        let text = Array(status.message.utf8)
        text.withUnsafeBufferPointer { text in
            status.details.withUnsafeBufferPointer { details in
                (message ?? []).withUnsafeBufferPointer { bytes in
                    // An empty message is one, too: its pointer must not be null.
                    withUnsafePointer(to: UInt8(0)) { none in
                        _ = rpc_call_finish(
                            library.table, raw, message == nil ? nil : bytes.baseAddress ?? none, bytes.count,
                            status.code.rawValue, text.baseAddress, text.count, details.baseAddress, details.count)
                    }
                }
            }
        }
    }

    enum End: Sendable, Hashable {
        case clientLeft
        case timeOver
        case tooSlow
        case stopping
    }

    /// Why the call was cancelled, if it was.
    var end: End? {
        switch rpc_call_end(library.table, raw) {
        case RPC_CLIENT_LEFT: .clientLeft
        case RPC_TIME_OVER: .timeOver
        case RPC_TOO_SLOW: .tooSlow
        case RPC_STOPPED: .stopping
        default: nil
        }
    }
}
