/// A table as it is in a database, for what copies all of them alike.
package struct TableImage: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case integer, text, bytes
    }

    package struct Column: Sendable, Hashable {
        package var name: String
        package var kind: Kind
    }

    package var name: String
    package var columns: [Column]
    /// Columns of the primary key, in its order.
    package var key: [String]

    /// How many rows are read at once.
    private static let batch = 500
    /// What belongs to a database and not to what is kept in it.
    private static let local: Set<String> = ["schema_migrations", "schema_window", "servers", "leadership"]

    /// All tables that hold state, by name.
    package static func all(of db: any SQLConnection) throws -> [TableImage] {
        let rows = try db.query(db.dialect.catalogue, []) {
            (table: $0.text(0), column: $0.text(1), type: $0.text(2), key: $0.int(3))
        }
        var tables: [String: TableImage] = [:]
        var keys: [String: [(Int, String)]] = [:]
        for row in rows where !local.contains(row.table) {
            let kind: Kind =
                switch row.type.lowercased() {
                case "integer", "bigint": .integer
                case "blob", "bytea": .bytes
                default: .text
                }
            tables[row.table, default: TableImage(name: row.table, columns: [], key: [])].columns.append(
                Column(name: row.column, kind: kind))
            if row.key > 0 { keys[row.table, default: []].append((row.key, row.column)) }
        }
        return tables.values.map { table in
            var table = table
            table.key = (keys[table.name] ?? []).sorted { $0.0 < $1.0 }.map(\.1)
            table.columns.sort { $0.name < $1.name }
            return table
        }.sorted { $0.name < $1.name }
    }

    package func isEmpty(in db: any SQLConnection) throws -> Bool {
        // Names come from the schema, here and below, never from outside.
        try db.query(SQL("SELECT 1 FROM \(name) LIMIT 1"), []) { _ in }.isEmpty
    }

    /// Hands over every row in the order of the key, the values in the order of `columns`.
    package func read(from db: any SQLConnection, _ body: ([SQLValue]) throws -> Void) throws {
        let names = columns.map(\.name).joined(separator: ", ")
        let order = key.joined(separator: ", ")
        let marks = key.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        let first = SQL("SELECT \(names) FROM \(name) ORDER BY \(order) LIMIT \(Self.batch)")
        let next = SQL(
            "SELECT \(names) FROM \(name) WHERE (\(order)) > (\(marks)) ORDER BY \(order) LIMIT \(Self.batch)")
        let positions = key.compactMap { name in columns.firstIndex { $0.name == name } }
        var last: [SQLValue] = []
        while true {
            let rows = try db.query(last.isEmpty ? first : next, last, value)
            for row in rows { try body(row) }
            guard rows.count == Self.batch, let end = rows.last else { return }
            last = positions.map { end[$0] }
        }
    }

    private func value(_ row: any SQLRow) -> [SQLValue] {
        columns.enumerated().map { index, column in
            if row.isNull(index) { return .null }
            switch column.kind {
            case .integer: return .integer(row.integer(index))
            case .text: return .text(row.text(index))
            case .bytes: return .bytes(row.bytes(index))
            }
        }
    }

    /// A statement that puts in one row with the values of these columns.
    package func insertion(of names: [String]) -> SQL {
        let marks = names.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        return SQL("INSERT INTO \(name) (\(names.joined(separator: ", "))) VALUES (\(marks))")
    }

    /// Has the numbers that the engine gives by itself go on after those that were put in.
    package func continueNumbers(in db: any SQLConnection) throws {
        guard key.count == 1, columns.contains(Column(name: key[0], kind: .integer)) else { return }
        if let script = db.dialect.continueNumbers(table: name, column: key[0]) { try db.run(script: script) }
    }
}

extension SQLDialect {
    /// Table, column, type, and place in the primary key or 0, in the order of the columns.
    fileprivate var catalogue: SQL {
        parameterMark == "?"
            ? SQL(
                """
                SELECT m.name, c.name, c.type, c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid
                """)
            : SQL(
                """
                SELECT t.relname::text, a.attname::text, format_type(a.atttypid, NULL),
                    coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
                FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisprimary
                WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
                ORDER BY t.relname, a.attnum
                """)
    }

    fileprivate func continueNumbers(table: String, column: String) -> String? {
        guard parameterMark == "$" else { return nil }
        return """
            SELECT setval(s, (SELECT coalesce(max(\(column)), 0) FROM \(table)) + 1, false)
            FROM pg_get_serial_sequence('\(table)', '\(column)') AS s WHERE s IS NOT NULL
            """
    }
}
