extension Migration {
    /// Workspaces, projects, tasks, attempts, leases, agents, events, tokens, replies.
    ///
    /// Hot tables stay small: texts are in `task_bodies`, and what can be claimed is found through partial indexes.
    static let foundation = Migration(
        version: 1, name: "foundation",
        script: """
            CREATE TABLE workspaces (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                about TEXT NOT NULL,
                event_last {int} NOT NULL DEFAULT 0,
                event_first {int} NOT NULL DEFAULT 1,
                version {int} NOT NULL,
                created_at {int} NOT NULL,
                updated_at {int} NOT NULL
            );
            CREATE TABLE projects (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                key TEXT NOT NULL,
                name TEXT NOT NULL,
                repository TEXT NOT NULL,
                base_branch TEXT NOT NULL,
                settings TEXT NOT NULL,
                offers {int} NOT NULL,
                last_number {int} NOT NULL DEFAULT 0,
                offer_pointer TEXT,
                version {int} NOT NULL,
                created_at {int} NOT NULL,
                updated_at {int} NOT NULL
            );
            CREATE UNIQUE INDEX projects_key ON projects (workspace_id, key);
            CREATE INDEX projects_offering ON projects (id) WHERE offers = 1;
            CREATE TABLE project_counts (
                project_id TEXT PRIMARY KEY,
                pending {int} NOT NULL DEFAULT 0,
                ready {int} NOT NULL DEFAULT 0,
                dispatched {int} NOT NULL DEFAULT 0,
                blocked {int} NOT NULL DEFAULT 0,
                completed {int} NOT NULL DEFAULT 0,
                failed {int} NOT NULL DEFAULT 0,
                canceled {int} NOT NULL DEFAULT 0
            ){clustered};
            CREATE TABLE requirements (
                id {serial},
                canonical TEXT NOT NULL UNIQUE,
                tags TEXT NOT NULL,
                capabilities TEXT NOT NULL,
                assignee TEXT NOT NULL
            );
            CREATE TABLE tasks (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                project_id TEXT NOT NULL,
                ref TEXT NOT NULL,
                number {int} NOT NULL,
                title TEXT NOT NULL,
                status TEXT NOT NULL,
                priority {int} NOT NULL,
                requirement {int} NOT NULL,
                parent_id TEXT,
                not_before {int},
                backoff_until {int},
                queued {int} NOT NULL,
                open_dependencies {int} NOT NULL,
                open_gates {int} NOT NULL,
                last_token {int} NOT NULL,
                failures {int} NOT NULL,
                retry TEXT,
                attempt_id TEXT,
                holder TEXT NOT NULL,
                plan TEXT NOT NULL,
                plan_key TEXT NOT NULL,
                created_by TEXT NOT NULL,
                version {int} NOT NULL,
                created_at {int} NOT NULL,
                updated_at {int} NOT NULL,
                finished_at {int}
            ){clustered};
            CREATE UNIQUE INDEX tasks_ref ON tasks (workspace_id, ref);
            CREATE INDEX tasks_workspace ON tasks (workspace_id, id);
            CREATE INDEX tasks_project ON tasks (project_id, id);
            CREATE INDEX tasks_status ON tasks (project_id, status, id);
            CREATE INDEX tasks_queue ON tasks (workspace_id, project_id, requirement, priority DESC, id)
                WHERE queued = 1;
            CREATE INDEX tasks_parent ON tasks (parent_id, id) WHERE parent_id IS NOT NULL;
            CREATE UNIQUE INDEX tasks_plan ON tasks (project_id, plan, plan_key) WHERE plan_key <> '';
            CREATE INDEX tasks_backoff ON tasks (backoff_until) WHERE status = 'ready' AND queued = 0;
            CREATE INDEX tasks_start ON tasks (not_before)
                WHERE status = 'pending' AND open_dependencies = 0 AND open_gates = 0;
            CREATE TABLE task_bodies (
                task_id TEXT PRIMARY KEY,
                spec TEXT NOT NULL,
                labels TEXT NOT NULL,
                contract TEXT NOT NULL,
                context TEXT NOT NULL,
                inherited_context TEXT NOT NULL,
                result TEXT NOT NULL,
                error TEXT NOT NULL,
                branch TEXT NOT NULL,
                commit_id TEXT NOT NULL
            );
            CREATE TABLE dependencies (
                task_id TEXT NOT NULL,
                depends_on TEXT NOT NULL,
                policy TEXT NOT NULL,
                PRIMARY KEY (task_id, depends_on)
            ){clustered};
            CREATE INDEX dependencies_reverse ON dependencies (depends_on, task_id);
            CREATE TABLE attempts (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                task_id TEXT NOT NULL,
                task_ref TEXT NOT NULL,
                token {int} NOT NULL,
                agent_id TEXT NOT NULL,
                agent_name TEXT NOT NULL,
                session TEXT NOT NULL,
                host TEXT NOT NULL,
                outcome TEXT NOT NULL,
                started_at {int} NOT NULL,
                ended_at {int},
                progress TEXT NOT NULL DEFAULT '',
                progress_percent {int} NOT NULL DEFAULT 0,
                progress_at {int},
                adopted {int} NOT NULL DEFAULT 0,
                late {int} NOT NULL DEFAULT 0,
                branch TEXT NOT NULL DEFAULT '',
                commit_id TEXT NOT NULL DEFAULT '',
                transcript TEXT NOT NULL DEFAULT '',
                artifacts TEXT NOT NULL DEFAULT '[]',
                checks TEXT NOT NULL DEFAULT '[]',
                error TEXT NOT NULL DEFAULT '',
                result TEXT NOT NULL DEFAULT ''
            );
            CREATE UNIQUE INDEX attempts_task ON attempts (task_id, token);
            CREATE TABLE leases (
                task_id TEXT PRIMARY KEY,
                id TEXT NOT NULL,
                workspace_id TEXT NOT NULL,
                project_id TEXT NOT NULL,
                task_ref TEXT NOT NULL,
                attempt_id TEXT NOT NULL,
                agent_id TEXT NOT NULL,
                agent_name TEXT NOT NULL,
                token {int} NOT NULL,
                ttl_ms {int} NOT NULL,
                acquired_at {int} NOT NULL,
                renewed_at {int} NOT NULL,
                expires_at {int} NOT NULL,
                offered {int} NOT NULL
            ){clustered};
            CREATE INDEX leases_expiry ON leases (expires_at, task_id);
            CREATE INDEX leases_agent ON leases (agent_id, task_id);
            CREATE TABLE agents (
                id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                tool TEXT NOT NULL,
                tags TEXT NOT NULL,
                capabilities TEXT NOT NULL,
                capacity {int} NOT NULL,
                host TEXT NOT NULL,
                draining {int} NOT NULL,
                active_leases {int} NOT NULL,
                last_seen_at {int} NOT NULL,
                version {int} NOT NULL,
                created_at {int} NOT NULL
            ){clustered};
            CREATE UNIQUE INDEX agents_name ON agents (workspace_id, name);
            CREATE TABLE events (
                workspace_id TEXT NOT NULL,
                sequence {int} NOT NULL,
                at {int} NOT NULL,
                type TEXT NOT NULL,
                entity_id TEXT NOT NULL,
                actor TEXT NOT NULL,
                operation TEXT NOT NULL,
                request_id TEXT NOT NULL,
                idempotency_key TEXT NOT NULL,
                data TEXT NOT NULL,
                PRIMARY KEY (workspace_id, sequence)
            ){clustered};
            CREATE INDEX events_entity ON events (entity_id, sequence);
            CREATE TABLE tokens (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                scope TEXT NOT NULL,
                workspace_id TEXT,
                attempt_id TEXT,
                digest TEXT NOT NULL UNIQUE,
                created_at {int} NOT NULL,
                expires_at {int} NOT NULL,
                revoked_at {int}
            ){clustered};
            CREATE TABLE replies (
                identity TEXT NOT NULL,
                operation TEXT NOT NULL,
                key TEXT NOT NULL,
                request_digest TEXT NOT NULL,
                response {bytes} NOT NULL,
                at {int} NOT NULL,
                PRIMARY KEY (identity, operation, key)
            ){clustered};
            CREATE INDEX replies_at ON replies (at);
            """)
}
