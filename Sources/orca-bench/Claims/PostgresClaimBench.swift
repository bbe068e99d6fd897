import CClaimReplay
import Glibc
import OrcaDomain
import OrcaEngine
import OrcaPostgres
import OrcaSQL
import OrcaStore
import OrcaSupport

/// Durable claims a second on Postgres, against a bare libpq loop with the same statements and the same grouping, and
/// against a queue from PyPI; and how soon the other servers hear of an event.
enum PostgresClaimBench {
    private static let tasks = 20_000
    private static let template = "orca_bench"

    static func run(_ options: BenchOptions) throws {
        guard let base = options.rest.first else {
            throw Bench.Failure(
                description: "name a cluster: postgres-claims 'postgresql:///%s?host=…' (%s is the database)")
        }
        try makeWorld(base)
        var report = BenchReport(
            "claims on Postgres (fsync on, \(tasks) tasks)",
            columns: ["claims/s", "held open/s", "C loop/s", "ratio", "group"])
        for callers in [1, 16, 64, 256] {
            let claims = callers == 1 ? 1_500 : 4_000
            var (ours, held, bare, groups): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
            for _ in 0..<options.rounds {
                let (rate, group) = try throughStore(base, callers, claims, isHeldOpen: false)
                ours.append(rate)
                groups.append(group)
                held.append(try throughStore(base, callers, claims, isHeldOpen: true).rate)
                bare.append(try bareLoop(base, claims: claims, group: max(1, Int(group.rounded()))))
            }
            report.add(
                "\(callers) claimers",
                [ours.median, held.median, bare.median, zip(ours, bare).map { $0 / $1 }.median, groups.median])
        }
        try report.finish(options)
        try SignalBench.run(uri(base, try fresh(base)), options)
        try peers(base, options)
    }

    static func uri(_ base: String, _ database: String) -> String {
        base.split(separator: "%s", omittingEmptySubsequences: false).joined(separator: database)
    }

    private static func tool(_ base: String, _ database: String) throws -> PostgresConnection {
        try PostgresConnection(try PostgresAddress(uri(base, database)), .tool, PostgresLimits())
    }

    private static func makeWorld(_ base: String) throws {
        let admin = try tool(base, "postgres")
        try admin.run(script: "DROP DATABASE IF EXISTS \(template)")
        try admin.run(script: "CREATE DATABASE \(template)")
        let address = try PostgresAddress(uri(base, template))
        try PostgresSchema.migrate(address, PostgresLimits(), now: ClaimWorld.now.milliseconds)
        let connection = try tool(base, template)
        let session = SQLSession(connection)
        let context = CommandContext(
            now: ClaimWorld.now, actor: .system, operation: "Bench", chance: Chance(seed: 7))
        try connection.run(script: "BEGIN")
        connection.memory = TransactionMemory()
        try CreateWorkspace.ensureDefault(in: session, context)
        let home = try Lookup(session).workspace("", for: .system).id
        for index in 0..<ClaimWorld.agents {
            _ = try RegisterAgent.run(
                .init(workspace: home, name: "agent-\(index)", capacity: 10_000), in: session, context)
        }
        let project = try CreateProject.run(.init(workspace: home, key: "BENCH"), in: session, context)
        for number in 1...tasks {
            var draft = TaskDraft(title: "Task number \(number)")
            draft.priority = number % 5
            _ = try CreateTask.run(.init(project: project, draft: draft), in: session, context)
        }
        try connection.memory?.settle(in: connection)
        connection.memory = nil
        try connection.run(script: "COMMIT")
        try connection.run(script: "VACUUM ANALYZE")
    }

    /// A fresh copy of the world; answers its name.
    private static func fresh(_ base: String) throws -> String {
        let name = "orca_bench_\(UInt32.random(in: 0...UInt32.max))"
        let admin = try tool(base, "postgres")
        try admin.run(script: "CREATE DATABASE \(name) TEMPLATE \(template)")
        try admin.run(script: "CHECKPOINT")
        return name
    }

    private static func drop(_ base: String, _ name: String) throws {
        try tool(base, "postgres").run(script: "DROP DATABASE \(name) WITH (FORCE)")
    }

    private static func throughStore(
        _ base: String, _ callers: Int, _ claims: Int, isHeldOpen: Bool
    ) throws -> (rate: Double, group: Double) {
        let name = try fresh(base)
        let holder = try tool(base, name)
        if isHeldOpen {
            try holder.run(
                script: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id(); SELECT count(*) FROM tasks"
            )
        }
        let store = try PostgresStore(try PostgresAddress(uri(base, name)), now: 0)
        let result = Blocking.run {
            let measured = try await ClaimRace.run(on: store, callers: callers, claims: claims)
            await store.close()
            return measured
        }
        if isHeldOpen { try holder.run(script: "ROLLBACK") }
        try drop(base, name)
        return try result.get()
    }

    private static func bareLoop(_ base: String, claims: Int, group: Int) throws -> Double {
        let (recorded, replayed) = (try fresh(base), try fresh(base))
        let trace = ClaimTrace(try tool(base, recorded))
        let home = try Lookup(SQLSession(trace)).workspace("", for: .system).id
        let project = try Lookup(SQLSession(trace)).project("BENCH", in: home)
        let writer = ClaimTrace(try tool(base, recorded))
        let chance = Chance(seed: 3)
        try writer.run(script: "BEGIN")
        for index in 0..<claims {
            if index % group == 0 { writer.memory = TransactionMemory() }
            try writer.claim(endsGroup: index % group == group - 1) {
                try ClaimRace.claim(for: index % ClaimWorld.agents, home, project, in: $0, chance)
            }
        }
        try writer.run(script: "COMMIT")
        let rate = Double(claims) / (try writer.replay(onPostgres: uri(base, replayed), group: group))
        for name in [recorded, replayed] { try drop(base, name) }
        return rate
    }

    // MARK: Peers

    private static func peers(_ base: String, _ options: BenchOptions) throws {
        let python = ProcessEnvironment.current["BENCH_PYTHON"] ?? "python3"
        var report = BenchReport("the same with procrastinate from PyPI (fetch_job)", columns: ["jobs/s"])
        try tool(base, "postgres").run(script: "DROP DATABASE IF EXISTS orca_peer")
        try tool(base, "postgres").run(script: "CREATE DATABASE orca_peer")
        let result = try Subprocess.run(
            SubprocessCommand(python, ["scripts/bench.d/peer_postgres.py", uri(base, "orca_peer")]),
            timeout: .seconds(300))
        guard result.status.isSuccess else { throw Bench.Failure(description: result.errorText) }
        for line in result.outputText.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2, let rate = Double(parts[1]) { report.add(String(parts[0]), [rate]) }
        }
        try report.finish(options)
    }
}

extension ClaimTrace {
    /// Runs what was recorded against a copy of the database. Answers seconds.
    func replay(onPostgres uri: String, group: Int) throws -> Double {
        let texts = statements.map { strdup(dialect.statement($0)) }
        defer { for text in texts { free(text) } }
        let pointers = texts.map { UnsafePointer($0) }
        let nanoseconds = orca_claim_replay_postgres(
            uri, pointers, Int32(pointers.count), bytes, bytes.count, Int32(group))
        guard nanoseconds > 0 else { throw Bench.Failure(description: "the libpq loop failed") }
        return Double(nanoseconds) / 1e9
    }
}
