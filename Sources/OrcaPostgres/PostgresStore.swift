package import OrcaSQL
package import OrcaStore
import Synchronization

/// The store in a Postgres database, which any number of servers may use at once.
///
/// Transactions that write are carried out one at a time over all servers, like those on a file: each takes a lock of the
/// database first. Reads run beside them on snapshots.
package final class PostgresStore: Store {
    package let changes = ChangeSignal()
    package let address: PostgresAddress
    private let writer: PostgresWriter
    private let readers: PostgresReaders
    private let notifier: PostgresNotifier
    private let timekeeper: Timekeeper

    /// Connects, and brings the schema up to date.
    ///
    /// - Parameter now: milliseconds since 1970, for the record of migrations.
    /// - Throws: `StoreError`: it cannot be reached, refuses the user, is a replica, has a newer schema.
    package init(
        _ address: PostgresAddress, _ limits: PostgresLimits = PostgresLimits(), now: Int64,
        migrations: [Migration] = Migration.all
    ) throws {
        self.address = address
        try PostgresSchema.migrate(address, limits, to: migrations, now: now)
        let signal = changes
        let notifier = try PostgresNotifier(address, limits, onChange: { signal.fire() })
        self.notifier = notifier
        let timekeeper = Timekeeper()
        self.timekeeper = timekeeper
        readers = try PostgresReaders(address, limits)
        writer = try PostgresWriter(
            address, limits, onTime: { timekeeper.tell($0) },
            onCommit: {
                signal.fire()
                notifier.tellOthers()
            })
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = StoreJob(continuation, isWrite: false) { try body($0) }
            if let refusal = readers.submit(job) { continuation.resume(throwing: refusal) }
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        try await withWriter { try body($0) }
    }

    /// Raw access on the writer's thread, inside a transaction, for maintenance.
    func withWriter<Result: Sendable>(
        isWrite: Bool = true, _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            if !writer.submit(StoreJob(continuation, isWrite: isWrite, body)) {
                continuation.resume(throwing: StoreError.closed)
            }
        }
    }

    /// Raw access on a reader's thread, in a snapshot.
    func withReader<Result: Sendable>(
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = StoreJob(continuation, isWrite: false, body)
            if let refusal = readers.submit(job) { continuation.resume(throwing: refusal) }
        }
    }

    package var sharing: (any StoreSharing)? { PostgresSharing(store: self) }

    func onTime(_ tell: @escaping @Sendable (Int64) -> Void) { timekeeper.listener.withLock { $0 = tell } }
    func seekLead() { notifier.seekLead() }
    var holdsLead: Bool { notifier.isLeader }

    package var maintenance: any StoreMaintenance { PostgresMaintenance(store: self) }

    package func close() async {
        readers.close()
        writer.close()
        notifier.close()
    }
}

package struct PostgresSharing: StoreSharing {
    private let store: PostgresStore

    package init(store: PostgresStore) { self.store = store }

    package func databaseTime() async throws -> Int64 {
        try await store.withReader { try $0.db.first(DatabaseTime.read, []) { $0.integer(0) } ?? 0 }
    }

    package func quietly<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        try await store.withWriter(isWrite: false) { try body($0) }
    }

    package func onTime(_ tell: @escaping @Sendable (Int64) -> Void) { store.onTime(tell) }

    package func seekLead() { store.seekLead() }

    package var holdsLead: Bool { store.holdsLead }
}

/// Hands the time of transactions to whoever goes by it.
private final class Timekeeper: Sendable {
    let listener = Mutex<(@Sendable (Int64) -> Void)?>(nil)

    func tell(_ milliseconds: Int64) { listener.withLock { $0 }?(milliseconds) }
}
