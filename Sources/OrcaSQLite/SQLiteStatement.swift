import CSQLite
import OrcaSQL

/// A prepared statement, and the row it stands on.
final class SQLiteStatement: SQLRow {
    private let handle: OpaquePointer
    /// Kept alive with the statement: its identity is the key of the connection's cache and must not be reused.
    private let source: SQL
    /// SQLite makes its own copy of what is bound.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ handle: OpaquePointer, of source: SQL) {
        self.handle = handle
        self.source = source
    }

    func finalize() { sqlite3_finalize(handle) }

    func step() -> Int32 { sqlite3_step(handle) }

    /// Ends the cursor. Bindings are overwritten by the next use.
    func reset() { sqlite3_reset(handle) }

    func bind(_ parameters: [SQLValue], on connection: OpaquePointer) throws {
        precondition(
            Int(sqlite3_bind_parameter_count(handle)) == parameters.count,
            "a statement got \(parameters.count) parameters: \(String(cString: sqlite3_sql(handle)))")
        for (index, value) in parameters.enumerated() {
            let code = bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw SQLiteFailure.error(code, on: connection) }
        }
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, position)
        case .integer(let number):
            return sqlite3_bind_int64(handle, position, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { chars in
                    // An empty buffer has no address, and a null pointer would bind NULL.
                    chars.baseAddress.map {
                        sqlite3_bind_text(handle, position, $0, Int32(chars.count), Self.transient)
                    } ?? sqlite3_bind_text(handle, position, "", 0, Self.transient)
                }
            }
        case .bytes(let bytes):
            return bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, position, 0)
                : sqlite3_bind_blob(handle, position, bytes, Int32(bytes.count), Self.transient)
        }
    }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
}
