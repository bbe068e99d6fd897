extension Migration {
    /// Mail with its delivery ledger, and questions that wait for an answer.
    static let messages = Migration(
        version: 4, name: "messages",
        script: """
            CREATE TABLE messages (
                sequence {serial},
                id TEXT NOT NULL UNIQUE,
                workspace_id TEXT NOT NULL,
                sender TEXT NOT NULL,
                recipient TEXT NOT NULL,
                type TEXT NOT NULL,
                priority TEXT NOT NULL,
                subject TEXT NOT NULL,
                body TEXT NOT NULL,
                payload TEXT NOT NULL,
                thread TEXT NOT NULL,
                created_at {int} NOT NULL,
                delivery TEXT NOT NULL,
                injected_at {int},
                submitted_at {int},
                read_at {int},
                acknowledged_at {int},
                taken_by TEXT NOT NULL,
                taken_until {int}
            );
            CREATE INDEX messages_unread ON messages (recipient, workspace_id, sequence) WHERE read_at IS NULL;
            CREATE INDEX messages_queued ON messages (recipient, workspace_id, sequence)
                WHERE read_at IS NULL AND delivery = 'queued';
            CREATE INDEX messages_recipient ON messages (recipient, workspace_id, sequence);
            CREATE INDEX messages_workspace ON messages (workspace_id, sequence);
            CREATE INDEX messages_thread ON messages (thread, sequence) WHERE thread <> '';
            CREATE INDEX messages_taken ON messages (taken_by, sequence) WHERE taken_by <> '';
            CREATE INDEX messages_read ON messages (read_at) WHERE read_at IS NOT NULL;
            CREATE INDEX messages_heartbeats ON messages (recipient, sender) WHERE type = 'heartbeat';
            CREATE TABLE questions (
                message_id TEXT PRIMARY KEY,
                workspace_id TEXT NOT NULL,
                asker TEXT NOT NULL,
                status TEXT NOT NULL,
                answer_id TEXT,
                awaited_until {int},
                asked_at {int} NOT NULL,
                ended_at {int}
            ){clustered};
            CREATE INDEX questions_pending ON questions (workspace_id, asker) WHERE status = 'pending';
            CREATE INDEX questions_awaited ON questions (asker, workspace_id) WHERE awaited_until IS NOT NULL;
            """)
}
