/// The loop that hands the tasks of one scope to workers until all are finished.
package struct CoordinatorRun: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case running
        case completed
        case failed
        case stopped
    }

    package enum Phase: String, Sendable, Hashable, CaseIterable {
        /// A planning agent makes the tasks, or somebody has to approve them.
        case decomposing
        /// There is work to hand out.
        case dispatching
        /// Everything that can run is running.
        case monitoring
        /// The branches are being merged.
        case merging
        case done
    }

    package var id: RunID
    package var workspace: WorkspaceID
    package var project: ProjectID
    /// The goal, as its user put it.
    package var spec: String
    package var status: Status
    package var phase: Phase
    /// Handle of the terminal that is told what happens; empty when a person started it outside of any.
    package var coordinator: String
    package var settings: RunSettings
    /// Task of the planning agent, and the one that waits for the plan's approval.
    package var planTask: TaskID?
    package var approvalTask: TaskID?
    /// How it ended, for people.
    package var report: String
    package var createdBy: String
    package var createdAt: Timestamp
    package var completedAt: Timestamp?
    /// The server on whose machine it is; empty where there is only one.
    package var node = ""
    package var version: Int

    package init(
        id: RunID, workspace: WorkspaceID, project: ProjectID, spec: String, coordinator: String,
        settings: RunSettings, createdBy: String, at now: Timestamp
    ) {
        self.id = id
        self.workspace = workspace
        self.project = project
        self.spec = spec
        self.coordinator = coordinator
        self.settings = settings
        self.createdBy = createdBy
        status = .running
        phase = .decomposing
        report = ""
        createdAt = now
        version = 1
    }
}

/// On what terms a run works.
package struct RunSettings: Sendable, Hashable {
    /// Workers at once.
    package var concurrentMax = 4
    /// Kinds of agents it may launch, best first; a task that names one gets that one.
    package var agentKinds: [String] = []
    /// What its workers count as having, for tasks that require tags.
    package var workerTags: [String] = []
    /// Id of the worktree its workers work in; empty gives every task a fresh one.
    package var worktree = ""
    /// Id of the repository that fresh worktrees are made of; empty takes the project's.
    package var repository = ""
    package var baseBranch = ""
    /// Kind of the agent that is asked for a plan; empty when the tasks are there already.
    package var planner = ""
    /// Take the plan without asking anybody.
    package var approvesPlan = false
    /// Give another task to a worker that has finished one, instead of launching a new one.
    package var reusesWorkers = true
    /// Merge the branches at the end.
    package var merges = true
    /// How long one attempt may take; 0 for no limit.
    package var attemptTimeoutMS: Int64 = 0
    /// How many commits a worktree may be behind its base before work in it is held back.
    package var staleCommitsMax = 20

    package init() {}
}

/// What can happen to a run.
package enum RunTrigger: Sendable, Hashable, CaseIterable {
    case finished
    case gaveUp
    case stopped
}

extension CoordinatorRun.Status {
    package func on(_ trigger: RunTrigger) -> Transition<CoordinatorRun.Status> {
        switch self {
        case .running:
            switch trigger {
            case .finished: .to(.completed)
            case .gaveUp: .to(.failed)
            case .stopped: .to(.stopped)
            }
        case .completed, .failed, .stopped: .unchanged
        }
    }
}
