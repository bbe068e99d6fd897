import OrcaDomain
import OrcaStore

/// What a transaction that many commands share remembers between them, so that each need not ask or write again: numbers
/// that almost every command changes, and where the claim queue begins.
///
/// Written once at the end, a counter leaves one dead version behind and not one for every command. While somebody holds
/// a transaction open, dead versions cannot be cleared away and everybody has to walk past them.
///
/// Only right while nobody else writes: for a connection that holds the writers' lock.
package final class TransactionMemory {
    struct QueueKey: Hashable {
        var project: String
        var requirement: Int64
    }

    /// The first place of the queue where a task may stand.
    struct QueueHead {
        var priority: Int64
        var id: String
    }

    struct Counter<Value> {
        var value: Value
        var isChanged = false
    }

    private struct State {
        var sequences: [String: Counter<Int64>] = [:]
        var counts: [String: Counter<[Int64]>] = [:]
        var heads: [QueueKey: QueueHead] = [:]
        var requirements: [String: [Int64]] = [:]
        var projects: [String: [ProjectID]] = [:]
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
        // The mark stays: a command that is undone takes what was written here with it.
        state = State()
    }

    private static let setSequence = SQL("UPDATE workspaces SET event_last = ?2 WHERE id = ?1")
    private static let setCounts = SQL(
        """
        UPDATE project_counts SET pending = ?2, ready = ?3, dispatched = ?4, blocked = ?5, completed = ?6, failed = ?7,
            canceled = ?8
        WHERE project_id = ?1
        """)

    // MARK: Counters

    func lastSequence(of workspace: String, read: () throws -> Int64?) rethrows -> Int64? {
        if let known = state.sequences[workspace] { return known.value }
        guard let found = try read() else { return nil }
        state.sequences[workspace] = Counter(value: found)
        return found
    }

    func nextSequence(of workspace: String, read: () throws -> Int64?) rethrows -> Int64? {
        guard let last = try lastSequence(of: workspace, read: read) else { return nil }
        state.sequences[workspace] = Counter(value: last + 1, isChanged: true)
        return last + 1
    }

    func counts(of project: String, read: () throws -> [Int64]?) rethrows -> [Int64]? {
        if let known = state.counts[project] { return known.value }
        guard let found = try read() else { return nil }
        state.counts[project] = Counter(value: found)
        return found
    }

    func setCounts(of project: String, to counts: [Int64]) {
        state.counts[project] = Counter(value: counts, isChanged: true)
    }

    /// Their rows are being deleted.
    func forget(workspace: String) { state.sequences[workspace] = nil }
    func forget(project: String) { state.counts[project] = nil }

    // MARK: The claim queue

    /// A task came into the queue, or to another place in it.
    func queueGrew() {
        state.heads.removeAll()
        state.requirements.removeAll()
        state.projects.removeAll()
    }

    func head(_ key: QueueKey) -> QueueHead? { state.heads[key] }
    func setHead(_ key: QueueKey, _ head: QueueHead?) { state.heads[key] = head }

    /// All that have a task in the queue, and perhaps some that had one until now.
    func requirements(of project: String, read: () throws -> [Int64]) rethrows -> [Int64] {
        if let known = state.requirements[project] { return known }
        let found = try read()
        state.requirements[project] = found
        return found
    }

    /// The same for projects.
    func projects(of workspace: String, read: () throws -> [ProjectID]) rethrows -> [ProjectID] {
        if let known = state.projects[workspace] { return known }
        let found = try read()
        state.projects[workspace] = found
        return found
    }
}
