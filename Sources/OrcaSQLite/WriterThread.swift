import CSQLite
import OrcaSQL
import OrcaStore
import OrcaSupport
import Synchronization

/// The only thread that writes. It takes everything that waits into one transaction, a savepoint each, commits once,
/// then answers all.
final class WriterThread: Sendable {
    private let queue = WorkQueue(groupMax: 512)
    private let thread: Mutex<ManagedThread?> = Mutex(nil)

    init(connection: consuming sending SQLiteConnection, onCommit: @escaping @Sendable () -> Void) throws {
        let box = ConnectionBox(connection)
        let loop = try ManagedThread("orca-writer") { [self] in
            run(box.connection, onCommit)
        }
        thread.withLock { $0 = loop }
    }

    /// Hands a job over; answers false when the store is closed.
    func submit(_ job: any StoreWork) -> Bool { queue.submit(job) }

    /// Finishes what waits and ends the thread.
    func close() {
        queue.close()
        thread.withLock { $0 }?.join()
    }

    private func run(_ connection: SQLiteConnection, _ onCommit: () -> Void) {
        let session = SQLSession(connection)
        while let group = queue.nextGroup() {
            Self.commit(group, connection, session)
            if group.contains(where: \.isWrite) { onCommit() }
            for job in group { job.finish() }
        }
    }

    private static let begin = SQL("BEGIN IMMEDIATE")
    private static let commit = SQL("COMMIT")
    private static let rollback = SQL("ROLLBACK")
    private static let savepoint = SQL("SAVEPOINT command")
    private static let release = SQL("RELEASE command")
    private static let undo = SQL("ROLLBACK TO command")

    private static func commit(_ group: [any StoreWork], _ connection: SQLiteConnection, _ session: SQLSession) {
        // One command alone gains nothing by it.
        connection.memory = group.count > 1 ? TransactionMemory() : nil
        defer { connection.memory = nil }
        do {
            try connection.execute(begin, [])
            for job in group { try runOne(job, connection, session) }
            try connection.memory?.settle(in: connection)
            try connection.execute(commit, [])
        } catch {
            if connection.isInTransaction { _ = try? connection.execute(rollback, []) }  // nothing is left to lose
            for job in group { job.fail(error) }
        }
    }

    /// Throws only when the whole transaction is gone.
    private static func runOne(
        _ job: any StoreWork, _ connection: SQLiteConnection, _ session: SQLSession
    ) throws {
        try connection.execute(savepoint, [])
        connection.memory?.beginCommand()
        do {
            try job.run(in: session)
        } catch {
            guard connection.isInTransaction else { throw error }
            connection.memory?.undoCommand()
            job.fail(error)
            try connection.execute(undo, [])
        }
        try connection.execute(release, [])
    }
}

/// Carries the connection to its thread; nobody else touches it afterwards.
private final class ConnectionBox: @unchecked Sendable {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }
}
