package import OrcaStore

/// Compares something that is kept twice with what it is computed from, and can compute it again.
package struct ConsistencyCheck: Sendable {
    let name: String
    /// What holds when all is well, as a sentence.
    let claim: String
    /// Names up to 20 things for which the claim fails.
    let mismatches: SQL
    let repair: [SQL]

    package static let all = [holders, counts, queue, openDependencies, agentLeases]

    package func run(in session: SQLSession, fix: Bool) throws -> StoreFinding {
        try session.db.memory?.settle(in: session.db)
        let wrong = try session.db.query(mismatches, []) { $0.text(0) }
        if wrong.isEmpty { return StoreFinding(check: name, isOK: true, detail: claim) }
        let detail = "\(claim): not so for \(wrong.joined(separator: ", "))"
        guard fix else {
            return StoreFinding(check: name, isOK: false, detail: detail + ". Repair with 'orca doctor --fix'.")
        }
        for statement in repair { try session.db.execute(statement, []) }
        let left = try session.db.query(mismatches, []) { $0.text(0) }
        return StoreFinding(check: name, isOK: left.isEmpty, detail: detail, isFixed: left.isEmpty)
    }

    private static let counted = """
        SELECT project_id, count(*) FILTER (WHERE status = 'pending') AS pending,
            count(*) FILTER (WHERE status = 'ready') AS ready,
            count(*) FILTER (WHERE status = 'dispatched') AS dispatched,
            count(*) FILTER (WHERE status = 'blocked') AS blocked,
            count(*) FILTER (WHERE status = 'completed') AS completed,
            count(*) FILTER (WHERE status = 'failed') AS failed,
            count(*) FILTER (WHERE status = 'canceled') AS canceled
        FROM tasks GROUP BY project_id
        """
    private static let counts = ConsistencyCheck(
        name: "counts", claim: "every project's counts are those of its tasks",
        mismatches: SQL(
            """
            SELECT kept.project_id FROM project_counts AS kept LEFT JOIN (\(counted)) AS found
                ON found.project_id = kept.project_id
            WHERE (kept.pending, kept.ready, kept.dispatched, kept.blocked, kept.completed, kept.failed, kept.canceled)
                <> (coalesce(found.pending, 0), coalesce(found.ready, 0), coalesce(found.dispatched, 0),
                    coalesce(found.blocked, 0), coalesce(found.completed, 0), coalesce(found.failed, 0),
                    coalesce(found.canceled, 0))
            LIMIT 20
            """),
        repair: [
            SQL("DELETE FROM project_counts"),
            SQL(
                """
                INSERT INTO project_counts (project_id, pending, ready, dispatched, blocked, completed, failed, canceled)
                SELECT projects.id, coalesce(found.pending, 0), coalesce(found.ready, 0),
                    coalesce(found.dispatched, 0), coalesce(found.blocked, 0), coalesce(found.completed, 0),
                    coalesce(found.failed, 0), coalesce(found.canceled, 0)
                FROM projects LEFT JOIN (\(counted)) AS found ON found.project_id = projects.id
                """),
        ])

    private static let queue = ConsistencyCheck(
        name: "queue", claim: "only ready tasks stand in the claim queue, and all others are out of it",
        mismatches: SQL(
            """
            SELECT ref FROM tasks
            WHERE (queued = 1 AND status <> 'ready')
                OR (queued = 0 AND status = 'ready' AND backoff_until IS NULL)
            LIMIT 20
            """),
        repair: [
            SQL(
                """
                UPDATE tasks SET queued = CASE WHEN status = 'ready' THEN 1 ELSE 0 END
                WHERE (queued = 1 AND status <> 'ready')
                    OR (queued = 0 AND status = 'ready' AND backoff_until IS NULL)
                """)
        ])

    private static let open = """
        (SELECT count(*) FROM dependencies JOIN tasks AS needed ON needed.id = dependencies.depends_on
         WHERE dependencies.task_id = tasks.id AND needed.status <> 'completed'
            AND NOT (dependencies.policy = 'ignore' AND needed.status IN ('failed', 'canceled')))
        """
    private static let openDependencies = ConsistencyCheck(
        name: "open_dependencies", claim: "every task's number of open dependencies is right",
        mismatches: SQL("SELECT ref FROM tasks WHERE open_dependencies <> \(open) LIMIT 20"),
        repair: [SQL("UPDATE tasks SET open_dependencies = \(open) WHERE open_dependencies <> \(open)")])

    private static let held = "(SELECT count(*) FROM leases WHERE leases.agent_id = agents.id)"
    private static let agentLeases = ConsistencyCheck(
        name: "agent_leases", claim: "every agent's number of leases is right",
        mismatches: SQL("SELECT name FROM agents WHERE active_leases <> \(held) LIMIT 20"),
        repair: [SQL("UPDATE agents SET active_leases = \(held) WHERE active_leases <> \(held)")])

    /// A dispatched task without a lease goes back to the queue; its attempt is ended as expired.
    private static let holders = ConsistencyCheck(
        name: "holders", claim: "a task is dispatched exactly while it has a lease",
        mismatches: SQL(
            """
            SELECT ref FROM tasks WHERE status = 'dispatched' AND id NOT IN (SELECT task_id FROM leases) LIMIT 20
            """),
        repair: [
            SQL(
                """
                UPDATE tasks SET status = 'ready', queued = 1, backoff_until = NULL, holder = ''
                WHERE status = 'dispatched' AND id NOT IN (SELECT task_id FROM leases)
                """),
            SQL(
                """
                UPDATE attempts SET outcome = 'expired', ended_at = started_at, error = 'its lease was missing'
                WHERE outcome = 'active' AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.attempt_id = attempts.id)
                """),
        ])
}
