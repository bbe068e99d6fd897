import OrcaSQL
import OrcaSQLite
import OrcaSupport
import OrcaTestKit
import Testing

/// Field failure "bounded": with a million tasks every question is still answered, room comes back, and a repair ends
/// while others write.
@Suite struct BoundedTests {
    private static let tasks = 1_000_000
    /// Far above what it takes, far below what a person would wait: a scan over everything would show.
    private static let patience = Duration.seconds(5)

    @Test(.timeLimit(.minutes(5))) func aMillionTasksAreNoBurden() throws {
        let place = try Installation()
        try place.orca("project", "create", "BIG", "--name", "Big")
        try place.orca("project", "create", "SMALL", "--name", "Small")
        try place.orca("add", "Pattern", "-p", "BIG")
        try place.orca("stop")
        try Self.multiply(place.places.database)

        func timed(_ arguments: String..., code: Int32 = 0) throws -> String {
            let clock = ContinuousClock.now
            let answer = try place.answer(arguments)
            let took = ContinuousClock.now - clock
            #expect(answer.code == code, "\(arguments): \(answer.errorText)")
            #expect(took < Self.patience, "\(arguments) took \(took)")
            return answer.outputText
        }
        _ = try timed("list", "-p", "SMALL")  // starts the server
        #expect(try timed("list", "-p", "BIG", "--limit", "3", "--quiet").split(separator: "\n").count == 3)
        #expect(try timed("ready", "-p", "BIG", "--limit", "3", "--quiet").split(separator: "\n").count == 3)
        let best = try timed("claim", "-p", "BIG", "--agent", "a", "--quiet").split(separator: "\n").first ?? ""
        #expect(best.hasPrefix("BIG-"))
        _ = try timed("release", String(best))
        #expect(try timed("claim", "BIG-777777", "--agent", "b").contains("BIG-777777"))
        #expect(try timed("explain", "BIG-777777").contains("b"))
        #expect(try timed("explain", "BIG-500000").contains("BIG-500000"))
        _ = try timed("done", "BIG-777777")
        _ = try timed("task", "delete", "BIG-500000")
        _ = try timed("show", "BIG-500000", code: 3)
        #expect(try timed("project", "show", "BIG").contains("BIG"))

        let writer = try SupervisedProcess(
            place.command("/bin/sh", ["-c", "for i in 1 2 3 4 5 6 7 8; do orca add w$i -p SMALL --quiet; done"]))
        defer { writer.end() }
        let repair = try place.answer(["doctor", "--fix", "--timeout", "100s"])
        #expect(repair.code == 0, "\(repair.outputText)\(repair.errorText)")
        _ = try writer.follow(until: .after(.seconds(60))) { _ in }
        #expect(try place.orca("list", "-p", "SMALL", "--quiet").split(separator: "\n").count == 8)

        // Room comes back: what was deleted takes none of the store's pages any more.
        let before = try Self.bytes(place)
        let deletion = try place.answer(["project", "delete", "BIG", "--force", "--timeout", "110s"])
        #expect(deletion.code == 0, "\(deletion.errorText)")
        #expect(try Self.bytes(place) < before / 20)
        _ = try timed("list", "-p", "SMALL")
    }

    /// What the rows of the store take together, as `orca du` says.
    private static func bytes(_ place: Installation) throws -> Int64 {
        let answer = try JSONValue(jsonBytes: Array(place.orca("du", "--json").utf8))
        guard case .array(let kinds)? = answer["usage"] else {
            throw UnknownShape(said: String(decoding: answer.jsonBytes(), as: UTF8.self))
        }
        return kinds.reduce(0) { $0 + (Int64($1["bytes"]?.stringValue ?? "") ?? 0) }
    }

    private struct UnknownShape: Error { let said: String }

    /// Copies the one task that is there, row by row and with all that stands beside it, in the store's own tables.
    private static func multiply(_ path: String) throws {
        let store = try SQLiteConnection(.readWrite(path: path))
        let columns = try store.query(SQL("SELECT name FROM pragma_table_info('tasks') ORDER BY cid"), []) {
            $0.text(0)
        }
        let bodies = try store.query(SQL("SELECT name FROM pragma_table_info('task_bodies') ORDER BY cid"), []) {
            $0.text(0)
        }
        func copy(_ column: String) -> String {
            switch column {
            case "id", "task_id": "printf('task_%026d', n)"
            case "ref": "'BIG-' || n"
            case "number": "n"
            default: column
            }
        }
        let numbers =
            "WITH RECURSIVE numbers(n) AS (VALUES (2) UNION ALL SELECT n + 1 FROM numbers WHERE n < \(tasks))"
        try store.run(
            script: """
                PRAGMA synchronous = OFF;
                CREATE TEMP TABLE pattern AS SELECT * FROM tasks;
                CREATE TEMP TABLE pattern_body AS SELECT * FROM task_bodies;
                BEGIN;
                \(numbers) INSERT INTO tasks (\(columns.joined(separator: ", ")))
                    SELECT \(columns.map(copy).joined(separator: ", ")) FROM numbers, pattern;
                \(numbers) INSERT INTO task_bodies (\(bodies.joined(separator: ", ")))
                    SELECT \(bodies.map(copy).joined(separator: ", ")) FROM numbers, pattern_body;
                UPDATE project_counts SET ready = \(tasks) WHERE ready = 1;
                UPDATE projects SET last_number = \(tasks) WHERE key = 'BIG';
                COMMIT;
                PRAGMA wal_checkpoint(TRUNCATE);
                """)
    }
}
