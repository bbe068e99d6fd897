/// One named statement: text that is fixed when the program is built, with parameters `?1`, `?2`, ….
///
/// A connection prepares it once and keeps it; the identity of this object is the key.
package final class SQL: Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

/// A bound parameter.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    package static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    package static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
    package static func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    package static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
}

/// The current row of a query. Columns count from 0.
package protocol SQLRow {
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
    func isNull(_ column: Int) -> Bool
}

extension SQLRow {
    package func int(_ column: Int) -> Int { Int(integer(column)) }
    package func flag(_ column: Int) -> Bool { integer(column) != 0 }
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}

/// One connection to a database engine, used by one thread at a time. Errors are `StoreError`s.
package protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    @discardableResult
    func execute(_ statement: SQL, _ parameters: [SQLValue]) throws -> Int

    /// Runs a query and hands every row to `read`.
    func query<Row>(_ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row) throws -> [Row]

    /// Runs statements without parameters, separated by semicolons. For schema changes only.
    func run(script: String) throws
}

extension SQLConnection {
    /// The first row of a query, if there is one.
    package func first<Row>(
        _ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row
    ) throws -> Row? {
        try query(statement, parameters, read).first
    }
}

/// Where the engines' languages differ; everything else is written once.
package struct SQLDialect: Sendable {
    package var integerType: String
    package var bytesType: String
    /// Primary key that the engine numbers by itself.
    package var serialKey: String
    /// What makes a table be stored in the order of its primary key.
    package var clustered: String

    package static let sqlite = SQLDialect(
        integerType: "INTEGER", bytesType: "BLOB", serialKey: "INTEGER PRIMARY KEY", clustered: " WITHOUT ROWID")

    package init(integerType: String, bytesType: String, serialKey: String, clustered: String) {
        self.integerType = integerType
        self.bytesType = bytesType
        self.serialKey = serialKey
        self.clustered = clustered
    }

    /// Fills in the marks that schema scripts use for what differs.
    func render(_ script: String) -> String {
        var out = ""
        var rest = Substring(script)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            switch rest[rest.index(after: open)..<close] {
            case "int": out += integerType
            case "bytes": out += bytesType
            case "serial": out += serialKey
            case "clustered": out += clustered
            default: preconditionFailure("unknown mark in a schema script: \(rest[open...close])")
            }
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}
