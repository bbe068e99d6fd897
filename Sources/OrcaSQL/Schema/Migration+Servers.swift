extension Migration {
    /// Several servers on one database: who they are, who leads, what is on whose machine.
    static let servers = Migration(
        version: 6, name: "servers", supports: 6,
        script: """
            CREATE TABLE servers (
                node TEXT PRIMARY KEY,
                instance TEXT NOT NULL,
                host TEXT NOT NULL,
                process_id {int} NOT NULL,
                version TEXT NOT NULL,
                schema_version {int} NOT NULL,
                address TEXT NOT NULL,
                skew_ms {int} NOT NULL,
                started_at {int} NOT NULL,
                seen_at {int} NOT NULL
            );
            CREATE TABLE leadership (
                role TEXT PRIMARY KEY,
                node TEXT NOT NULL,
                epoch {int} NOT NULL
            );
            CREATE TABLE schema_window (
                version {int} PRIMARY KEY,
                supports {int} NOT NULL
            );
            ALTER TABLE terminals ADD COLUMN node TEXT NOT NULL DEFAULT '';
            ALTER TABLE repos ADD COLUMN node TEXT NOT NULL DEFAULT '';
            ALTER TABLE worktrees ADD COLUMN node TEXT NOT NULL DEFAULT '';
            ALTER TABLE runs ADD COLUMN node TEXT NOT NULL DEFAULT '';
            DROP INDEX repos_path;
            CREATE UNIQUE INDEX repos_path ON repos (workspace_id, path, node);
            """)
}
