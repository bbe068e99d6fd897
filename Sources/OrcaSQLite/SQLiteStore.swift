package import OrcaSQL
package import OrcaStore
import OrcaSupport

/// The store in one SQLite file, or in memory when it has no file.
package final class SQLiteStore: Store {
    package enum Location: Sendable, Equatable {
        /// The file; its folder must exist. A lock file stands beside it.
        case file(String)
        case memory
    }

    /// How many threads read. On two cores more only take turns.
    package static let readersDefault = 2

    package let changes = ChangeSignal()
    package let location: Location
    private let writer: WriterThread
    private let readers: ReaderPool?
    private let lock: StoreLock?

    /// Opens (and makes, and migrates) the store.
    ///
    /// - Parameters:
    ///   - holder: what this server says about itself to a second one that wants the same file.
    ///   - now: milliseconds since 1970, for the record of migrations.
    /// - Throws: `StoreError`: somebody else has it, a newer schema, damage, no room, no permission.
    package init(
        _ location: Location, holder: String = "", patience: Duration = .zero, now: Int64,
        readers count: Int = readersDefault,
        migrations: [Migration] = Migration.all
    ) throws {
        self.location = location
        let signal = changes
        switch location {
        case .memory:
            let connection = try SQLiteConnection(.memory)
            try Migrator.migrate(connection, to: migrations, now: now)
            lock = nil
            readers = nil
            writer = try WriterThread(connection: connection, onCommit: { signal.fire() })
        case .file(let path):
            lock = try StoreLock(beside: path, holder: holder, patience: patience)
            let connection = try SQLiteConnection(.readWrite(path: path))
            try Migrator.migrate(connection, to: migrations, now: now)
            writer = try WriterThread(connection: connection, onCommit: { signal.fire() })
            readers = count > 0 ? try ReaderPool(path: path, count: count) : nil
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = StoreJob(continuation, isWrite: false) { try body($0) }
            if !(readers?.submit(job) ?? writer.submit(job)) { continuation.resume(throwing: StoreError.closed) }
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = StoreJob(continuation, isWrite: true) { try body($0) }
            if !writer.submit(job) { continuation.resume(throwing: StoreError.closed) }
        }
    }

    /// Raw access on the writer's thread, inside a transaction, for maintenance.
    func withWriter<Result: Sendable>(
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            if !writer.submit(StoreJob(continuation, isWrite: true, body)) {
                continuation.resume(throwing: StoreError.closed)
            }
        }
    }

    /// Bounds the size of the database, in pages: how a quota or a test makes a disk full.
    package func limitPages(to count: Int) async throws {
        _ = try await withWriter { try $0.db.query(SQL("PRAGMA max_page_count = \(count)"), []) { $0.int(0) } }
    }

    package var maintenance: any StoreMaintenance { SQLiteMaintenance(store: self) }

    package func close() async {
        readers?.close()
        writer.close()
        lock?.release()
    }
}
