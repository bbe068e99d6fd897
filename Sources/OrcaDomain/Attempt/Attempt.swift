/// One try at a task by one agent. The row is ended once and never reused.
package struct Attempt: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case active
        case succeeded
        case failed
        case expired
        case released
        case canceled
        case gated
    }

    package var id: AttemptID
    package var workspace: WorkspaceID
    package var task: TaskID
    package var taskRef: String
    /// Number of the try and fencing token at once: 1 for the first, growing by one.
    package var token: Int64
    package var agent: AgentID
    package var agentName: String
    package var session: String
    package var host: String
    package var outcome: Outcome
    package var startedAt: Timestamp
    package var endedAt: Timestamp?
    package var error: String
    package var result: String
    package var branch: String
    package var commit: String
    package var artifacts: [String]
    package var checks: [ContractCheck]
    package var transcript: String
    package var progress: String
    package var progressPercent: Int
    package var progressAt: Timestamp?
    /// The completion came after the lease was lost, and was accepted.
    package var isAdopted: Bool
    /// A result that came too late and does not count; kept for whoever wants to look.
    package var isLate: Bool

    package init(
        id: AttemptID, workspace: WorkspaceID, task: TaskID, taskRef: String, token: Int64, agent: AgentID,
        agentName: String, session: String, host: String, startedAt: Timestamp
    ) {
        self.id = id
        self.workspace = workspace
        self.task = task
        self.taskRef = taskRef
        self.token = token
        self.agent = agent
        self.agentName = agentName
        self.session = session
        self.host = host
        self.startedAt = startedAt
        outcome = .active
        error = ""
        result = ""
        branch = ""
        commit = ""
        artifacts = []
        checks = []
        transcript = ""
        progress = ""
        progressPercent = 0
        isAdopted = false
        isLate = false
    }
}

extension Attempt.Outcome {
    /// Whether the outcome speaks against the task; a release or a cancel does not.
    package func countsAsFailure(expiryCounts: Bool) -> Bool {
        switch self {
        case .failed: true
        case .expired: expiryCounts
        case .active, .succeeded, .released, .canceled, .gated: false
        }
    }

    /// The attempt's state machine: an end is final, except that a late success may be adopted.
    package func ending(_ outcome: Attempt.Outcome, adopted: Bool = false) -> Transition<Attempt.Outcome> {
        switch self {
        case .active:
            outcome == .active ? .unchanged : .to(outcome)
        case .expired, .released, .failed:
            if adopted && outcome == .succeeded {
                .to(.succeeded)
            } else {
                outcome == self ? .unchanged : .rejected(why: "the attempt already ended as \(rawValue)")
            }
        case .succeeded, .canceled, .gated:
            outcome == self ? .unchanged : .rejected(why: "the attempt already ended as \(rawValue)")
        }
    }
}
