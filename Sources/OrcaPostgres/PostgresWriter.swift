import OrcaSQL
import OrcaStore
import OrcaSupport
import Synchronization

/// The only thread of this server that writes. It takes everything that waits into one transaction, commits once, then
/// answers all, like the writer of a file; over all servers on the database one such transaction runs at a time.
///
/// A connection that is lost before the commit loses nothing but time: the group is carried out again. One that is lost
/// during the commit is asked about over the next connection.
final class PostgresWriter: Sendable {
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let onTime: @Sendable (Int64) -> Void
    private let onCommit: @Sendable () -> Void
    private let queue: WorkQueue
    private let stopped = StopSignal()
    private let thread: Mutex<ManagedThread?> = Mutex(nil)

    init(
        _ address: PostgresAddress, _ limits: PostgresLimits, onTime: @escaping @Sendable (Int64) -> Void,
        onCommit: @escaping @Sendable () -> Void
    ) throws {
        self.onTime = onTime
        self.address = address
        self.limits = limits
        self.onCommit = onCommit
        queue = WorkQueue(groupMax: limits.groupMax)
        let loop = try ManagedThread("orca-writer") { [self] in run() }
        thread.withLock { $0 = loop }
    }

    /// Hands a job over; answers false when the store is closed.
    func submit(_ job: any StoreWork) -> Bool { queue.submit(job) }

    /// Finishes what waits and ends the thread. A database that is away is not waited for.
    func close() {
        stopped.raise()
        queue.close()
        thread.withLock { $0 }?.join()
    }

    private func run() {
        let line = WriterLine(address, limits, stopped, onTime)
        while let group = queue.nextGroup() {
            let isCommitted = line.carryOut(group)
            if isCommitted, group.contains(where: \.isWrite) { onCommit() }
            for job in group { job.finish() }
        }
    }
}

/// What the writer's thread has: its connection, and what it knows about it.
private final class WriterLine {
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let stopped: StopSignal
    private let onTime: (Int64) -> Void
    private let backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(1))
    private var random = SystemRandomNumberGenerator()
    private var connection: PostgresConnection?
    /// Under which its transactions are signed; of this writer alone.
    private let role = "writer:\(UInt64.random(in: 0...UInt64.max))-\(UInt64.random(in: 0...UInt64.max))"
    private var lastSignature: Int64 = 0
    /// The database was away for so long that calls are refused at once until it answers.
    private var isDown = false

    private static let begin = SQL("BEGIN ISOLATION LEVEL READ COMMITTED")
    /// Stands in the database exactly when its transaction does. The number of a transaction would not do: one that was
    /// lost in a crash may be given to another.
    private static let sign = SQL(
        """
        INSERT INTO leadership (role, node, epoch) VALUES (?1, '', ?2)
        ON CONFLICT (role) DO UPDATE SET epoch = excluded.epoch
        """)
    private static let readSignature = SQL("SELECT epoch FROM leadership WHERE role = ?1")
    private static let commit = SQL("COMMIT")
    private static let rollback = SQL("ROLLBACK")
    private static let savepoint = SQL("SAVEPOINT command")
    private static let release = SQL("RELEASE command")
    private static let undo = SQL("ROLLBACK TO command")

    init(
        _ address: PostgresAddress, _ limits: PostgresLimits, _ stopped: StopSignal, _ onTime: @escaping (Int64) -> Void
    ) {
        self.onTime = onTime
        self.address = address
        self.limits = limits
        self.stopped = stopped
    }

    /// A failure that took the whole transaction with it.
    private enum Setback: Error {
        /// The connection is gone; nothing was committed.
        case lost(any Error)
        /// The connection went while the transaction was being committed.
        case lostInCommit(signature: Int64, any Error)
        /// A command failed after it, or one before it, had written something, and there is nothing to go back to.
        case spoiled
        /// Nothing that trying again would change.
        case refused(any Error)
    }

    /// Carries a group out; every job knows afterwards how it went. True when a transaction was committed.
    func carryOut(_ group: [any StoreWork]) -> Bool {
        let deadline: Deadline = isDown ? .now : .after(.milliseconds(limits.outageMS))
        var tries = 0
        // Commands look before they write, so hardly any fails late: the first time through nothing is prepared for it.
        var isCareful = false
        while true {
            do throws(Setback) {
                try transact(group, isCareful)
                isDown = false
                return true
            } catch {
                switch error {
                case .refused(let error):
                    return fail(group, error)
                case .spoiled:
                    isCareful = true
                case .lost(let error):
                    guard waitToTryAgain(&tries, until: deadline) else { return fail(group, error) }
                case .lostInCommit(let signature, let error):
                    switch outcome(of: signature, &tries, until: deadline) {
                    case .committed: return true
                    case .undone: break
                    case .unknown: return fail(group, StoreError.outcomeUnknown(Self.words(error)), isFinal: true)
                    }
                }
            }
            for job in group { job.reset() }
        }
    }

    private func fail(_ group: [any StoreWork], _ error: any Error, isFinal: Bool = false) -> Bool {
        if case .unavailable? = error as? StoreError { isDown = true }
        for job in group {
            if isFinal { job.reset() }
            job.fail(error)
        }
        return false
    }

    private static func words(_ error: any Error) -> String {
        if case .unavailable(let words)? = error as? StoreError { return words }
        return "\(error)"
    }

    /// False when the time is up, or the store is being closed.
    private func waitToTryAgain(_ tries: inout Int, until deadline: Deadline) -> Bool {
        connection = nil
        guard !deadline.hasPassed, !stopped.isRaised else { return false }
        let pause = Deadline.after(backoff.delay(attempt: tries, random: &random))
        tries += 1
        return !stopped.wait(until: min(pause, deadline))
    }

    /// Larger than all before it, with the time in it, by which forgotten ones are found.
    private func nextSignature(at time: Int64) -> Int64 {
        lastSignature = max(lastSignature + 1, time << PostgresSchema.signatureShift)
        return lastSignature
    }

    private func connected() throws(Setback) -> PostgresConnection {
        if let connection, connection.isAlive { return connection }
        do {
            let made = try PostgresConnection(address, .writer, limits)
            connection = made
            return made
        } catch let error as StoreError {
            if case .unavailable = error { throw .lost(error) }
            // A primary that is becoming one again, or a password that is being changed, may still come right.
            if case .readOnly = error { throw .lost(error) }
            throw .refused(error)
        } catch {
            throw .refused(error)
        }
    }

    private func transact(_ group: [any StoreWork], _ isCareful: Bool) throws(Setback) {
        let connection = try connected()
        let memory = TransactionMemory()
        connection.memory = memory
        defer { connection.memory = nil }
        var signature: Int64 = 0
        do {
            try connection.post(Self.begin, [])
            try connection.post(AdvisoryLock.takeWriter, [])
            // The time is that of having the lock: whoever has it next has a later one.
            let time = try connection.first(DatabaseTime.read, []) { $0.integer(0) } ?? 0
            onTime(time)
            signature = nextSignature(at: time)
            for job in group {
                if isCareful {
                    try runCarefully(job, connection)
                } else {
                    try run(job, connection, isAlone: group.count == 1)
                }
            }
            try memory.settle(in: connection)
            try connection.post(Self.sign, [.text(role), .integer(signature)])
            try connection.flush()
        } catch {
            let isAnyones = connection.isAlive && group.count > 1 && !isCareful
            throw setback(isAnyones ? Setback.spoiled : error, connection)
        }
        do {
            try connection.execute(Self.commit, [])
        } catch {
            if connection.isAlive { throw setback(error, connection) }
            throw .lostInCommit(signature: signature, error)
        }
    }

    private func setback(_ error: any Error, _ connection: PostgresConnection) -> Setback {
        guard connection.isAlive else { return .lost(error) }
        // Nothing is left to lose; a rollback that fails takes the connection with it.
        _ = try? connection.execute(Self.rollback, [])
        if let error = error as? Setback { return error }
        return .refused(error)
    }

    /// Waits for nothing but what the command asks. Throws when the whole transaction is gone.
    private func run(_ job: any StoreWork, _ connection: PostgresConnection, isAlone: Bool) throws {
        let written = connection.writeCount
        connection.memory?.beginCommand()
        do {
            try job.run(in: SQLSession(connection))
        } catch {
            guard connection.isAlive else { throw error }
            if isAlone {
                job.fail(error)
                throw Setback.refused(error)
            }
            // The failure may be that of a command before it, whose statements were sent along with a question of this one.
            guard connection.writeCount == written, !connection.isSpoiled else { throw Setback.spoiled }
            connection.memory?.undoCommand()
            job.fail(error)
        }
        if connection.isSpoiled { throw Setback.spoiled }
    }

    /// Behind a savepoint, and to its end. Throws when the whole transaction is gone.
    private func runCarefully(_ job: any StoreWork, _ connection: PostgresConnection) throws {
        connection.memory?.beginCommand()
        try connection.execute(Self.savepoint, [])
        do {
            try job.run(in: SQLSession(connection))
            try connection.flush()
        } catch {
            guard connection.isAlive else { throw error }
            // What was sent after it must not stay in the line.
            try? connection.flush()
            connection.memory?.undoCommand()
            job.fail(error)
            try connection.execute(Self.undo, [])
        }
        try connection.post(Self.release, [])
    }

    // MARK: A commit nobody answered

    private enum Outcome {
        case committed, undone, unknown
    }

    /// Asks over a new connection. Once that has the writers' lock, the old transaction has come to its end.
    private func outcome(of signature: Int64, _ tries: inout Int, until deadline: Deadline) -> Outcome {
        let patience = max(deadline, .after(.milliseconds(limits.outageMS)))
        while waitToTryAgain(&tries, until: patience) {
            do {
                let connection = try connected()
                try connection.post(Self.begin, [])
                try connection.post(AdvisoryLock.takeWriter, [])
                let found = try connection.first(Self.readSignature, [.text(role)]) { $0.integer(0) }
                try connection.execute(Self.rollback, [])
                return found == signature ? .committed : .undone
            } catch {
                continue
            }
        }
        return .unknown
    }
}
