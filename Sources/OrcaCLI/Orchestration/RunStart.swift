import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration run`
enum RunStart {
    static var command: Command {
        ContractCommand.verb(
            "run", "Let Orca hand out the tasks until all are finished.", changes: true, flags: flags,
            discussion: """
                Without `--plan` and `--planner` it carries out the open tasks of the project. It goes on by itself, also \
                over a restart of the server: follow it with 'orca orchestration watch --run <id>', answer what it asks \
                with 'orca gates', and read how it ended with 'orca orchestration run-show'.
                """,
            examples: [
                .init("orca orchestration run --spec 'Ship the login page' --max-concurrent 2 --json", "Two workers."),
                .init(
                    "orca orchestration run --spec 'The plan' --plan plan.yaml --agents claude,codex", "A plan file."),
                .init("orca orchestration run --spec 'Add search' --planner claude", "An agent plans first."),
            ], body: run)
    }

    private static var flags: [Flag] {
        [
            .value("spec", .text, "TEXT", "The goal.", required: true),
            ContractIdentity.flag("from", "Who is told what happens;"),
            .value(
                "poll-interval-ms", .integer(1...Int64.max), "N", "Accepted and not needed: events are not polled."),
            .value("max-concurrent", .integer(1...64), "N", "Workers at once; 4."),
            .value(
                "worktree", .text, "SELECTOR", "All workers work in this worktree; else each task gets a fresh one."),
            .value("repo", .text, "SELECTOR", "The repository fresh worktrees are made of; the project's."),
            .value("base-branch", .text, "BRANCH", "What they begin with."),
            .value("agents", .text, "KINDS", "Kinds of agents it may launch, best first, separated by commas."),
            .value("planner", .text, "KIND", "Kind of the agent that makes the tasks from the spec first."),
            .value("plan", .file, "FILE", "First make the tasks of this plan file, and carry out only them."),
            .value("plan-name", .text, "NAME", "Only the tasks of the plan of this name, made before."),
            .toggle("yes", "Take the planner's plan without asking."),
            .value("attempt-timeout-ms", .integer(1...Int64.max), "N", "End a try that takes longer than this."),
            .value("max-behind", .integer(1...100_000), "N", "With --worktree: hold work back this far behind; 20."),
            .value("worker-tags", .text, "WORDS", "What its workers have, for tasks that require it."),
            .toggle("fresh-workers", "Start a new worker for every task."),
            .toggle("no-merge", "Leave the branches as they are at the end."),
        ]
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        _ = try call.positiveInteger("poll-interval-ms")
        var request = OrcaV1.StartRunRequest()
        request.workspace = call.workspace
        request.spec = try call.required("spec")
        request.coordinator = ContractIdentity.known(call, flag: "from") ?? ""
        let sources = ["plan", "plan-name", "planner"].filter { call.text($0) != nil }
        guard sources.count < 2 else {
            throw .invalid(
                "The tasks of a run come from one place: choose one of \(sources.map { "--\($0)" }.joined(separator: ", "))."
            )
        }
        request.plan = call.text("plan-name") ?? ""
        let plan: OrcaV1.Plan? =
            if let file = call.text("plan") { try PlanCommands.read(file, call.base, format: nil) } else { nil }
        request.settings = try settings(call)
        request.project = try Board(call).findOrMake()
        if let plan { request.plan = try makeTasks(of: plan, in: request.project, call) }
        let run = try call.call(Operations.startRun, request).run ?? OrcaV1.Run()
        var answer = ContractAnswer(
            ["runId": .string(run.id), "status": .string(run.status.protoName)], "\(run.id) \(run.status.protoName)")
        answer.notes = notes(request.settings ?? OrcaV1.RunSettings(), call)
        return answer
    }

    /// Agents are looked for where they start; one that is not even here is most often not installed.
    private static func notes(_ settings: OrcaV1.RunSettings, _ call: ContractCall) -> [String] {
        // The run was begun through it, so it can be told; a note is no reason to call that a failure.
        guard (try? call.base.connectOptions.endpoint) == .local else { return [] }
        let kinds = settings.agentKinds + (settings.planner.isEmpty ? [] : [settings.planner])
        return DoctorAgents.missing(kinds, call.base).map {
            "There is no '\($0)' in PATH here. A worker that cannot be started becomes a question: see 'orca gates'."
        }
    }

    private static func settings(_ call: ContractCall) throws(APIError) -> OrcaV1.RunSettings {
        var settings = OrcaV1.RunSettings()
        settings.maxConcurrent = Int32(clamping: try call.positiveInteger("max-concurrent") ?? 0)
        settings.agentKinds = call.words("agents")
        settings.repository = call.text("repo") ?? ""
        settings.baseBranch = call.text("base-branch") ?? ""
        settings.planner = call.text("planner") ?? ""
        settings.approvePlan = call.isOn("yes")
        settings.attemptTimeoutMs = try call.positiveInteger("attempt-timeout-ms") ?? 0
        settings.maxStaleCommits = Int32(clamping: try call.positiveInteger("max-behind") ?? 0)
        settings.workerTags = call.words("worker-tags")
        settings.freshWorkers = call.isOn("fresh-workers")
        settings.skipMerge = call.isOn("no-merge")
        settings.worktree = try worktree(call)
        return settings
    }

    /// The id of the worktree that the selector names.
    private static func worktree(_ call: ContractCall) throws(APIError) -> String {
        guard let selector = call.text("worktree") else { return "" }
        if selector == "active" || selector == "current" { return try WorktreeHere.find(call).id }
        var request = OrcaV1.GetWorktreeRequest()
        request.workspace = call.workspace
        request.worktree = selector
        return try call.call(Operations.getWorktree, request).worktree?.id ?? ""
    }

    /// Importing the same plan again changes only what changed, so a run that was refused can be started again.
    private static func makeTasks(
        of plan: OrcaV1.Plan, in project: String, _ call: ContractCall
    ) throws(APIError) -> String {
        var request = OrcaV1.ImportPlanRequest()
        request.workspace = call.workspace
        request.project = project
        request.plan = plan
        _ = try call.call(Operations.importPlan, request)
        return plan.name
    }
}
