import Glibc
import OrcaAPI
import OrcaSupport
import OrcaTLS

/// A connected stream socket with a read buffer. Not safe for two threads at once.
struct Socket: Sendable {
    let descriptor: OwnedDescriptor
    /// Raised when nobody wants the answer any more.
    var stop: StopSignal?
    /// What the bytes are encrypted with.
    private var session: TLSSession?
    private var buffer: [UInt8] = []
    private var start = 0

    private static let readSize = 16 << 10

    private init(_ descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    /// Connects. Throws `refused` when nobody listens at the address. For TLS it needs the client's context.
    static func connect(
        _ address: SocketAddress, tls: TLSContext? = nil, until deadline: Deadline
    ) throws(TransportError) -> Socket {
        switch address {
        case .unix(let path): return try connectUnix(path, deadline)
        case .tcp(let host, let port): return try connectTCP(host, port, deadline)
        case .tls(let host, let port):
            var socket = try connectTCP(host, port, deadline)
            guard let tls else { throw .untrusted("there are no authorities to trust") }
            try socket.encrypt(tls, host: host, until: deadline)
            return socket
        }
    }

    private mutating func encrypt(_ context: TLSContext, host: String, until deadline: Deadline) throws(TransportError)
    {
        let session: TLSSession
        do throws(TLSError) {
            session = try TLSSession(context, descriptor: descriptor.raw, host: host)
        } catch {
            throw .untrusted("\(error)")
        }
        while true {
            switch session.handshake() {
            case .bytes:
                self.session = session
                return
            case .wantsRead: try Self.wait(descriptor.raw, POLLIN, deadline)
            case .wantsWrite: try Self.wait(descriptor.raw, POLLOUT, deadline)
            case .ended: throw .broken("the connection ended")
            case .broken(let why): throw .untrusted(why)
            }
        }
    }

    // MARK: Connecting

    private static func connectUnix(_ path: String, _ deadline: Deadline) throws(TransportError) -> Socket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // The last byte is the terminator.
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .refused(ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return try withUnsafePointer(to: &address) { (pointer) throws(TransportError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (plain) throws(TransportError) in
                try open(AF_UNIX, plain, size, deadline)
            }
        }
    }

    private static func connectTCP(_ host: String, _ port: UInt16, _ deadline: Deadline) throws(TransportError)
        -> Socket
    {
        var last = TransportError.unknownHost(host)
        for numeric in HostLookup.addresses(of: host) {
            do {
                var socket: Socket
                if numeric.contains(":") {
                    socket = try connectV6(numeric, port, deadline)
                } else {
                    socket = try connectV4(numeric, port, deadline)
                }
                socket.disableDelay()
                return socket
            } catch {
                last = error
            }
        }
        throw last
    }

    private static func connectV4(_ host: String, _ port: UInt16, _ deadline: Deadline) throws(TransportError) -> Socket
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw .refused(EHOSTUNREACH) }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafePointer(to: &address) { (pointer) throws(TransportError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (plain) throws(TransportError) in
                try open(AF_INET, plain, size, deadline)
            }
        }
    }

    private static func connectV6(_ host: String, _ port: UInt16, _ deadline: Deadline) throws(TransportError) -> Socket
    {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { throw .refused(EHOSTUNREACH) }
        let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return try withUnsafePointer(to: &address) { (pointer) throws(TransportError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (plain) throws(TransportError) in
                try open(AF_INET6, plain, size, deadline)
            }
        }
    }

    private static func open(
        _ family: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t, _ deadline: Deadline
    ) throws(TransportError) -> Socket {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let raw = socket(family, type, 0)
        guard raw >= 0 else { throw .broken("no socket: error \(errno)") }
        let descriptor = OwnedDescriptor(raw)
        if Glibc.connect(raw, address, size) == 0 { return Socket(descriptor) }
        // A unix socket whose queue is full says EAGAIN: the server is there but busy, so wait and knock again.
        while errno == EAGAIN {
            if deadline.hasPassed { throw .timedOut }
            poll(nil, 0, 5)
            if Glibc.connect(raw, address, size) == 0 { return Socket(descriptor) }
        }
        guard errno == EINPROGRESS || errno == EINTR else { throw .refused(errno) }
        try wait(raw, POLLOUT, deadline)
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(raw, SOL_SOCKET, SO_ERROR, &failure, &length)
        guard failure == 0 else { throw .refused(failure) }
        return Socket(descriptor)
    }

    private func disableDelay() {
        var on: Int32 = 1
        setsockopt(descriptor.raw, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: Bytes

    /// Sends everything.
    func send(_ bytes: [UInt8], until deadline: Deadline) throws(TransportError) {
        var done = 0
        while done < bytes.count {
            let outcome = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[done...])) }
            switch outcome {
            case .bytes(let count): done += count
            case .wantsRead: try Self.wait(descriptor.raw, POLLIN, deadline, stop)
            case .wantsWrite: try Self.wait(descriptor.raw, POLLOUT, deadline, stop)
            case .ended: throw .broken("the connection ended while sending")
            case .broken(let why): throw .broken("the connection broke while sending: \(why)")
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> TLSSession.Outcome {
        if let session { return session.write(bytes) }
        let count = Glibc.send(descriptor.raw, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 || errno == EINTR { return .bytes(max(0, count)) }
        return errno == EAGAIN ? .wantsWrite : .broken("error \(errno)")
    }

    private static func read(
        _ raw: Int32, _ session: TLSSession?, into bytes: UnsafeMutableRawBufferPointer
    ) -> TLSSession.Outcome {
        if let session { return session.read(into: bytes) }
        let count = recv(raw, bytes.baseAddress, bytes.count, 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EINTR ? .wantsRead : .broken("error \(errno)")
    }

    /// Bytes that were received but not taken yet.
    var buffered: Int { buffer.count - start }

    /// The next line without its line end; at most `limit` bytes. `nil` at the end of the connection.
    mutating func line(limit: Int, until deadline: Deadline) throws(TransportError) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[(start + searched)...].firstIndex(of: 0x0A) {
                let line = buffer[start..<end]
                start = end + 1
                return Array(line.last == 0x0D ? line.dropLast() : line)
            }
            searched = buffered
            if searched > limit { throw .malformed("a line of more than \(limit) bytes") }
            if try !fill(until: deadline) {
                if searched > 0 { throw .broken("the connection ended inside a line") }
                return nil
            }
        }
    }

    /// At least one and at most `count` bytes; empty at the end of the connection.
    mutating func some(_ count: Int, until deadline: Deadline) throws(TransportError) -> ArraySlice<UInt8> {
        if buffered == 0, try !fill(until: deadline) { return [] }
        let end = min(buffer.count, start + count)
        defer { start = end }
        return buffer[start..<end]
    }

    /// Reads once into the buffer; false at the end of the connection.
    private mutating func fill(until deadline: Deadline) throws(TransportError) -> Bool {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        } else if start > Self.readSize {
            buffer.removeFirst(start)
            start = 0
        }
        // Bytes that TLS has decrypted already raise no event.
        var events = session?.hasPending == true ? 0 : POLLIN
        while true {
            if events != 0 { try Self.wait(descriptor.raw, events, deadline, stop) }
            let held = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: Self.readSize))
            let outcome = buffer.withUnsafeMutableBytes { [descriptor, session] in
                Self.read(descriptor.raw, session, into: UnsafeMutableRawBufferPointer(rebasing: $0[held...]))
            }
            var count = 0
            if case .bytes(let taken) = outcome { count = taken }
            buffer.removeLast(Self.readSize - count)
            switch outcome {
            case .bytes: return true
            case .ended: return false
            case .wantsRead: events = POLLIN
            case .wantsWrite: events = POLLOUT
            // With TLS 1.3 a server tells only after the greeting that it wants another certificate.
            case .broken(let why) where session != nil && why.contains("alert"): throw .untrusted(why)
            case .broken(let why): throw .broken("the connection broke: \(why)")
            }
        }
    }

    private static func wait(
        _ raw: Int32, _ events: Int32, _ deadline: Deadline, _ stop: StopSignal? = nil
    ) throws(TransportError) {
        // A negative descriptor is skipped.
        var entries = [
            pollfd(fd: raw, events: Int16(events), revents: 0),
            pollfd(fd: stop?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = poll(&entries, 2, deadline.pollTimeoutMS)
            if count > 0, entries[1].revents != 0 { throw .stopped }
            if count > 0 { return }
            if count == 0, deadline.hasPassed { throw .timedOut }
        }
    }

    /// Whether the other side has closed, or sent what nobody asked for: then the connection cannot be used again.
    var isStale: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor.raw, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return buffered > 0 || count >= 0 || errno != EAGAIN
    }
}
