import OrcaDomain
import OrcaStore

/// What a transaction that many commands share remembers between them, so that each need not ask or write again: numbers
/// that almost every command changes, rows that almost every command reads, and the beginning of the claim queue.
///
/// Written once at the end, a counter leaves one dead version behind and not one for every command. While somebody holds
/// a transaction open, dead versions cannot be cleared away and everybody has to walk past them.
///
/// Only right while nobody else writes: for a connection that holds the writers' lock.
package final class TransactionMemory {
    struct Counter<Value> {
        var value: Value
        var isChanged = false
    }

    private struct State {
        var sequences: [String: Counter<Int64>] = [:]
        var counts: [String: Counter<[Int64]>] = [:]
        var numbers: [String: Counter<Int64>] = [:]
        var workspaces: [WorkspaceKey: Workspace] = [:]
        var projects: [ProjectKey: Project] = [:]
        var queue = QueueMemory()
    }

    private var state = State()
    private var mark = State()

    package init() {}

    // MARK: Commands

    package func beginCommand() { mark = state }

    /// What the command changed is undone in the database as well.
    package func undoCommand() { state = mark }

    /// Writes down what is only known here. To be called before the commit, and before anybody looks at the tables
    /// themselves.
    package func settle(in db: any SQLConnection) throws {
        for (workspace, counter) in state.sequences where counter.isChanged {
            try db.post(
                Self.setSequence, [.text(workspace), .integer(counter.value)],
                RowClaim(rows: 1, what: "workspace \(workspace)"))
        }
        for (project, counter) in state.counts where counter.isChanged {
            try db.post(
                Self.setCounts, [.text(project)] + counter.value.map { .integer($0) },
                RowClaim(rows: 1, what: "counts of project \(project)"))
        }
        for (project, counter) in state.numbers where counter.isChanged {
            try db.post(
                Self.setNumber, [.text(project), .integer(counter.value)],
                RowClaim(rows: 1, what: "project \(project)"))
        }
        // The mark stays: a command that is undone takes what was written here with it.
        state = State()
    }

    private static let setSequence = SQL("UPDATE workspaces SET event_last = ?2 WHERE id = ?1")
    private static let setNumber = SQL("UPDATE projects SET last_number = ?2 WHERE id = ?1")
    private static let setCounts = SQL(
        """
        UPDATE project_counts SET pending = ?2, ready = ?3, dispatched = ?4, blocked = ?5, completed = ?6, failed = ?7,
            canceled = ?8
        WHERE project_id = ?1
        """)

    // MARK: Counters

    /// The number of the last event.
    func lastSequence(of workspace: String, read: () throws -> Int64?) rethrows -> Int64? {
        try Self.value(&state.sequences, workspace, read)
    }

    func nextSequence(of workspace: String, read: () throws -> Int64?) rethrows -> Int64? {
        try Self.next(&state.sequences, workspace, read)
    }

    /// The number of the last task.
    func lastNumber(of project: String) -> Int64? { state.numbers[project]?.value }

    func nextNumber(of project: String, read: () throws -> Int64?) rethrows -> Int64? {
        try Self.next(&state.numbers, project, read)
    }

    func counts(of project: String, read: () throws -> [Int64]?) rethrows -> [Int64]? {
        try Self.value(&state.counts, project, read)
    }

    func setCounts(of project: String, to counts: [Int64]) {
        state.counts[project] = Counter(value: counts, isChanged: true)
    }

    private static func value<Value>(
        _ counters: inout [String: Counter<Value>], _ key: String, _ read: () throws -> Value?
    ) rethrows -> Value? {
        if let known = counters[key] { return known.value }
        guard let found = try read() else { return nil }
        counters[key] = Counter(value: found)
        return found
    }

    private static func next(
        _ counters: inout [String: Counter<Int64>], _ key: String, _ read: () throws -> Int64?
    ) rethrows -> Int64? {
        guard let last = try value(&counters, key, read) else { return nil }
        counters[key] = Counter(value: last + 1, isChanged: true)
        return last + 1
    }

    // MARK: Rows

    enum WorkspaceKey: Hashable {
        case id(String)
        case name(String)
    }

    enum ProjectKey: Hashable {
        case id(String)
        case key(String, workspace: String)
    }

    func workspace(_ key: WorkspaceKey, read: () throws -> Workspace?) rethrows -> Workspace? {
        try Self.row(&state.workspaces, key, read)
    }

    func project(_ key: ProjectKey, read: () throws -> Project?) rethrows -> Project? {
        var project = try Self.row(&state.projects, key, read)
        if let id = project?.id.text, let last = lastNumber(of: id) { project?.lastNumber = Int(last) }
        return project
    }

    /// What is not there is asked for again: the next command may make it.
    private static func row<Key: Hashable, Row>(
        _ rows: inout [Key: Row], _ key: Key, _ read: () throws -> Row?
    ) rethrows -> Row? {
        if let known = rows[key] { return known }
        let found = try read()
        rows[key] = found
        return found
    }

    func workspacesChanged() { state.workspaces.removeAll() }

    func projectsChanged() { state.projects.removeAll() }

    /// Its row and what hangs on it are being deleted.
    func forget(workspace: String) {
        state.sequences[workspace] = nil
        workspacesChanged()
        state.queue = QueueMemory()
    }

    func forget(project: String) {
        state.counts[project] = nil
        state.numbers[project] = nil
        projectsChanged()
        state.queue = QueueMemory()
    }

    // MARK: The claim queue

    var queue: QueueMemory {
        get { state.queue }
        _modify { yield &state.queue }
    }
}
