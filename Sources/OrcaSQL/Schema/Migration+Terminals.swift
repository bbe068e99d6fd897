extension Migration {
    /// Terminals, and access tokens that stand in their environment.
    static let terminals = Migration(
        version: 2, name: "terminals",
        script: """
            CREATE TABLE terminals (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                agent_id TEXT,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                title TEXT NOT NULL,
                command TEXT NOT NULL,
                directory TEXT NOT NULL,
                worktree TEXT NOT NULL,
                state TEXT NOT NULL,
                state_since {int} NOT NULL,
                blocked_reason TEXT NOT NULL,
                agent_alive {int} NOT NULL,
                pane TEXT NOT NULL,
                process_id {int} NOT NULL,
                exit_code {int},
                created_by TEXT NOT NULL,
                created_at {int} NOT NULL,
                last_output_at {int},
                ended_at {int},
                version {int} NOT NULL
            ){clustered};
            CREATE INDEX terminals_live ON terminals (workspace_id, created_at, id) WHERE state <> 'exited';
            CREATE INDEX terminals_ended ON terminals (ended_at) WHERE state = 'exited';
            ALTER TABLE tokens ADD COLUMN terminal_id TEXT;
            """)
}
