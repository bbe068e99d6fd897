import CSQLite
import OrcaStore

/// Turns SQLite's result codes into the port's errors.
enum SQLiteFailure {
    static func error(_ code: Int32, on connection: OpaquePointer?, opening path: String? = nil) -> StoreError {
        let words = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        let text = path.map { "\(words) (\($0))" } ?? words
        switch code & 0xFF {
        case SQLITE_FULL: return .full(text)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: return .readOnly(text)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: return .corrupt(text)
        case SQLITE_CANTOPEN: return .cannotOpen(text)
        case SQLITE_CONSTRAINT: return .staleWrite(text)
        case SQLITE_BUSY, SQLITE_LOCKED: return .heldByOther(holder: "another program that has the database open")
        case SQLITE_IOERR where code == ioSharedMemorySize: return .full("\(text), error \(code)")
        case SQLITE_IOERR where [ioWrite, ioSync].contains(code):
            return .readOnly("\(text), error \(code); a quota or a limit on the size of files may be reached")
        case SQLITE_IOERR: return .failed("disk I/O error \(code): \(text)")
        default: return .failed("SQLite error \(code): \(text)")
        }
    }

    /// What a full disk of an unusual kind looks like: SQLite knows only `ENOSPC` as full.
    private static let ioWrite = SQLITE_IOERR | (3 << 8)
    private static let ioSync = SQLITE_IOERR | (4 << 8)
    /// The file beside the log could not be made large enough, which is the first thing a server does.
    private static let ioSharedMemorySize = SQLITE_IOERR | (19 << 8)
}
