import OrcaAPI
import OrcaAgents
import OrcaDomain
import OrcaSupport

/// `orca worktree create`
enum WorktreeCreate {
    /// Milliseconds a creation may take: a fetch, a large checkout, and an hour of setup.
    private static let patienceMS: Int64 = 5 * 60_000
    private static let setupPatienceMS: Int64 = 65 * 60_000
    private static let setups = ["run", "skip", "inherit"]

    static var command: Command {
        ContractCommand.verb(
            "create", "Make a worktree from the base as it is now.", changes: true,
            flags: [
                .value(
                    "name", .text, "NAME", "Becomes directory and branch; gets a number when it is taken.",
                    required: true),
                .value("repo", .text, "SELECTOR", "The repository; else that of the worktree here."),
                .value("project", .entity(.project), "KEY", "The repository of this project."),
                .value("host", .text, "HOST", "With --project: only `local`."),
                .value("project-host-setup", .text, "ID", "Not supported: use --repo or --project."),
                .value("base-branch", .text, "REF", "What it starts from; else the repository's base."),
                .value("agent", .choice(AgentCatalogue.all.map(\.id)), "AGENT", "Start this coding agent in it."),
                .value("prompt", .text, "TEXT", "The agent's first prompt."),
                .value(
                    "setup", .choice(setups), "HOW",
                    "The setup script of orca.yaml: run, skip or inherit (not run, with a warning)."),
                .toggle("run-hooks", "The same as --setup run."),
                .value("issue", .text, "N", "Number of the issue it is about."),
                .value("linear-issue", .text, "ID", "Linear issue it is about."),
                .value("comment", .text, "TEXT", "A remark; a task_… in it names the work it belongs to."),
                .value("parent-worktree", .text, "SELECTOR", "The worktree it belongs to."),
                .toggle("no-parent", "It belongs to none."),
                .toggle("activate", "Accepted for compatibility."),
            ],
            examples: [.init("orca worktree create --name audit --agent codex --json", "")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let request = try request(call)
        let patience = request.setup == .run ? setupPatienceMS : patienceMS
        let made = try call.callPatiently(Operations.createWorktree, request, atMost: patience)
        let tree = made.worktree ?? .init()
        var result: JSONValue = [
            "worktree": CheckoutJSON.worktree(tree), "lineage": CheckoutJSON.lineage(tree), "workspaceLineage": nil,
            "warnings": .array(made.warnings.map(CheckoutJSON.warning)),
        ]
        let remarks = made.warnings.map(\.message)
        if !remarks.isEmpty { result = result.adding(["warning": .string(remarks.joined(separator: " "))]) }
        var text = WorktreeCommands.summary(tree)
        if let terminal = made.startupTerminal {
            result = result.adding(["startupTerminal": startup(terminal)])
            if terminal.spawned { text += "\nterminal: \(terminal.handle)" }
        }
        var answer = ContractAnswer(result, text)
        answer.notes = remarks.map { "warning: \($0)" }
        if let problem = made.startupTerminal?.problem, !problem.isEmpty { answer.notes.append("warning: \(problem)") }
        return answer
    }

    private static func startup(_ terminal: OrcaV1.CreateWorktreeResponse.StartupTerminal) -> JSONValue {
        guard terminal.spawned else { return ["spawned": false, "problem": .string(terminal.problem)] }
        return [
            "spawned": true, "handle": .string(terminal.handle), "tabId": .text(terminal.tabId),
            "paneKey": .text(terminal.paneKey), "ptyId": .text(terminal.ptyId), "surface": "background",
        ]
    }

    private static func request(_ call: ContractCall) throws(APIError) -> OrcaV1.CreateWorktreeRequest {
        try checkTargets(call)
        var request = OrcaV1.CreateWorktreeRequest()
        request.workspace = call.workspace
        request.name = try call.required("name")
        request.repo = call.text("repo") ?? ""
        request.project = call.text("project") ?? ""
        request.directory = call.base.context.workingDirectory
        request.baseBranch = call.text("base-branch") ?? ""
        request.setup = try setup(call)
        if let issue = try call.positiveInteger("issue") { request.issue = Int32(clamping: issue) }
        request.linearIssue = call.text("linear-issue") ?? ""
        request.comment = call.text("comment") ?? ""
        if let parent = call.text("parent-worktree") { request.parentWorktree = try WorktreeHere.resolve(parent, call) }
        request.noParent = call.isOn("no-parent")
        request.environmentWorktree = call.base.context.variable("ORCA_WORKTREE_ID") ?? ""
        request.callerTerminal = call.base.context.variable(ContractIdentity.variable) ?? ""
        request.agent = call.text("agent") ?? ""
        request.prompt = call.text("prompt") ?? ""
        if !request.agent.isEmpty, AgentCatalogue.find(request.agent) == nil {
            throw .invalid("Unknown TUI agent \"\(request.agent)\"")
        }
        if request.agent.isEmpty, !request.prompt.isEmpty { throw .invalid("--prompt requires --agent") }
        return request
    }

    private static func checkTargets(_ call: ContractCall) throws(APIError) {
        let targets = ["repo", "project", "project-host-setup"].filter { call.text($0) != nil }
        guard targets.count < 2 else {
            throw .invalid("Choose one of \(targets.map { "--" + $0 }.joined(separator: ", ")).")
        }
        guard targets != ["project-host-setup"], [nil, "local"].contains(call.text("host")) else {
            throw .contract(
                "method_not_supported", .invalidArgument, "Worktrees are made on the server's own machine.",
                next: ["Pass --repo <selector> or --project <key>."])
        }
        guard call.text("parent-worktree") == nil || !call.isOn("no-parent") else {
            throw .invalid("Choose one of --parent-worktree, --no-parent.")
        }
    }

    private static func setup(_ call: ContractCall) throws(APIError) -> OrcaV1.CreateWorktreeRequest.Setup {
        let word = call.text("setup") ?? (call.isOn("run-hooks") ? "run" : "inherit")
        switch word {
        case "run": return .run
        case "skip": return .skip
        case "inherit": return .inherit
        default: throw .invalid("Invalid --setup value. Supported: \(setups.joined(separator: ", "))")
        }
    }
}
