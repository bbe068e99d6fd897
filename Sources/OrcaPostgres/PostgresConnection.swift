import CPostgres
package import OrcaSQL
import OrcaStore

/// One connection to Postgres, in pipeline mode: what nobody waits for is sent along with the next statement that
/// somebody does. Not safe for two threads at once: its owner is one thread.
package final class PostgresConnection: SQLConnection {
    package enum Role: Sendable {
        /// Refused by a replica.
        case writer
        case reader
        /// Listens, and holds the locks of sessions.
        case presence
        /// Migrates, copies, checks: may take as long as it takes.
        case tool
    }

    private struct Sent {
        var prepares: ObjectIdentifier?
        var claim: RowClaim?
    }

    /// Before this many answers are outstanding, somebody waits for them.
    private static let sentMax = 200
    /// Pipelines are older, `pg_xact_status` and its kin are not.
    private static let oldestServer: Int32 = 130_000

    package let dialect = SQLDialect.postgres
    let handle: OpaquePointer
    /// The statement is kept along: its identity is the key and must not be used again.
    private var prepared: [ObjectIdentifier: (name: String, statement: SQL)] = [:]
    private var preparedCount = 0
    private var sent: [Sent] = []
    private var isLost = false
    private var isPiped = false

    /// Set for as long as this connection holds the writers' lock.
    package var memory: TransactionMemory? {
        didSet { isSpoiled = false }
    }

    /// How many statements that may change something were sent.
    private(set) var writeCount = 0
    /// Something that was posted has failed in the open transaction, whoever was told.
    private(set) var isSpoiled = false

    package init(_ address: PostgresAddress, _ role: Role, _ limits: PostgresLimits) throws {
        let settings: [(String, String)] = [
            ("connect_timeout", String(limits.connectSeconds)), ("client_encoding", "UTF8"),
            ("fallback_application_name", "orcad"), ("keepalives", "1"), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", String(limits.idleInTransactionMS)),
            ("target_session_attrs", role == .writer || role == .presence ? "read-write" : "any"),
            // The last, so that what the address says is what counts.
            ("dbname", address.text),
        ]
        let opened = CStringList.with(settings.map(\.0)) { keywords in
            CStringList.with(settings.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened, PQstatus(opened) == CONNECTION_OK else {
            defer { PQfinish(opened) }
            throw PostgresFailure.refused(opened)
        }
        handle = opened
        // Everything that counts comes back as an error; the rest would go to our standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        let version = PQserverVersion(handle)
        guard version >= Self.oldestServer else {
            throw StoreError.cannotOpen("it is Postgres \(version / 10_000); Orca needs 13 or newer")
        }
        try run(script: Self.session(role, limits))
    }

    deinit { PQfinish(handle) }

    /// Plans must not depend on what the statistics of a young table say: every statement that runs often has its index,
    /// so sequences and sorts are only for those that cannot do without.
    private static func session(_ role: Role, _ limits: PostgresLimits) -> String {
        let isTool = role == .tool
        var script = """
            SET client_min_messages = warning; SET standard_conforming_strings = on; SET jit = off;
            SET statement_timeout = \(isTool ? 0 : limits.statementMS);
            SET lock_timeout = \(limits.lockMS);
            SET idle_in_transaction_session_timeout = \(isTool ? 0 : limits.idleInTransactionMS);
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off';
            """
        if !isTool {
            script += """
                SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
                SET plan_cache_mode = force_generic_plan;
                """
        }
        if role == .presence { script += "SET synchronous_commit = off" }
        return script
    }

    // MARK: State

    /// False once the connection is gone; it never comes back.
    package var isAlive: Bool { !isLost && PQstatus(handle) == CONNECTION_OK }

    /// Whether a statement failed in the open transaction, so that it takes no more of them.
    package var isTransactionFailed: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }

    package var isInTransaction: Bool {
        [PQTRANS_INTRANS, PQTRANS_INERROR, PQTRANS_ACTIVE].contains(PQtransactionStatus(handle))
    }

    package var processID: Int32 { PQbackendPID(handle) }

    // MARK: Statements

    @discardableResult
    package func execute(_ statement: SQL, _ parameters: [SQLValue]) throws -> Int {
        try send(statement, parameters, nil)
        return try collect { Self.changed($0) } ?? 0
    }

    package func post(_ statement: SQL, _ parameters: [SQLValue], _ claim: RowClaim?) throws {
        try send(statement, parameters, claim)
        if sent.count >= Self.sentMax { try flush() }
    }

    package func query<Row>(
        _ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row
    ) throws -> [Row] {
        try send(statement, parameters, nil)
        let rows = try collect { result in
            try (0..<PQntuples(result)).map { try read(PostgresRow(result: result, row: $0)) }
        }
        return rows ?? []
    }

    /// Waits for everything that was posted.
    package func flush() throws {
        if !sent.isEmpty { _ = try collect { _ in } }
    }

    package func run(script: String) throws {
        try flush()
        if isPiped {
            PQexitPipelineMode(handle)
            isPiped = false
        }
        guard let result = PQexec(handle, script) else { throw lost() }
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(status) else {
            if PQstatus(handle) != CONNECTION_OK { throw lost() }
            throw PostgresFailure.error(result)
        }
    }

    private func send(_ statement: SQL, _ parameters: [SQLValue], _ claim: RowClaim?) throws {
        if !isPiped {
            guard isAlive, PQenterPipelineMode(handle) == 1 else { throw lost() }
            isPiped = true
        }
        if statement.isWriting { writeCount += 1 }
        let bound = BoundParameters(parameters)
        let name = try prepare(statement, bound)
        let isSent = bound.with { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw lost() }
        sent.append(Sent(prepares: nil, claim: claim))
    }

    private func prepare(_ statement: SQL, _ bound: BoundParameters) throws -> String {
        let key = ObjectIdentifier(statement)
        if let known = prepared[key] { return known.name }
        preparedCount += 1
        let name = "o\(preparedCount)"
        let text = dialect.statement(statement)
        guard PQsendPrepare(handle, name, text, Int32(bound.types.count), bound.types) == 1 else { throw lost() }
        prepared[key] = (name, statement)
        sent.append(Sent(prepares: key, claim: nil))
        return name
    }

    // MARK: Answers

    /// Takes in the answers to everything that was sent, and reads the last one. Throws the first thing that went wrong;
    /// Postgres carried out nothing of what came after it.
    private func collect<Value>(_ read: (OpaquePointer) throws -> Value) throws -> Value? {
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        var answers: [OpaquePointer] = []
        defer { for answer in answers { PQclear(answer) } }
        let expected = sent
        sent.removeAll(keepingCapacity: true)
        var failure: (any Error)?
        for item in expected {
            guard let answer = PQgetResult(handle) else { throw lost() }
            answers.append(answer)
            if let error = check(answer, item), failure == nil { failure = error }
            while let more = PQgetResult(handle) { answers.append(more) }
            if PQstatus(handle) != CONNECTION_OK { throw lost() }
        }
        guard let end = PQgetResult(handle) else { throw lost() }
        answers.append(end)
        guard PQresultStatus(end) == PGRES_PIPELINE_SYNC else { throw lost() }
        if let failure {
            isSpoiled = true
            throw failure
        }
        // Before the end there is the last answer, if anything was sent.
        return try expected.isEmpty ? nil : read(answers[answers.count - 2])
    }

    private func check(_ answer: OpaquePointer, _ item: Sent) -> (any Error)? {
        switch PQresultStatus(answer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
            guard let claim = item.claim, Self.changed(answer) != claim.rows else { return nil }
            return StoreError.staleWrite(claim.what)
        case PGRES_PIPELINE_ABORTED:
            // It was never carried out, because of what failed before it.
            if let key = item.prepares { prepared[key] = nil }
            return StoreError.failed("a statement before it failed")
        default:
            if let key = item.prepares { prepared[key] = nil }
            let error = PostgresFailure.error(answer)
            // A server that shuts down says so and hangs up; nothing more comes over this connection.
            if case .unavailable = error, PQresultErrorField(answer, Int32(UInt8(ascii: "S"))).map({ $0[0] }) == 70 {
                isLost = true  // severity FATAL
            }
            return error
        }
    }

    private static func changed(_ answer: OpaquePointer) -> Int {
        Int(String(cString: PQcmdTuples(answer))) ?? 0
    }

    private func lost() -> StoreError {
        isLost = true
        return PostgresFailure.lost(handle)
    }
}

extension SQL {
    /// Whether it may change something.
    var isWriting: Bool { !text.utf8.starts(with: "SELECT".utf8) && !text.utf8.starts(with: "WITH".utf8) }
}

/// Strings as vectors of C strings.
enum CStringList {
    static func with<Result>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
        let copies = strings.map { Array($0.utf8CString) }
        return lend(copies[...], [], body)
    }

    private static func lend<Result>(
        _ rest: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?],
        _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        guard let first = rest.first else { return body(pointers + [nil]) }
        return first.withUnsafeBufferPointer { lend(rest.dropFirst(), pointers + [$0.baseAddress], body) }
    }
}
