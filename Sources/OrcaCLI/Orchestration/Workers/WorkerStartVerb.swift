import OrcaAPI
import OrcaAgents
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration worker-start`
enum WorkerStartVerb {
    /// A fetch, a large checkout and an agent that starts.
    private static let patienceMS: Int64 = 10 * 60_000
    private static let promptStandardMS: Int64 = 120_000
    private static let nameCharactersMax = 40

    static var command: Command {
        ContractCommand.verb(
            "worker-start", "Start an agent on a task: worktree, terminal and prompt in one step.", changes: true,
            flags: [
                .value("task", .entity(.task), "TASK", "The task; it must be ready."),
                .value("spec", .text, "TEXT", "Or make this task first."),
                .value("agent", .choice(AgentCatalogue.all.map(\.id)), "AGENT", "Start this coding agent."),
                .value("terminal", .text, "HANDLE", "Or take the agent that runs there."),
                .value(
                    "worktree", .text, "WHERE",
                    "new (the default), new-child, new-top-level, current, or the selector of a worktree."),
                .value("name", .text, "NAME", "With a new worktree: its directory and branch; the task's title."),
                .value("repo", .text, "SELECTOR", "With a new worktree: the repository; else the one here."),
                .value("base-branch", .text, "REF", "With a new worktree: what it starts from."),
                .value("setup", .choice(["run", "skip", "inherit"]), "HOW", "With a new worktree: its setup script."),
                .value("timeout-ms", .integer(1...Int64(Int32.max)), "N", "How long to wait for the prompt; 120000."),
                ContractIdentity.flag("from", "Who gets the mail of this work;"),
            ],
            discussion: """
                The answer says how far it came: `state` is `working` once the agent took the prompt, and `starting` while \
                the prompt waits for the agent to be ready; it is typed as soon as that is so. Sent again with \
                `--retry-request`, nothing is started twice.
                """,
            examples: [
                .init("orca orchestration worker-start --task task_1 --agent codex --json", "In a fresh worktree."),
                .init("orca orchestration worker-start --spec 'Fix the login' --agent claude --worktree current", ""),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        try check(call)
        let task = try task(call)
        let terminal = if let named = call.text("terminal") { named } else { try start(task, call) }
        var request = OrcaV1.DispatchTaskRequest()
        request.workspace = call.workspace
        request.task = task.id
        request.terminal = terminal
        request.coordinator = ContractIdentity.known(call, flag: "from") ?? ""
        request.inject = true
        request.waitMs = Int32(clamping: try call.positiveInteger("timeout-ms") ?? promptStandardMS)
        let response = try call.callPatiently(Operations.dispatchTask, request, atMost: patienceMS)
        let row = WorkerRow(
            dispatch: response.dispatch ?? .init(), terminal: try WorkerLookup(call).terminals()[terminal])
        var answer = ContractAnswer(["worker": row.json], row.line)
        if response.queued { answer.notes = ["The prompt is queued; it is typed as soon as \(terminal) can take it."] }
        return answer
    }

    private static func check(_ call: ContractCall) throws(APIError) {
        guard (call.text("task") == nil) != (call.text("spec") == nil) else {
            throw .invalid("Name the work in one way: --task <id> or --spec <text>.")
        }
        guard (call.text("agent") == nil) != (call.text("terminal") == nil) else {
            throw .invalid("Name the worker in one way: --agent <kind> or --terminal <handle>.")
        }
        if let kind = call.text("agent"), AgentCatalogue.find(kind) == nil {
            throw .invalid("Unknown TUI agent \"\(kind)\"")
        }
        let placing = ["worktree", "name", "repo", "base-branch", "setup"].filter { call.text($0) != nil }
        guard call.text("terminal") == nil || placing.isEmpty else {
            throw .invalid("--terminal has its place already: leave out --\(placing.joined(separator: ", --")).")
        }
    }

    private static func task(_ call: ContractCall) throws(APIError) -> OrcaV1.Task {
        if let spec = call.text("spec") {
            var request = OrcaV1.CreateTaskRequest()
            request.workspace = call.workspace
            request.spec = spec
            request.title = BoardTaskCreate.title(of: spec)
            request.project = try Board(call).findOrMake()
            return try call.call(Operations.createTask, request).task ?? .init()
        }
        let word = try call.required("task")
        var request = OrcaV1.GetTaskRequest()
        request.workspace = call.workspace
        request.task = word
        do throws(APIError) {
            let task = try call.call(Operations.getTask, request).task ?? .init()
            // Before anything is made for it; the dispatch asks again.
            guard task.status == .ready || task.status == .dispatched else {
                throw APIError(
                    ErrorCode.taskNotReady.rawValue, .conflict,
                    "Task \(task.id) is not ready (status: \(task.status.protoName)). 'orca explain \(task.ref)' says why."
                )
            }
            return task
        } catch {
            throw BoardTask.restate(error, word)
        }
    }

    /// The terminal of a new agent.
    private static func start(_ task: OrcaV1.Task, _ call: ContractCall) throws(APIError) -> String {
        let place = call.text("worktree") ?? "new"
        if ["new", "new-child", "new-top-level"].contains(place) { return try startInNewWorktree(place, task, call) }
        var find = OrcaV1.GetWorktreeRequest()
        find.workspace = call.workspace
        find.worktree = try WorktreeHere.resolve(place, call)
        let tree = try call.call(Operations.getWorktree, find).worktree ?? .init()
        let kind = call.text("agent") ?? ""
        var request = OrcaV1.CreateTerminalRequest()
        request.workspace = call.workspace
        request.directory = tree.path
        request.worktree = tree.id
        request.title = task.title
        request.agentKind = kind
        request.arguments = AgentCatalogue.find(kind)?.command ?? [kind]
        return try call.call(Operations.createTerminal, request).terminal?.handle ?? ""
    }

    private static func startInNewWorktree(
        _ place: String, _ task: OrcaV1.Task, _ call: ContractCall
    ) throws(APIError) -> String {
        var request = OrcaV1.CreateWorktreeRequest()
        request.workspace = call.workspace
        request.name = call.text("name") ?? name(of: task)
        request.repo = call.text("repo") ?? ""
        if request.repo.isEmpty { request.project = call.base.project ?? "" }
        request.directory = call.base.context.workingDirectory
        request.baseBranch = call.text("base-branch") ?? ""
        request.setup =
            switch call.text("setup") {
            case "run": .run
            case "skip": .skip
            default: .inherit
            }
        request.comment = task.id
        request.noParent = place == "new-top-level"
        request.environmentWorktree = call.base.context.variable("ORCA_WORKTREE_ID") ?? ""
        request.callerTerminal = call.base.context.variable(ContractIdentity.variable) ?? ""
        request.agent = call.text("agent") ?? ""
        let made = try call.callPatiently(Operations.createWorktree, request, atMost: patienceMS)
        guard let terminal = made.startupTerminal, terminal.spawned else {
            throw APIError(
                "worker_not_started", .internal,
                "The worktree \(made.worktree?.path ?? "") is there, but its agent could not be started: "
                    + (made.startupTerminal?.problem ?? "the server has no terminals") + ".")
        }
        return terminal.handle
    }

    /// Words of the title that make a directory and a branch.
    private static func name(of task: OrcaV1.Task) -> String {
        let words = task.title.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        let short = String(words.prefix(nameCharactersMax))
        return short.isEmpty ? task.ref.lowercased() : short
    }
}
