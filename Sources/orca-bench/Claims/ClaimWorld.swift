import Glibc
import OrcaDomain
import OrcaEngine
import OrcaSQL
import OrcaSQLite
import OrcaStore
import OrcaSupport

/// A database with many ready tasks and some agents, copied fresh for every measurement.
struct ClaimWorld {
    let template: String
    let tasks: Int
    static let agents = 256

    /// Makes the database once; later calls with the same size find it.
    init(tasks: Int, in folder: String) throws {
        self.tasks = tasks
        template = "\(folder)/tasks-\(tasks).db"
        guard Files.size(template) == nil else { return }
        let connection = try SQLiteConnection(.readWrite(path: template))
        try Migrator.migrate(connection, now: Self.now.milliseconds)
        let session = SQLSession(connection)
        let chance = Chance(seed: 7)
        let context = CommandContext(now: Self.now, actor: .system, operation: "Bench", chance: chance)
        try connection.run(script: "PRAGMA synchronous = OFF; BEGIN")
        try CreateWorkspace.ensureDefault(in: session, context)
        let home = try Lookup(session).workspace("", for: .system).id
        for index in 0..<Self.agents {
            _ = try RegisterAgent.run(
                .init(workspace: home, name: "agent-\(index)", capacity: 10_000), in: session, context)
        }
        let project = try CreateProject.run(.init(workspace: home, key: "BENCH"), in: session, context)
        for number in 1...tasks {
            if number % 20_000 == 0 { try connection.run(script: "COMMIT; BEGIN") }
            var draft = TaskDraft(title: "Task number \(number)")
            draft.priority = number % 5
            _ = try CreateTask.run(.init(project: project, draft: draft), in: session, context)
        }
        try connection.run(script: "COMMIT; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
    }

    static let now = Timestamp(milliseconds: SystemTime.wallMilliseconds())

    /// A copy to work on, already flushed to the disk.
    func copy(_ name: String) throws -> String {
        let path = template + "." + name
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
        let result = try Subprocess.run(
            SubprocessCommand("cp", [template, path], environment: ["PATH": "/usr/bin:/bin"]), timeout: .seconds(120))
        guard result.status.isSuccess else { throw Bench.Failure(description: "cp failed: \(result.errorText)") }
        sync()
        return path
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
    }
}
