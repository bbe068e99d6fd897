/// What a run does next, from where everything stands: a total function, so that a run goes on after a restart exactly
/// as if there had been none.
package enum RunDecision: Sendable, Hashable {
    /// The plan was approved: its approval task is done.
    case acceptPlan
    /// Hand these tasks to workers.
    case start([TaskID])
    case merge
    case end(RunTrigger, report: String)
    /// Nothing to do until something happens.
    case wait
}

/// Where everything stands that a run looks at.
package struct RunView: Sendable {
    package var run: CoordinatorRun
    /// The tasks of its scope.
    package var tasks: [WorkTask]
    /// Tasks that somebody is being started for at this moment.
    package var starting: Set<TaskID>
    /// How the gate on the approval task was answered; empty while it is open.
    package var approval: String
    /// Whether the branches have been merged since the last task was finished.
    package var isMerged: Bool
    package var now: Timestamp

    package init(
        run: CoordinatorRun, tasks: [WorkTask], starting: Set<TaskID> = [], approval: String = "",
        isMerged: Bool = false, now: Timestamp
    ) {
        self.run = run
        self.tasks = tasks
        self.starting = starting
        self.approval = approval
        self.isMerged = isMerged
        self.now = now
    }

    private static let namedMax = 20

    package func decide() -> (decision: RunDecision, phase: CoordinatorRun.Phase) {
        guard run.status == .running else { return (.wait, run.phase) }
        if let planning = decideOnPlan() { return planning }
        let free = run.settings.concurrentMax - busy
        let next = claimable.prefix(max(0, free)).map(\.id)
        if !next.isEmpty { return (.start(next), .dispatching) }
        if open.isEmpty { return decideOnEnd() }
        if isStuck { return (.end(.gaveUp, report: stuckReport), run.phase) }
        return (.wait, claimable.isEmpty ? .monitoring : .dispatching)
    }

    /// `nil` once there is a plan that may be carried out.
    private func decideOnPlan() -> (RunDecision, CoordinatorRun.Phase)? {
        guard run.phase == .decomposing, let id = run.planTask, let planning = tasks.first(where: { $0.id == id })
        else { return nil }
        if let approvalID = run.approvalTask, let task = tasks.first(where: { $0.id == approvalID }) {
            switch task.status {
            case .completed: return nil
            case .failed, .canceled: return (.end(.gaveUp, report: "The plan was not approved."), .decomposing)
            case .pending, .ready, .dispatched, .blocked:
                if approval.isEmpty { break }
                guard approval == "approve" || approval == "yes" else {
                    return (.end(.gaveUp, report: "The plan was not approved: \(approval)"), .decomposing)
                }
                return (.acceptPlan, .decomposing)
            }
        }
        switch planning.status {
        case .failed, .canceled:
            return (
                .end(.gaveUp, report: "The plan was not made: \(planning.ref) is \(planning.status.rawValue)."),
                .decomposing
            )
        case .completed:
            guard run.approvalTask == nil else { return (.wait, .decomposing) }
            return (
                .end(.gaveUp, report: "The planner finished \(planning.ref) without handing in a plan."), .decomposing
            )
        case .ready where planning.isClaimable(at: now) && !starting.contains(planning.id) && busy == 0:
            return (.start([planning.id]), .decomposing)
        case .ready, .pending, .dispatched, .blocked:
            return (.wait, .decomposing)
        }
    }

    private func decideOnEnd() -> (RunDecision, CoordinatorRun.Phase) {
        let failed = tasks.filter { $0.status == .failed }
        if run.settings.merges, !isMerged, tasks.contains(where: { $0.status == .completed }) {
            return (.merge, .merging)
        }
        guard failed.isEmpty else { return (.end(.gaveUp, report: summary), run.phase) }
        return (.end(.finished, report: summary), .done)
    }

    // MARK: What there is

    /// The task whose gate is the plan's approval is nobody's work.
    private var work: [WorkTask] { tasks.filter { $0.id != run.approvalTask } }

    private var open: [WorkTask] { work.filter { !$0.status.isFinished } }

    private var busy: Int {
        work.count { $0.status == .dispatched || starting.contains($0.id) }
    }

    /// In claim order: priority, then age.
    private var claimable: [WorkTask] {
        work.filter { $0.isClaimable(at: now) && !starting.contains($0.id) }
            .sorted { ($1.priority, $0.id) < ($0.priority, $1.id) }
    }

    /// Nothing runs, nothing can, and nobody was asked anything.
    private var isStuck: Bool {
        guard busy == 0 else { return false }
        return open.allSatisfy { task in
            task.status == .pending && task.openGates == 0 && task.notBefore.map { $0 <= now } ?? true
        }
    }

    private var stuckReport: String {
        let causes = work.filter { $0.status == .failed || $0.status == .canceled }
        let waiting = open.prefix(Self.namedMax).map { "\($0.ref) (\($0.title))" }.joined(separator: ", ")
        let why =
            causes.isEmpty
            ? "They wait for tasks outside of this run or for each other."
            : "Not successful: "
                + causes.prefix(Self.namedMax).map { "\($0.ref) is \($0.status.rawValue)" }.joined(separator: ", ")
                + ". 'orca retry' one of them, or change the dependencies, and start a run again."
        return "Stuck: nothing runs, and what is left cannot start: \(waiting). \(why)\n\(summary)"
    }

    package var summary: String {
        var counts: [TaskStatus: Int] = [:]
        for task in work { counts[task.status, default: 0] += 1 }
        let words = TaskStatus.allCases.compactMap { status in counts[status].map { "\($0) \(status.rawValue)" } }
        let failed = work.filter { $0.status == .failed }.prefix(Self.namedMax).map {
            "\n  failed: \($0.ref) \($0.title)"
        }
        return "\(work.count) task\(work.count == 1 ? "" : "s"): \(words.joined(separator: ", "))." + failed.joined()
    }
}
