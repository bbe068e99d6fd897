/// A unit of work: the part that changes while it is worked on. Texts live in `TaskBody`.
package struct WorkTask: Sendable, Hashable {
    package var id: TaskID
    package var workspace: WorkspaceID
    package var project: ProjectID
    /// `API-12`: the project's key and the task's number in it.
    package var ref: String
    package var number: Int
    package var title: String
    package var status: TaskStatus
    package var priority: Int
    /// Row of the shared `Requirement`.
    package var requirement: Int64
    package var parent: TaskID?
    /// The start time somebody asked for.
    package var notBefore: Timestamp?
    /// A ready task in backoff is not claimed before this.
    package var backoffUntil: Timestamp?
    /// Whether the task stands in the claim queue: ready, and its backoff has passed.
    package var isQueued: Bool
    /// How many dependencies are not met.
    package var openDependencies: Int
    package var openGates: Int
    /// Number and fencing token of the last attempt; only grows.
    package var lastToken: Int64
    /// Consecutive failures.
    package var failures: Int
    /// The task's own policy; `nil` for the project's.
    package var retry: RetryPolicy?
    package var attempt: AttemptID?
    /// Name of the agent that holds it now; empty when nobody does.
    package var holder: String
    package var plan: String
    package var planKey: String
    package var createdBy: String
    package var version: Int
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?

    package init(
        id: TaskID, workspace: WorkspaceID, project: ProjectID, ref: String, number: Int, title: String,
        createdBy: String, at now: Timestamp
    ) {
        self.id = id
        self.workspace = workspace
        self.project = project
        self.ref = ref
        self.number = number
        self.title = title
        self.createdBy = createdBy
        status = .pending
        priority = 0
        requirement = 0
        isQueued = false
        openDependencies = 0
        openGates = 0
        lastToken = 0
        failures = 0
        holder = ""
        plan = ""
        planKey = ""
        version = 1
        createdAt = now
        updatedAt = now
    }

    /// Whether everything the task waits for has come: the one definition of "ready".
    package func conditionsHold(at now: Timestamp) -> Bool {
        guard openDependencies == 0, openGates == 0 else { return false }
        guard let notBefore else { return true }
        return notBefore <= now
    }

    /// Whether it may be claimed this very moment.
    package func isClaimable(at now: Timestamp) -> Bool {
        guard status == .ready else { return false }
        guard let backoffUntil else { return true }
        return backoffUntil <= now
    }
}

/// The texts of a task: large, and read only when somebody looks at or works on it.
package struct TaskBody: Sendable, Hashable {
    package var spec: String
    package var labels: [String]
    package var contract: [ContractItem]
    package var context: [String: String]
    /// From its ancestors; the nearest wins, its own context wins over all.
    package var inheritedContext: [String: String]
    package var result: String
    package var error: String
    package var branch: String
    package var commit: String

    package init(
        spec: String = "", labels: [String] = [], contract: [ContractItem] = [], context: [String: String] = [:],
        inheritedContext: [String: String] = [:]
    ) {
        self.spec = spec
        self.labels = labels
        self.contract = contract
        self.context = context
        self.inheritedContext = inheritedContext
        result = ""
        error = ""
        branch = ""
        commit = ""
    }

    /// What a child of this task inherits.
    package var contextForChildren: [String: String] {
        inheritedContext.merging(context) { _, own in own }
    }
}
