import OrcaSQL
import OrcaStore
import OrcaSupport
import Synchronization

/// A few threads with a connection each. A read is one short transaction on a snapshot; one whose connection goes is
/// simply read again.
final class PostgresReaders: Sendable {
    private struct State: ~Copyable {
        var waiting: [(job: any StoreWork, deadline: Deadline)] = []
        var isClosed = false
    }

    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let state = Mutex(State())
    private let bells: [WakeBell]
    private let stopped = StopSignal()
    private let threads: Mutex<[ManagedThread]> = Mutex([])
    /// The database was away for so long that reads are refused at once until it answers.
    private let isDown = Atomic(false)

    init(_ address: PostgresAddress, _ limits: PostgresLimits) throws {
        self.address = address
        self.limits = limits
        bells = (0..<limits.readers).map { _ in WakeBell() }
        for (index, bell) in bells.enumerated() {
            let thread = try ManagedThread("orca-reader-\(index)") { [self] in run(bell) }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Hands a read over, or says why not.
    func submit(_ job: any StoreWork) -> StoreError? {
        let refusal = state.withLock { state -> StoreError? in
            if state.isClosed { return .closed }
            guard state.waiting.count < limits.readsWaitingMax else { return busy() }
            state.waiting.append((job, .after(.milliseconds(limits.readWaitMS))))
            return nil
        }
        if refusal == nil { for bell in bells { bell.ring() } }
        return refusal
    }

    func close() {
        state.withLock { $0.isClosed = true }
        stopped.raise()
        for bell in bells { bell.ring() }
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private func busy() -> StoreError {
        .overloaded("all \(limits.readers) connections for reading are in use, and too many calls wait for one")
    }

    private static let begin = SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    private static let end = SQL("COMMIT")
    private static let undo = SQL("ROLLBACK")

    private func run(_ bell: WakeBell) {
        var connection: PostgresConnection?
        while true {
            let (next, isClosed) = state.withLock { state in
                (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
            }
            guard let next else {
                if isClosed { return }
                bell.wait()
                continue
            }
            if next.deadline.hasPassed {
                next.job.fail(busy())
                next.job.finish()
            } else {
                carryOut(next.job, &connection)
            }
        }
    }

    private func carryOut(_ job: any StoreWork, _ kept: inout PostgresConnection?) {
        let deadline: Deadline =
            isDown.load(ordering: .relaxed) ? .now : .after(.milliseconds(limits.outageMS))
        let backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(1))
        var random = SystemRandomNumberGenerator()
        var tries = 0
        while true {
            do {
                try read(job, &kept)
                isDown.store(false, ordering: .relaxed)
                job.finish()
                return end(&kept, Self.end)
            } catch {
                if kept?.isAlive == true {
                    job.fail(error)
                    job.finish()
                    return end(&kept, Self.undo)
                }
                kept = nil
                let pause = Deadline.after(backoff.delay(attempt: tries, random: &random))
                tries += 1
                var isWorthwhile = false
                if case .unavailable? = error as? StoreError { isWorthwhile = true }
                if isWorthwhile, !deadline.hasPassed, !stopped.wait(until: min(pause, deadline)) {
                    job.reset()
                    continue
                }
                if isWorthwhile { isDown.store(true, ordering: .relaxed) }
                job.fail(error)
                return job.finish()
            }
        }
    }

    private func read(_ job: any StoreWork, _ kept: inout PostgresConnection?) throws {
        let connection = try kept.flatMap { $0.isAlive ? $0 : nil } ?? PostgresConnection(address, .reader, limits)
        kept = connection
        try connection.post(Self.begin, [])
        try job.run(in: SQLSession(connection))
    }

    /// The caller has its answer; a snapshot has nothing to commit.
    private func end(_ kept: inout PostgresConnection?, _ statement: SQL) {
        do {
            try kept?.execute(statement, [])
        } catch {
            kept = nil
        }
    }
}
