import CLinux
import Glibc
package import OrcaPostgres
import OrcaSupport
import Synchronization

/// Stands between a store and a `PostgresCluster`, on a unix socket of its own, and takes connections away at a chosen
/// moment of a commit.
package final class PostgresProxy: Sendable {
    /// What happens to a commit, and to the connection with it.
    package enum CommitFault: Sendable {
        /// Postgres never hears of it.
        case beforeItArrives
        /// Postgres hears of it, and nobody waits for what comes of it.
        case onceItIsSent
        /// Postgres has carried it out and said so, and nobody heard.
        case beforeItsAnswer
    }

    private struct Trap: Sendable {
        let fault: CommitFault
        let then: @Sendable () -> Void
    }

    private struct State {
        var trap: Trap?
        var sprung = 0
        var isRefusing = false
        var threads: [ManagedThread] = []
    }

    private let folder = TemporaryDirectory("proxy")
    private let server: String
    private let listener: OwnedDescriptor
    private let isOver = StopSignal()
    private let state = Mutex(State())

    package init(before cluster: PostgresCluster) throws {
        SignalPipe.ignoreBrokenPipes()
        server = cluster.folder + PostgresSocket.name
        listener = try PostgresSocket.listen(at: folder.path + PostgresSocket.name)
        let loop = try ManagedThread("proxy") { [listener, isOver, weak self] in
            while true {
                _ = Poll.readable([listener.raw, isOver.descriptor], until: .never)
                guard !isOver.isRaised, let self else { return }
                let accepted = orca_accept(listener.raw, 0)
                if accepted >= 0 { self.serve(OwnedDescriptor(accepted)) }
            }
        }
        state.withLock { $0.threads.append(loop) }
    }

    /// Cuts all connections and ends. To be called when the stores on it are closed.
    package func close() {
        isOver.raise()
        for thread in state.withLock({ $0.threads }) { thread.join() }
    }

    /// The same database as `address`, by way of this proxy.
    package func address(of address: PostgresAddress) throws -> PostgresAddress {
        let name = address.display.dropFirst("postgres:".count).prefix { $0 != "@" }
        return try PostgresAddress("postgresql:///\(name)?host=\(folder.path)&user=orca")
    }

    /// Has this happen to the next commit, on whichever connection. `then` runs before the other end sees its connection go.
    package func spoilNextCommit(_ fault: CommitFault, then: @escaping @Sendable () -> Void = {}) {
        state.withLock { $0.trap = Trap(fault: fault, then: then) }
    }

    /// How many commits were spoiled.
    package var spoiled: Int { state.withLock(\.sprung) }

    /// From now on nobody gets through any more, or again.
    package func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

    private func serve(_ client: OwnedDescriptor) {
        // Whoever is refused sees a server that hangs up; so does one whose server is not there.
        guard !state.withLock(\.isRefusing), let server = try? PostgresSocket.connect(to: server) else { return }
        let line = ProxiedLine(client: client, server: server, isOver: isOver) { [weak self] in self?.spring() }
        // Without a thread the connection is refused, too.
        guard let thread = try? ManagedThread("proxy-line", { line.run() }) else { return }
        state.withLock { $0.threads.append(thread) }
    }

    private func spring() -> (CommitFault, @Sendable () -> Void)? {
        state.withLock { state in
            guard let trap = state.trap else { return nil }
            state.trap = nil
            state.sprung += 1
            return (trap.fault, trap.then)
        }
    }
}

/// One connection through the proxy; knows as much of the protocol as it takes to see a commit.
private final class ProxiedLine: Sendable {
    private let client: OwnedDescriptor
    private let server: OwnedDescriptor
    private let isOver: StopSignal
    private let onCommit: @Sendable () -> (PostgresProxy.CommitFault, @Sendable () -> Void)?

    private static let readMax = 1 << 16

    init(
        client: OwnedDescriptor, server: OwnedDescriptor, isOver: StopSignal,
        onCommit: @escaping @Sendable () -> (PostgresProxy.CommitFault, @Sendable () -> Void)?
    ) {
        self.client = client
        self.server = server
        self.isOver = isOver
        self.onCommit = onCommit
    }

    func run() {
        var watch = CommitWatch()
        // Whatever fails here ends the connection for both sides.
        try? pass(&watch)
        shutdown(client.raw, Int32(SHUT_RDWR))
        shutdown(server.raw, Int32(SHUT_RDWR))
    }

    private func pass(_ watch: inout CommitWatch) throws {
        while !isOver.isRaised {
            let ready = Poll.readable([client.raw, server.raw, isOver.descriptor], until: .never)
            if ready.contains(0) {
                guard let bytes = try client.read(atMost: Self.readMax), !bytes.isEmpty else { return }
                if watch.sees(bytes), let (fault, then) = onCommit() { return try spoil(fault, then, bytes) }
                try server.write(bytes)
            }
            if ready.contains(1) {
                guard let bytes = try server.read(atMost: Self.readMax), !bytes.isEmpty else { return }
                try client.write(bytes)
            }
        }
    }

    /// A commit comes in bytes of its own: the writer has heard the answers to all before it.
    private func spoil(_ fault: PostgresProxy.CommitFault, _ then: () -> Void, _ bytes: [UInt8]) throws {
        if fault != .beforeItArrives { try server.write(bytes) }
        if fault == .beforeItsAnswer { _ = try server.read(atMost: Self.readMax) }
        shutdown(server.raw, Int32(SHUT_RDWR))
        then()
    }
}

/// Finds the COMMIT among the messages of a client.
private struct CommitWatch {
    private var rest: [UInt8] = []
    private var hasStarted = false
    /// The prepared statements that commit.
    private var names: Set<[UInt8]> = []

    /// 3.0, in the first message that begins a session; others ask for encryption.
    private static let protocolVersion: [UInt8] = [0, 3, 0, 0]

    /// Whether the bytes, added to those before, complete the order to commit.
    mutating func sees(_ bytes: [UInt8]) -> Bool {
        rest += bytes
        var isSeen = false
        while let (kind, body) = next() {
            let words = body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
            switch kind {
            case UInt8(ascii: "P") where words.count > 1 && words[1] == Array("COMMIT".utf8): names.insert(words[0])
            case UInt8(ascii: "B") where words.count > 1 && names.contains(words[1]): isSeen = true
            default: break
            }
        }
        return isSeen
    }

    private mutating func next() -> (kind: UInt8, body: ArraySlice<UInt8>)? {
        let head = hasStarted ? 1 : 0
        guard rest.count >= head + 4 else { return nil }
        let length = rest[head..<head + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length >= 4, rest.count >= head + length else { return nil }
        let kind = hasStarted ? rest[0] : 0
        let body = rest[(head + 4)..<(head + length)]
        if !hasStarted { hasStarted = body.starts(with: Self.protocolVersion) }
        rest.removeFirst(head + length)
        return (kind, body)
    }
}

/// Sockets where libpq looks for them.
private enum PostgresSocket {
    static let name = "/.s.PGSQL.5432"

    static func listen(at path: String) throws -> OwnedDescriptor {
        let made = try make(path) { bind($0, $1, $2) }
        guard Glibc.listen(made.raw, 64) == 0 else { throw SystemError.last("listen at", path) }
        return made
    }

    static func connect(to path: String) throws -> OwnedDescriptor { try make(path) { Glibc.connect($0, $1, $2) } }

    private static func make(
        _ path: String, _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> OwnedDescriptor {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError.last("make a socket", path) }
        let made = OwnedDescriptor(raw)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "the path is too long for a socket")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let isDone = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                attach(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isDone else { throw SystemError.last("attach a socket", path) }
        return made
    }
}
