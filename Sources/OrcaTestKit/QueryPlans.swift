import OrcaSQL
import OrcaSQLite

/// How the database would carry out the statements that run for every claim.
package enum QueryPlans {
    package struct Plan: Sendable {
        package var name: String
        package var steps: [String]
    }

    package static func ofHotStatements() throws -> [Plan] {
        let connection = try SQLiteConnection(.memory)
        try Migrator.migrate(connection, now: 0)
        return try HotStatements.all.map { name, statement in
            let explain = SQL("EXPLAIN QUERY PLAN " + statement.text)
            let count = parameterCount(statement.text)
            let steps = try connection.query(explain, Array(repeating: .null, count: count)) { $0.text(3) }
            return Plan(name: name, steps: steps)
        }
    }

    private static func parameterCount(_ text: String) -> Int {
        text.split(separator: "?").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }.max() ?? 0
    }
}
