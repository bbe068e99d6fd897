import CSQLite
package import OrcaSQL
import OrcaStore

/// One SQLite connection. Not safe for two threads at once: its owner is one thread.
package final class SQLiteConnection: SQLConnection {
    package enum Mode: Sendable, Equatable {
        /// Makes the file when it is missing.
        case readWrite(path: String)
        case readOnly(path: String)
        case memory
    }

    package let dialect = SQLDialect.sqlite
    private let handle: OpaquePointer
    private var statements: [ObjectIdentifier: SQLiteStatement] = [:]
    /// Set by the only thread that writes, for as long as a transaction of several commands is open.
    package var memory: TransactionMemory?

    package init(_ mode: Mode) throws {
        let path: String
        var flags = SQLITE_OPEN_NOMUTEX
        switch mode {
        case .readWrite(let file): (path, flags) = (file, flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        case .readOnly(let file): (path, flags) = (file, flags | SQLITE_OPEN_READONLY)
        case .memory: (path, flags) = (":memory:", flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        }
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            defer { sqlite3_close_v2(opened) }
            throw SQLiteFailure.error(code, on: opened, opening: path)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5_000)
        do {
            try configure(mode)
        } catch {
            // A half-made connection is closed by `deinit`; the caller learns why.
            throw error
        }
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    private func configure(_ mode: Mode) throws {
        switch mode {
        case .readWrite:
            try run(
                script: """
                    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;
                    PRAGMA mmap_size = 0; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;
                    PRAGMA journal_size_limit = 67108864
                    """)
        case .readOnly:
            try run(
                script: """
                    PRAGMA mmap_size = 0; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;
                    PRAGMA query_only = 1
                    """)
        case .memory:
            try run(script: "PRAGMA temp_store = MEMORY")
        }
    }

    /// Whether a transaction is open. Some failures (a full disk, say) roll it back behind our back.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    @discardableResult
    package func execute(_ statement: SQL, _ parameters: [SQLValue]) throws -> Int {
        let prepared = try prepare(statement)
        defer { prepared.reset() }
        try prepared.bind(parameters, on: handle)
        while true {
            let code = prepared.step()
            if code == SQLITE_DONE { return Int(sqlite3_changes(handle)) }
            if code != SQLITE_ROW { throw SQLiteFailure.error(code, on: handle) }
        }
    }

    package func query<Row>(
        _ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row
    ) throws -> [Row] {
        let prepared = try prepare(statement)
        defer { prepared.reset() }
        try prepared.bind(parameters, on: handle)
        var rows: [Row] = []
        while true {
            let code = prepared.step()
            if code == SQLITE_DONE { return rows }
            if code != SQLITE_ROW { throw SQLiteFailure.error(code, on: handle) }
            rows.append(try read(prepared))
        }
    }

    package func run(script: String) throws {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteFailure.error(code, on: handle) }
    }

    func backUp(
        to target: SQLiteConnection, pagesPerStep: Int32, progress: (_ done: Int, _ all: Int) -> Void
    ) throws {
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw SQLiteFailure.error(sqlite3_extended_errcode(target.handle), on: target.handle)
        }
        var code = SQLITE_OK
        while [SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED].contains(code) {
            code = sqlite3_backup_step(backup, pagesPerStep)
            let all = sqlite3_backup_pagecount(backup)
            progress(Int(all - sqlite3_backup_remaining(backup)), Int(all))
            if code == SQLITE_BUSY || code == SQLITE_LOCKED { sqlite3_sleep(20) }
        }
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            throw SQLiteFailure.error(code == SQLITE_DONE ? end : code, on: target.handle)
        }
    }

    private func prepare(_ statement: SQL) throws -> SQLiteStatement {
        if let found = statements[ObjectIdentifier(statement)] { return found }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            handle, statement.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw SQLiteFailure.error(code, on: handle) }
        let made = SQLiteStatement(prepared, of: statement)
        statements[ObjectIdentifier(statement)] = made
        return made
    }
}
