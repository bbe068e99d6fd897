package import OrcaDomain
import OrcaStore

struct SQLDependencies: DependencyCollection {
    let db: any SQLConnection

    private static let columns = "task_id, depends_on, policy"
    static let ofTask = SQL("SELECT \(columns) FROM dependencies WHERE task_id = ?1 ORDER BY depends_on")
    static let onTask = SQL(
        "SELECT \(columns) FROM dependencies WHERE depends_on = ?1 ORDER BY task_id LIMIT ?2")
    private static let one = SQL("SELECT \(columns) FROM dependencies WHERE task_id = ?1 AND depends_on = ?2")
    private static let ofProject = SQL(
        """
        SELECT dependencies.task_id, dependencies.depends_on, dependencies.policy
        FROM tasks JOIN dependencies ON dependencies.task_id = tasks.id
        WHERE tasks.project_id = ?1 ORDER BY tasks.id, dependencies.depends_on LIMIT ?2
        """)

    func dependencies(of task: TaskID) throws -> [Dependency] {
        try db.query(Self.ofTask, [.text(task.text)], Self.read)
    }

    func dependents(of task: TaskID, limit: Int) throws -> [Dependency] {
        try db.query(Self.onTask, [.text(task.text), .integer(limit)], Self.read)
    }

    func find(task: TaskID, dependsOn: TaskID) throws -> Dependency? {
        try db.first(Self.one, [.text(task.text), .text(dependsOn.text)], Self.read)
    }

    func edges(in project: ProjectID, limit: Int) throws -> [Dependency] {
        try db.query(Self.ofProject, [.text(project.text), .integer(limit)], Self.read)
    }

    private static func read(_ row: any SQLRow) throws -> Dependency {
        Dependency(
            task: TaskID(stored: row.text(0)), dependsOn: TaskID(stored: row.text(1)),
            policy: try Dependency.Policy.stored(row.text(2)))
    }
}

extension SQLSession {
    private static let insertDependency = SQL(
        "INSERT INTO dependencies (task_id, depends_on, policy) VALUES (?1, ?2, ?3)")
    private static let setDependencyPolicy = SQL(
        "UPDATE dependencies SET policy = ?3 WHERE task_id = ?1 AND depends_on = ?2")
    private static let deleteDependency = SQL("DELETE FROM dependencies WHERE task_id = ?1 AND depends_on = ?2")

    package func insert(_ dependency: Dependency) throws {
        try db.post(Self.insertDependency, parameters(dependency))
    }

    package func setPolicy(_ dependency: Dependency) throws {
        try updateOne(Self.setDependencyPolicy, parameters(dependency), "dependency of \(dependency.task)")
    }

    package func delete(_ dependency: Dependency) throws {
        try db.post(Self.deleteDependency, [.text(dependency.task.text), .text(dependency.dependsOn.text)])
    }

    private func parameters(_ dependency: Dependency) -> [SQLValue] {
        [.text(dependency.task.text), .text(dependency.dependsOn.text), .text(dependency.policy.rawValue)]
    }
}
