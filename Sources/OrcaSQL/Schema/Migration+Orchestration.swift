extension Migration {
    /// Gates, dispatches and coordinator runs.
    static let orchestration = Migration(
        version: 5, name: "orchestration",
        script: """
            CREATE TABLE gates (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                task_id TEXT NOT NULL,
                task_ref TEXT NOT NULL,
                run_id TEXT,
                question TEXT NOT NULL,
                options TEXT NOT NULL,
                audience TEXT NOT NULL,
                status TEXT NOT NULL,
                resolution TEXT NOT NULL,
                fallback TEXT NOT NULL,
                timeout_at {int},
                message_id TEXT,
                created_by TEXT NOT NULL,
                resolved_by TEXT NOT NULL,
                created_at {int} NOT NULL,
                resolved_at {int}
            ){clustered};
            CREATE INDEX gates_task ON gates (task_id, created_at, id);
            CREATE INDEX gates_open ON gates (workspace_id, created_at, id) WHERE status = 'pending';
            CREATE INDEX gates_due ON gates (timeout_at) WHERE status = 'pending' AND timeout_at IS NOT NULL;
            CREATE INDEX gates_age ON gates (workspace_id, created_at, id);
            CREATE TABLE dispatches (
                attempt_id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                task_id TEXT NOT NULL,
                terminal_id TEXT NOT NULL,
                coordinator TEXT NOT NULL,
                run_id TEXT,
                failures_before {int} NOT NULL,
                prompt TEXT NOT NULL,
                prompt_text TEXT NOT NULL,
                prompt_at {int} NOT NULL,
                heartbeat_at {int}
            ){clustered};
            CREATE INDEX dispatches_task ON dispatches (task_id);
            CREATE INDEX dispatches_undelivered ON dispatches (terminal_id)
                WHERE prompt IN ('queued', 'injecting', 'injected');
            CREATE TABLE runs (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                project_id TEXT NOT NULL,
                spec TEXT NOT NULL,
                status TEXT NOT NULL,
                phase TEXT NOT NULL,
                coordinator TEXT NOT NULL,
                settings TEXT NOT NULL,
                plan_task TEXT,
                approval_task TEXT,
                report TEXT NOT NULL,
                created_by TEXT NOT NULL,
                created_at {int} NOT NULL,
                completed_at {int},
                version {int} NOT NULL
            ){clustered};
            CREATE INDEX runs_live ON runs (workspace_id, id) WHERE status = 'running';
            CREATE INDEX runs_age ON runs (workspace_id, created_at, id);
            CREATE TABLE run_tasks (
                task_id TEXT PRIMARY KEY,
                run_id TEXT NOT NULL
            ){clustered};
            CREATE INDEX run_tasks_run ON run_tasks (run_id, task_id);
            """)
}
