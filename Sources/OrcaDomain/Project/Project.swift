/// A body of work in a workspace, usually one repository.
package struct Project: Sendable, Hashable {
    package var id: ProjectID
    package var workspace: WorkspaceID
    package var key: String
    package var name: String
    package var repository: String
    package var baseBranch: String
    package var settings: ProjectSettings
    /// Number of the last task; the next one gets one more.
    package var lastNumber: Int
    /// Who was offered something last under `round_robin`.
    package var offerPointer: AgentID?
    package var version: Int
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(id: ProjectID, workspace: WorkspaceID, key: String, name: String, at now: Timestamp) {
        self.id = id
        self.workspace = workspace
        self.key = key
        self.name = name
        repository = ""
        baseBranch = ""
        settings = ProjectSettings()
        lastNumber = 0
        version = 1
        createdAt = now
        updatedAt = now
    }
}

/// A project's rules. A value that was never set is the default below.
package struct ProjectSettings: Sendable, Hashable {
    package var leaseTTLMS: Int64 = 300_000
    /// How many tasks may be dispatched at once; 0 for no limit.
    package var concurrentMax = 0
    package var distribution = Distribution.pull
    package var offerTTLMS: Int64 = 15_000
    /// When not empty, only agents with one of these tags may claim.
    package var allowedAgentTags: [String] = []
    package var adoptsLateCompletions = true
    package var expiryCounts = true
    package var retry = RetryPolicy.standard

    package init() {}

    package func admits(agentTags: [String]) -> Bool {
        allowedAgentTags.isEmpty || agentTags.contains { allowedAgentTags.contains($0) }
    }
}

/// How many tasks of a project are in each state.
package struct TaskCounts: Sendable, Hashable {
    package var byStatus: [TaskStatus: Int]

    package init(_ byStatus: [TaskStatus: Int] = [:]) {
        self.byStatus = byStatus
    }

    package subscript(_ status: TaskStatus) -> Int { byStatus[status] ?? 0 }
}
