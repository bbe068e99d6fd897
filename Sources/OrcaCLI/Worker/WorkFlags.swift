import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import OrcaWorker

/// What `orca work` and `orca run` have in common.
enum WorkFlags {
    /// Shorter than what a person needs: a worker renews by itself, and what it leaves when it dies is free sooner.
    private static let leaseTTLMS: Int64 = 30_000

    static let all: [Flag] = [
        .value("repo", .directory, "PATH", "The git repository; here."),
        .value(
            "agents", short: "n", .integer(1...Int64(WorkOptions.agentsMax)), "N",
            "How many tasks are worked on at once; 1."),
        .value(
            "agent", short: "a", .text, "NAME", "claude or codex: run that agent; any other name is the workers' name."),
        .value("base", .text, "BRANCH", "The branch work starts from; the one that is checked out."),
        .list("tag", .text, "TAG", "Tags of the workers, for tasks that require some. Commas separate several."),
        .list("capability", .pair, "KEY=VALUE", "A fact about the workers that tasks may require."),
        .value("ttl", .duration, "DURATION", "How long a task stays held when its worker dies; 30s."),
        .value("task-timeout", .duration, "DURATION", "How long one attempt may run; as long as it likes."),
        .value("grace", .duration, "DURATION", "What a command gets to end by itself when it must; 5s."),
    ]

    static let rest = Command.Rest(
        "COMMAND ...", "The program that does a task, with its arguments; the task is on its standard input.",
        required: false)

    static let discussion = """
        Every attempt gets a fresh git worktree and a branch of its own, made from the up-to-date base. The command runs \
        there with the task on standard input and in its environment (ORCA_TASK_ID, ORCA_TASK_REF, ORCA_TASK_TITLE, \
        ORCA_LEASE_TOKEN_FILE, ORCA_RESULT_FILE, ORCA_ARTIFACTS_FILE). Its lease is kept while it runs. What it leaves \
        uncommitted is committed under your own git identity. Exit code 0 completes the task, when its contract holds; any \
        other fails the attempt. Ctrl-C gives the tasks back.
        """

    static func options(_ call: Invocation, project: String, repository: String) throws(APIError) -> WorkOptions {
        let (command, tool, prefix) = try commandLine(call)
        var options = WorkOptions(
            repository: repository, command: command, agentPrefix: prefix, environment: try environment(call),
            stateDirectory: call.context.places.stateDirectory, host: call.context.hostName)
        options.workspace = call.workspace
        options.project = project
        options.base = call.text("base") ?? ""
        options.agents = Int(call.integer("agents") ?? 1)
        options.tool = tool
        options.tags = call.words("tag")
        options.capabilities = call.pairs("capability")
        options.leaseTTLMS = Int32(clamping: call.milliseconds("ttl") ?? leaseTTLMS)
        options.timeout = call.milliseconds("task-timeout").map { .milliseconds($0) }
        if let grace = call.milliseconds("grace") { options.grace = .milliseconds(grace) }
        return options
    }

    static func repository(_ call: Invocation) -> String {
        call.text("repo").map { TextInput.absolute($0, call) } ?? call.context.workingDirectory
    }

    private static func commandLine(_ call: Invocation) throws(APIError) -> (
        command: [String], tool: String, prefix: String
    ) {
        let name = call.text("agent")
        // `--agent claude -- --model x` adds arguments; `--agent claude -- my-wrapper` brings a program of its own.
        let addsArguments = call.rest.first.map { $0.hasPrefix("-") } ?? true
        if let name, addsArguments, let known = KnownAgent(rawValue: name) {
            return (known.command(call.rest), name, "\(name)-\(call.context.processID)")
        }
        guard let program = call.rest.first else {
            let names = KnownAgent.allCases.map { "--agent \($0.rawValue)" }.joined(separator: " or ")
            throw .usage(
                "'\(call.parsed.title)' needs a program: -- COMMAND …, or \(names). See '\(call.parsed.title) --help'.")
        }
        return (call.rest, Files.split(program).name, name ?? "worker-\(call.context.processID)")
    }

    /// The environment of commands: they find this `orca` first, and the server we talk to.
    static func environment(_ call: Invocation) throws(APIError) -> [String: String] {
        var environment = call.context.environment
        if let own = ServerProgram.ownPath {
            let folder = Files.split(own).folder
            environment["PATH"] = folder + (environment["PATH"].map { ":" + $0 } ?? "")
        }
        if let url = call.text("url") { environment["ORCA_URL"] = url }
        if let socket = call.text("socket") { environment["ORCA_SOCKET"] = TextInput.absolute(socket, call) }
        if call.text("url") != nil { environment["ORCA_SOCKET"] = nil }
        if call.text("socket") != nil { environment["ORCA_URL"] = nil }
        if let server = try call.server {
            environment[ChosenContext.variable] = server.name
            environment["ORCA_URL"] = nil
            // Of a server that only we know, they learn the way.
            environment["ORCA_SOCKET"] = (try call.client() as? HTTPClient)?.embeddedSocket
        }
        return environment
    }
}
