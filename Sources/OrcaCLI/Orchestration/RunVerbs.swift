import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration run`
enum RunStart {
    static var command: Command {
        ContractCommand.verb(
            "run", "Let Orca hand out the tasks until all are finished.", changes: true,
            flags: [
                .value("spec", .text, "TEXT", "The goal.", required: true),
                ContractIdentity.flag("from", "Who is told what happens;"),
                .value(
                    "poll-interval-ms", .integer(1...Int64.max), "N", "Accepted and not needed: events are not polled."),
                .value("max-concurrent", .integer(1...64), "N", "Workers at once; 4."),
                .value(
                    "worktree", .text, "SELECTOR", "All workers work in this worktree; else each task gets a fresh one."
                ),
                .value("repo", .text, "SELECTOR", "The repository fresh worktrees are made of; the project's."),
                .value("base-branch", .text, "BRANCH", "What they begin with."),
                .value("agent", .text, "KINDS", "Kinds of agents it may launch, best first, separated by commas."),
                .value("planner", .text, "KIND", "Kind of the agent that makes the tasks from the spec first."),
                .value("plan", .text, "NAME", "Only the tasks of this plan."),
                .toggle("yes", "Take the plan without asking."),
                .toggle("no-merge", "Leave the branches as they are at the end."),
            ],
            examples: [
                .init("orca orchestration run --spec 'Ship the login page' --max-concurrent 2 --json", "Two workers.")
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        _ = try call.positiveInteger("poll-interval-ms")
        var settings = OrcaV1.RunSettings()
        settings.maxConcurrent = Int32(clamping: try call.positiveInteger("max-concurrent") ?? 0)
        settings.agentKinds = call.words("agent")
        settings.worktree = try worktree(call)
        settings.repository = call.text("repo") ?? ""
        settings.baseBranch = call.text("base-branch") ?? ""
        settings.planner = call.text("planner") ?? ""
        settings.approvePlan = call.isOn("yes")
        settings.skipMerge = call.isOn("no-merge")
        var request = OrcaV1.StartRunRequest()
        request.workspace = call.workspace
        request.spec = try call.required("spec")
        request.coordinator = ContractIdentity.known(call, flag: "from") ?? ""
        request.plan = call.text("plan") ?? ""
        request.settings = settings
        request.project = try Board(call).findOrMake()
        let run = try call.call(Operations.startRun, request).run ?? OrcaV1.Run()
        return ContractAnswer(
            ["runId": .string(run.id), "status": .string(run.status.protoName)], "\(run.id) \(run.status.protoName)")
    }

    private static func worktree(_ call: ContractCall) throws(APIError) -> String { call.text("worktree") ?? "" }
}

/// `orca orchestration run-stop`
enum RunStop {
    private static let runsMax: Int32 = 64

    static var command: Command {
        ContractCommand.verb(
            "run-stop", "Stop a run at once; what its workers do goes on.", changes: true,
            flags: [
                .value("run", .text, "RUN", "The run; by default the caller's, or the only one."),
                ContractIdentity.flag("from", "Whose run;"),
                .toggle("cancel-work", "Cancel what its workers do as well."),
            ],
            examples: [.init("orca orchestration run-stop --json", "Nothing more is handed out.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.StopRunRequest()
        request.workspace = call.workspace
        let named = call.text("run")
        request.run = if let named { named } else { try own(call) }
        request.cancelWork = call.isOn("cancel-work")
        let run = try call.call(Operations.stopRun, request).run ?? OrcaV1.Run()
        return ContractAnswer(["runId": .string(run.id), "stopped": true], "Stopped \(run.id)")
    }

    private static func own(_ call: ContractCall) throws(APIError) -> String {
        var request = OrcaV1.ListRunsRequest()
        request.workspace = call.workspace
        request.status = .running
        request.limit = runsMax
        let live = try call.call(Operations.listRuns, request).runs
        let caller = ContractIdentity.known(call, flag: "from")
        if let mine = live.first(where: { caller != nil && $0.coordinator == caller }) { return mine.id }
        guard let only = live.first else {
            throw .contract(ErrorCode.runNotFound.rawValue, .notFound, "No active coordinator run")
        }
        guard live.count == 1 else {
            throw .contract(
                "selector_ambiguous", .conflict, "\(live.count) coordinator runs are active, and none of them is yours",
                next: live.map { "Stop one with --run \($0.id) (\($0.project))." })
        }
        return only.id
    }
}
