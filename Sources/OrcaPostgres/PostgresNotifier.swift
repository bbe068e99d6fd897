import CPostgres
import OrcaSQL
import OrcaStore
import OrcaSupport
import Synchronization

/// Tells the other servers that something was committed, and hears it from them; holds the lock of the leader as long as
/// its session lives.
///
/// One thread with one connection does all of it: a `NOTIFY` inside the transactions that write would have them wait for
/// each other. However many commits there were, one message is enough, and it carries no data. When messages are lost,
/// looking every second finds what they told of.
final class PostgresNotifier: Sendable {
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let onChange: @Sendable () -> Void
    private let bell = Wakeup()
    private let stopped = StopSignal()
    private let leads = Atomic(false)
    private let seeksLead = Atomic(false)
    private let thread: Mutex<ManagedThread?> = Mutex(nil)

    init(_ address: PostgresAddress, _ limits: PostgresLimits, onChange: @escaping @Sendable () -> Void) throws {
        self.address = address
        self.limits = limits
        self.onChange = onChange
        let loop = try ManagedThread("orca-notifier") { [self] in run() }
        thread.withLock { $0 = loop }
    }

    /// This server has committed something.
    func tellOthers() { bell.ring() }

    /// Whether this server's session holds the leader's lock. It may have lost it a moment ago.
    var isLeader: Bool { leads.load(ordering: .acquiring) }

    /// From now on this server takes the leader's lock when it is free.
    func seekLead() {
        seeksLead.store(true, ordering: .releasing)
        bell.ring()
    }

    func close() {
        stopped.raise()
        thread.withLock { $0 }?.join()
    }

    // MARK: The thread

    private static let listen = SQL("LISTEN orca_changes")
    private static let notify = SQL("NOTIFY orca_changes")
    /// Every event counts here, so a difference means that somebody wrote.
    private static let count = SQL("SELECT coalesce(sum(event_last), 0)::bigint FROM workspaces")

    private func run() {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(5))
        var random = SystemRandomNumberGenerator()
        var tries = 0
        while !stopped.isRaised {
            do {
                let connection = try PostgresConnection(address, .presence, limits)
                try connection.execute(Self.listen, [])
                tries = 0
                // What happened before somebody listened.
                onChange()
                try serve(connection)
            } catch {
                // Readers and writers say what is wrong to those who ask; here it only means to try again.
            }
            leads.store(false, ordering: .releasing)
            stopped.wait(until: .after(backoff.delay(attempt: min(tries, 10), random: &random)))
            tries += 1
        }
    }

    private func serve(_ connection: PostgresConnection) throws {
        var counted: Int64?
        var lookAt = Deadline.now
        while !stopped.isRaised {
            if lookAt.hasPassed {
                lookAt = .after(.milliseconds(limits.pollMS))
                let found = try connection.first(Self.count, []) { $0.integer(0) }
                if let counted, found != counted { onChange() }
                counted = found
                try seek(connection)
            }
            let ready = Poll.readable([connection.socket, bell.descriptor, stopped.descriptor], until: lookAt)
            if ready.contains(1), bell.hear(until: .now) {
                try connection.execute(Self.notify, [])
                try seek(connection)
            }
            if try connection.hearsOthers() { onChange() }
        }
        if leads.exchange(false, ordering: .acquiringAndReleasing) {
            _ = try connection.query(AdvisoryLock.releaseLeader, []) { $0.flag(0) }
        }
    }

    private func seek(_ connection: PostgresConnection) throws {
        guard seeksLead.load(ordering: .acquiring), !isLeader else { return }
        let isTaken = try connection.first(AdvisoryLock.tryLeader, []) { $0.flag(0) } ?? false
        if isTaken { leads.store(true, ordering: .releasing) }
    }
}

extension PostgresConnection {
    /// Readable when Postgres has something to say.
    var socket: Int32 { PQsocket(handle) }

    /// Takes in what was notified; true when some of it came from another session.
    func hearsOthers() throws -> Bool {
        guard PQconsumeInput(handle) == 1 else { throw PostgresFailure.lost(handle) }
        var isForeign = false
        while let message = PQnotifies(handle) {
            if message.pointee.be_pid != processID { isForeign = true }
            PQfreemem(message)
        }
        return isForeign
    }
}
