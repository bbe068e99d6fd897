import OrcaPostgres
import OrcaSQL
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// What a connection promises those who write SQL.
@Suite struct PostgresConnectionTests {
    private func connection() throws -> PostgresConnection {
        let made = try PostgresConnection(
            try PostgresCluster.shared().database(isMigrated: false), .writer, PostgresLimits())
        try made.run(script: "CREATE TABLE things (id BIGINT PRIMARY KEY, word TEXT, data BYTEA)")
        return made
    }

    private static let insert = SQL("INSERT INTO things (id, word, data) VALUES (?1, ?2, ?3)")
    private static let all = SQL("SELECT id, word, data, word IS NULL FROM things ORDER BY id")

    @Test func everyKindOfValueComesBackAsItWas() throws {
        let db = try connection()
        let words: [String?] = [
            nil, "", "plain", "“ö” ✓ '?1' $1 a\0b\u{10}c\u{10}0", String(repeating: "long ", count: 20_000),
        ]
        let numbers: [Int64] = [.min, -1, 0, 256, .max]
        let bytes: [UInt8] = [0, 1, 0xFF, 0]
        for (number, word) in zip(numbers, words) {
            try db.post(Self.insert, [.integer(number), .optional(word), .bytes(number == 0 ? [] : bytes)])
        }
        let found = try db.query(Self.all, []) {
            ($0.integer(0), $0.optionalText(1), $0.bytes(2), $0.flag(3))
        }
        #expect(found.map(\.0) == numbers)
        #expect(found.map(\.1) == words)
        #expect(found.map(\.2) == [bytes, bytes, [], bytes, bytes])
        #expect(found.map(\.3) == [true, false, false, false, false])
    }

    @Test func aQuestionMarkInQuotesIsNoParameter() throws {
        let db = try connection()
        let statement = SQL("SELECT '?1' || \"word?\", ?1 FROM (SELECT 'x' AS \"word?\") AS t")
        #expect(try db.first(statement, [.text("y")]) { [$0.text(0), $0.text(1)] } == ["?1x", "y"])
    }

    @Test func whatWasPostedFailsWithTheNextCallAndOnlyIt() throws {
        let db = try connection()
        try db.execute(SQL("BEGIN"), [])
        try db.post(Self.insert, [.integer(1), .null, .bytes([])])
        try db.execute(SQL("SAVEPOINT here"), [])
        try db.post(Self.insert, [.integer(1), .null, .bytes([])])
        let error = #expect(throws: StoreError.self) { try db.query(Self.all, []) { $0.integer(0) } }
        guard case .staleWrite = try #require(error) else {
            Issue.record("a second row with the key is told as \(String(describing: error))")
            return
        }
        #expect(db.isTransactionFailed)
        try db.execute(SQL("ROLLBACK TO here"), [])
        #expect(try db.query(Self.all, []) { $0.integer(0) } == [1])
        try db.execute(SQL("COMMIT"), [])
    }

    @Test func aClaimOnRowsIsHeldToIt() throws {
        let db = try connection()
        try db.post(SQL("DELETE FROM things"), [], RowClaim(rows: 1, what: "the thing"))
        #expect(throws: StoreError.staleWrite("the thing")) { try db.flush() }
        #expect(try db.query(Self.all, []) { $0.integer(0) }.isEmpty)
    }

    @Test func errorsDoNotShowValues() throws {
        let db = try connection()
        let error = #expect(throws: StoreError.self) {
            try db.query(SQL("SELECT ?1::text::bigint"), [.text("secret-word")]) { $0.integer(0) }
        }
        #expect(!String(describing: try #require(error)).contains("secret"))
    }

    /// On tables without rows and without statistics, where a planner left to itself reads everything.
    @Test func everyHotStatementGoesThroughItsIndex() throws {
        let db = try PostgresConnection(try PostgresCluster.shared().database(), .reader, PostgresLimits())
        for (number, hot) in HotStatements.all.enumerated() {
            let text = db.dialect.statement(hot.statement)
            let count = text.split(separator: "$").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }.max() ?? 0
            try db.run(script: "PREPARE hot_\(number) AS \(text)")
            let nulls = Array(repeating: "NULL", count: count).joined(separator: ", ")
            let plan = try db.query(SQL("EXPLAIN EXECUTE hot_\(number)\(count > 0 ? "(\(nulls))" : "")"), []) {
                $0.text(0)
            }
            let steps = plan.joined(separator: "; ")
            #expect(!steps.contains("Seq Scan") && !steps.contains("Sort"), "\(hot.name): \(steps)")
        }
    }

    @Test func addressesAreShownWithoutTheirSecrets() throws {
        let address = try PostgresAddress("postgresql://me:hidden@db.example:5433/work?sslmode=require")
        #expect(address.display == "postgres:work@db.example:5433")
        #expect(address.hasPassword)
        let error = #expect(throws: StoreError.self) { _ = try PostgresAddress("postgresql://me:hid den@[x/y") }
        #expect(!String(describing: try #require(error)).contains("hid"))
        #expect(PostgresAddress.isMeant(by: "postgres://x") && !PostgresAddress.isMeant(by: "/a/postgres.db"))
    }
}
