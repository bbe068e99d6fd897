import CHTTPShim
import Glibc
import OrcaTLS

/// The bytes of one connection, as they are or encrypted.
struct Wire {
    private(set) var descriptor: Int32
    private var session: TLSSession?
    /// Whether requests can come: for TLS, hands are shaken first.
    var isGreeted: Bool { session?.isGreeted ?? true }
    /// Nothing can be read before the socket takes what TLS has to say.
    private(set) var readsAfterWriting = false

    init(_ descriptor: Int32, _ context: TLSContext?) throws(TLSError) {
        self.descriptor = descriptor
        session = if let context { try TLSSession(context, descriptor: descriptor) } else { nil }
    }

    var isClosed: Bool { descriptor < 0 }

    /// How many bytes came; 0 at the end; -errno: -EPROTO for a client that does not speak TLS where it should; from then
    /// on nothing is encrypted; -ECONNABORTED when hands could not be shaken, for which TLS has told the client why.
    mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let session else { return http_receive(descriptor, buffer.baseAddress, buffer.count) }
        readsAfterWriting = false
        switch session.read(into: buffer) {
        case .bytes(let count): return count
        case .ended: return 0
        case .wantsRead: return Int(-EAGAIN)
        case .wantsWrite:
            readsAfterWriting = true
            return Int(-EAGAIN)
        case .broken("http request"):
            // OpenSSL's word for a client that does not know that this is TLS. It is told as it asks.
            self.session = nil
            return Int(-EPROTO)
        case .broken where !session.isGreeted:
            self.session = nil
            return Int(-ECONNABORTED)
        case .broken: return Int(-ECONNRESET)
        }
    }

    /// How many bytes were taken; -errno. Nothing is sent before something was received, so TLS never waits for the other side here.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let session else { return http_send(descriptor, bytes.baseAddress, bytes.count) }
        switch session.write(bytes) {
        case .bytes(let count): return count
        case .wantsRead, .wantsWrite: return Int(-EAGAIN)
        case .ended, .broken: return Int(-ECONNRESET)
        }
    }

    /// Tells the other side that nothing more comes.
    func endWriting() {
        session?.goodbye()
        http_shutdown_write(descriptor)
    }

    mutating func close() {
        session?.goodbye()
        http_close(descriptor)
        descriptor = -1
    }
}
