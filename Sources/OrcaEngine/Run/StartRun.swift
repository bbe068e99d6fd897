package import OrcaDomain
package import OrcaStore

/// Starts a coordinator run over a project's open tasks, or over those of one plan.
package enum StartRun: Command {
    package struct Input: Sendable {
        package var project: Project
        package var spec: String
        package var coordinator: String
        package var settings: RunSettings
        /// Only the tasks of this plan; empty for all open ones.
        package var plan = ""

        package init(project: Project, spec: String, coordinator: String, settings: RunSettings) {
            self.project = project
            self.spec = spec
            self.coordinator = coordinator
            self.settings = settings
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> CoordinatorRun {
        try check(input)
        let live = try tx.runs.live(in: input.project.workspace)
        try Names.checkCount(live.count + 1, max: Limits.runsLiveMax, field: "runs")
        if !input.coordinator.isEmpty, let other = live.first(where: { $0.coordinator == input.coordinator }) {
            throw DomainError(
                .runActive, "Coordinator already running: \(other.id)",
                details: ["run": other.id.text, "coordinator": input.coordinator])
        }
        var run = CoordinatorRun(
            id: context.newShortID(), workspace: input.project.workspace, project: input.project.id, spec: input.spec,
            coordinator: input.coordinator, settings: input.settings, createdBy: context.actor.name, at: context.now)
        run.node = context.node
        let scope = try scope(input, excluding: Set(live.map(\.id)), in: tx)
        if input.settings.planner.isEmpty {
            guard !scope.isEmpty else { throw try nothingToDo(input, live: live, in: tx) }
            run.phase = .dispatching
        }
        try tx.insert(run)
        if input.settings.planner.isEmpty {
            for task in scope { try tx.put(task.id, into: run.id) }
        } else {
            let task = try planTask(run, input, in: tx, context)
            run.planTask = task.id
            run.version += 1
            try tx.save(run)
            try tx.put(task.id, into: run.id)
        }
        try Ledger(tx, context).record(
            .runStarted, workspace: run.workspace, entity: run.id.text,
            [
                "project": .text(input.project.key), "phase": .text(run.phase.rawValue),
                "tasks": .number(Int64(scope.count)), "coordinator": .text(run.coordinator),
            ])
        return run
    }

    private static func check(_ input: Input) throws {
        try Names.checkLength(input.spec, max: Limits.specBytesMax, field: "spec")
        try Names.checkLength(input.coordinator, max: Limits.nameBytesMax, field: "coordinator")
        let settings = input.settings
        guard (1...Limits.runConcurrentMax).contains(settings.concurrentMax) else {
            throw DomainError(
                .invalidArgument,
                "A run can have 1 to \(Limits.runConcurrentMax) workers at once, not \(settings.concurrentMax).",
                details: ["field": "max_concurrent"])
        }
        guard settings.attemptTimeoutMS >= 0, settings.staleCommitsMax >= 0 else {
            throw DomainError(
                .invalidArgument, "Times and counts of a run must not be negative.", details: ["field": "settings"])
        }
        try AgentRules.check(tags: settings.workerTags)
        for kind in settings.agentKinds { try Names.checkWord(kind, field: "agent_kinds") }
        if !settings.planner.isEmpty {
            guard input.spec.contains(where: { !$0.isWhitespace }) else {
                throw DomainError(
                    .invalidArgument, "A planner needs a goal to plan for. Give one with --spec.",
                    details: ["field": "spec"])
            }
        }
    }

    /// Open tasks that no other live run has taken.
    private static func scope(_ input: Input, excluding live: Set<RunID>, in tx: any StoreTransaction) throws
        -> [WorkTask]
    {
        guard input.settings.planner.isEmpty else { return [] }
        var filter = TaskFilter(workspace: input.project.workspace)
        filter.project = input.project.id
        filter.plan = input.plan
        var found: [WorkTask] = []
        var request = PageRequest(limit: Limits.pageRowsMax)
        while true {
            let page = try tx.tasks.page(filter, request)
            for task in page.rows where !task.status.isFinished {
                if let owner = try tx.runs.run(of: task.id), live.contains(owner) { continue }
                found.append(task)
            }
            try Names.checkCount(found.count, max: Limits.runTasksMax, field: "tasks of a run")
            guard let next = page.next else { return found }
            request.after = next
        }
    }

    private static func nothingToDo(
        _ input: Input, live: [CoordinatorRun], in tx: any StoreTransaction
    ) throws -> DomainError {
        let key = input.project.key
        let counts = try tx.projects.counts(input.project.id)
        let all = TaskStatus.allCases.map { counts[$0] }.reduce(0, +)
        let open = TaskStatus.allCases.filter { !$0.isFinished }.map { counts[$0] }.reduce(0, +)
        let why: String
        if open > 0, let run = live.first(where: { $0.project == input.project.id }) {
            why =
                "Every open task of \(key) is in a run already: 'orca orchestration run-show --run \(run.id)' shows it, "
                + "'orca orchestration run-stop --run \(run.id)' stops it."
        } else if all > 0, open == 0 {
            why =
                "Every task of \(key) is finished. 'orca list -p \(key)' shows them; 'orca retry TASK' tries one again."
        } else {
            why =
                "Create tasks in \(key) before running ('orca orchestration task-create' or 'orca plan import'), or have an "
                + "agent make them with --planner."
        }
        return DomainError(.nothingReady, "No tasks found. \(why)", details: ["project": key])
    }

    /// The work of the planning agent is a task like any other.
    private static func planTask(
        _ run: CoordinatorRun, _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        var draft = TaskDraft(title: "Plan: " + PlanningBrief.headline(of: input.spec))
        draft.spec = PlanningBrief.text(goal: input.spec, run: run.id, project: input.project.key)
        return try CreateTask.run(CreateTask.Input(project: input.project, draft: draft), in: tx, context)
    }
}
