import CTLS

/// One encrypted connection over a socket that somebody else owns and closes. For one thread at a time.
package final class TLSSession: @unchecked Sendable {  // see above
    private let raw: OpaquePointer

    package enum Outcome: Sendable, Hashable {
        case bytes(Int)
        /// The other side will send nothing more.
        case ended
        /// To be tried again when the socket can be read.
        case wantsRead
        /// To be tried again when the socket can be written.
        case wantsWrite
        case broken(String)
    }

    /// The server's side.
    package convenience init(_ context: TLSContext, descriptor: Int32) throws(TLSError) {
        try self.init(tls_session_new(context.raw, descriptor, nil))
    }

    /// The client's side. The server's certificate must be for `host`, a name or a numeric address.
    package convenience init(_ context: TLSContext, descriptor: Int32, host: String) throws(TLSError) {
        try self.init(tls_session_new(context.raw, descriptor, host))
    }

    private init(_ raw: OpaquePointer?) throws(TLSError) {
        guard let raw else { throw TLSError("a TLS connection cannot be set up") }
        self.raw = raw
    }

    deinit {
        tls_session_free(raw)
    }

    /// Shakes hands; `bytes(0)` when that is done. Reading and writing do it, too, if it was not.
    package func handshake() -> Outcome {
        let result = tls_handshake(raw)
        return result == 0 ? .bytes(0) : failure(result)
    }

    package var isGreeted: Bool { tls_is_greeted(raw) != 0 }

    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        let count = tls_read(raw, buffer.baseAddress, buffer.count)
        if count == 0 { return .ended }
        return count > 0 ? .bytes(count) : failure(Int32(count))
    }

    /// Sends some of the bytes, at least one.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        let count = tls_write(raw, bytes.baseAddress, bytes.count)
        return count > 0 ? .bytes(count) : failure(Int32(count))
    }

    /// Whether bytes wait here that no event of the socket will tell about.
    package var hasPending: Bool { tls_has_pending(raw) != 0 }

    /// Tells the other side that nothing more comes, as far as the socket takes it now.
    package func goodbye() { tls_goodbye(raw) }

    private func failure(_ code: Int32) -> Outcome {
        switch Int(code) {
        case TLS_WANTS_READ: .wantsRead
        case TLS_WANTS_WRITE: .wantsWrite
        default: .broken(String(cString: tls_reason(raw)))
        }
    }
}
