import OrcaSQL
import OrcaStore
import OrcaSupport
import Synchronization

/// A few threads with a read-only connection each. A read is one short transaction: a consistent snapshot that
/// never holds the log back for long.
final class ReaderPool: Sendable {
    private struct State: ~Copyable {
        var waiting: [any StoreWork] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bells: [WakeBell]
    private let threads: Mutex<[ManagedThread]>

    init(path: String, count: Int) throws {
        bells = (0..<count).map { _ in WakeBell() }
        threads = Mutex([])
        for (index, bell) in bells.enumerated() {
            let connection = try SQLiteConnection(.readOnly(path: path))
            let box = ReaderBox(connection)
            let thread = try ManagedThread("orca-reader-\(index)") { [self] in run(box.connection, bell) }
            threads.withLock { $0.append(thread) }
        }
    }

    func submit(_ job: any StoreWork) -> Bool {
        let taken = state.withLock { state in
            if state.isClosed { return false }
            state.waiting.append(job)
            return true
        }
        if taken { for bell in bells { bell.ring() } }
        return taken
    }

    func close() {
        state.withLock { $0.isClosed = true }
        for bell in bells { bell.ring() }
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private static let begin = SQL("BEGIN")
    private static let end = SQL("ROLLBACK")

    private func run(_ connection: SQLiteConnection, _ bell: WakeBell) {
        let session = SQLSession(connection)
        while true {
            let (job, isClosed) = state.withLock { state in
                (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
            }
            guard let job else {
                if isClosed { return }
                bell.wait()
                continue
            }
            do {
                try connection.execute(Self.begin, [])
                try job.run(in: session)
            } catch {
                job.fail(error)
            }
            // A snapshot has nothing to commit; ending it cannot lose anything.
            if connection.isInTransaction { _ = try? connection.execute(Self.end, []) }
            job.finish()
        }
    }
}

/// Carries the connection to its thread; nobody else touches it afterwards.
private final class ReaderBox: @unchecked Sendable {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }
}
