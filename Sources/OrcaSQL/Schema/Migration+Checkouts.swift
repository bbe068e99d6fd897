extension Migration {
    /// Repositories and their worktrees.
    static let checkouts = Migration(
        version: 3, name: "checkouts",
        script: """
            CREATE TABLE repos (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                path TEXT NOT NULL,
                name TEXT NOT NULL,
                base_ref TEXT NOT NULL,
                created_at {int} NOT NULL,
                version {int} NOT NULL
            ){clustered};
            CREATE UNIQUE INDEX repos_path ON repos (workspace_id, path);
            CREATE INDEX repos_created ON repos (workspace_id, created_at, id);
            CREATE TABLE worktrees (
                id TEXT PRIMARY KEY,
                instance TEXT NOT NULL,
                workspace_id TEXT NOT NULL,
                repo_id TEXT NOT NULL,
                path TEXT NOT NULL,
                state TEXT NOT NULL,
                display_name TEXT NOT NULL,
                comment TEXT NOT NULL,
                branch TEXT NOT NULL,
                base_ref TEXT NOT NULL,
                base_commit TEXT NOT NULL,
                linked_issue {int},
                linked_linear_issue TEXT NOT NULL,
                workspace_status TEXT NOT NULL,
                parent_id TEXT,
                parent_instance TEXT,
                capture TEXT NOT NULL,
                origin TEXT NOT NULL,
                task TEXT NOT NULL,
                run TEXT NOT NULL,
                coordinator TEXT NOT NULL,
                placed TEXT NOT NULL,
                created_by TEXT NOT NULL,
                created_at {int} NOT NULL,
                updated_at {int} NOT NULL,
                version {int} NOT NULL
            ){clustered};
            CREATE INDEX worktrees_created ON worktrees (workspace_id, created_at, id);
            CREATE INDEX worktrees_half_made ON worktrees (created_at) WHERE state = 'creating';
            """)
}
