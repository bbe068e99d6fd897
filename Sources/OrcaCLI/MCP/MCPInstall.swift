import OrcaAPI
import OrcaAgents
import OrcaSupport

/// `orca mcp install`, `uninstall` and `status`
enum MCPInstall {
    static var commands: [Command] { [install, status, uninstall] }

    private static let agent = Flag.value(
        "agent", .choice(MCPAgent.allCases.map(\.rawValue)), "AGENT",
        "Which agent: \(MCPAgent.allCases.map(\.rawValue).joined(separator: ", ")).", required: true)
    private static let someAgent = Flag.value(
        "agent", .choice(MCPAgent.allCases.map(\.rawValue)), "AGENT", "Only this agent.")

    private static var install: Command {
        Command(
            "install", "Tell a coding agent about Orca.", flags: [agent, HookCommands.scope, HookCommands.dryRun],
            discussion: """
                Adds a server 'orca' to the agent's own configuration. With -w its calls go to that workspace. What is there \
                stays, comments included; a second time changes nothing. A file that cannot be read, or that has another server \
                of this name, is refused and left alone.
                """,
            examples: [
                .init("orca mcp install --agent claude", "For all my sessions of Claude Code."),
                .init("orca mcp install --agent codex -w team", "For Codex, in the workspace `team`."),
            ], run: runInstall)
    }

    private static var uninstall: Command {
        Command(
            "uninstall", "Make a coding agent forget Orca.", flags: [agent, HookCommands.scope, HookCommands.dryRun],
            discussion:
                "A file that nobody changed since gets its old bytes back; one that was made for it goes.",
            examples: [.init("orca mcp uninstall --agent claude", "Claude Code is as it was.")], run: runUninstall)
    }

    private static var status: Command {
        Command(
            "status", "Show which coding agents know about Orca.", flags: [someAgent, HookCommands.scope],
            examples: [.init("orca mcp status", "Agent by agent.")], run: runStatus)
    }

    // MARK: Running

    private static func installer(_ call: Invocation) throws(APIError) -> MCPInstaller {
        // The parser lets only these words through.
        guard let agent = MCPAgent(rawValue: call.required("agent")) else { preconditionFailure("an unknown agent") }
        return try installer(agent, HookScope(rawValue: call.text("scope") ?? "") ?? .user, call)
    }

    private static func installer(
        _ agent: MCPAgent, _ scope: HookScope, _ call: Invocation
    ) throws(APIError) -> MCPInstaller {
        let program = try HookCommands.program(call)
        let workspace = call.workspace == "default" ? [] : ["-w", call.workspace]
        return MCPInstaller(
            agent, scope, command: [program, "mcp"] + workspace,
            paths: HookPaths(environment: call.context.environment, project: HookCommands.project(call.context)),
            stateDirectory: call.context.places.stateDirectory)
    }

    private static func runInstall(_ call: Invocation) throws(APIError) {
        let installer = try installer(call)
        let dryRun = call.isOn("dry-run")
        let change = try onAgentFiles { () throws(AgentError) in try installer.install(dryRun: dryRun) }
        if call.isJSON { return HookCommands.write(json(change, installer, dryRun), call) }
        if dryRun {
            call.context.out.write(change.after.map { String(decoding: $0, as: UTF8.self) } ?? "")
            call.note(change.isChange ? "\(change.path) would become this." : "\(change.path) is as it should be.")
            return
        }
        call.context.out.write(
            change.isChange ? "Installed: \(change.path)\n" : "Already installed: \(change.path)\n")
        if change.isChange { call.note("Sessions of \(installer.agent.rawValue) that begin from now on know Orca.") }
    }

    private static func runUninstall(_ call: Invocation) throws(APIError) {
        let installer = try installer(call)
        let dryRun = call.isOn("dry-run")
        let change = try onAgentFiles { () throws(AgentError) in try installer.uninstall(dryRun: dryRun) }
        if call.isJSON { return HookCommands.write(json(change, installer, dryRun), call) }
        let verb = dryRun ? "Would be removed from" : "Removed from"
        call.context.out.write(change.isChange ? "\(verb): \(change.path)\n" : "Not installed: \(change.path)\n")
    }

    private static func runStatus(_ call: Invocation) throws(APIError) {
        let agents = call.text("agent").flatMap { MCPAgent(rawValue: $0) }.map { [$0] } ?? MCPAgent.allCases
        let scopes = call.text("scope").flatMap { HookScope(rawValue: $0) }.map { [$0] } ?? HookScope.allCases
        var found: [MCPInstallation] = []
        for agent in agents {
            for scope in scopes where scope != .local || agent == .claude || scopes.count == 1 {
                let installer = try installer(agent, scope, call)
                found.append(try onAgentFiles { () throws(AgentError) in try installer.status() })
            }
        }
        if call.isJSON { return HookCommands.write(.object([.init("servers", .array(found.map(json)))]), call) }
        var table = Table([.fixed("AGENT"), .fixed("SCOPE"), .fixed("STATE"), .flexible("FILE")])
        for status in found {
            table.add([
                .init(status.agent.rawValue), .init(status.scope.rawValue), .init(status.state.rawValue),
                .init(status.path),
            ])
        }
        call.context.out.write(call.text(table))
        for problem in found.compactMap(\.problem) { call.note(problem) }
    }

    private static func json(_ change: MCPInstaller.Change, _ installer: MCPInstaller, _ dryRun: Bool) -> JSONValue {
        [
            "agent": .string(installer.agent.rawValue), "scope": .string(installer.scope.rawValue),
            "path": .string(change.path), "changed": .bool(change.isChange), "dryRun": .bool(dryRun),
        ]
    }

    private static func json(_ status: MCPInstallation) -> JSONValue {
        [
            "agent": .string(status.agent.rawValue), "scope": .string(status.scope.rawValue),
            "path": .string(status.path), "state": .string(status.state.rawValue),
            "command": status.command.map { .array($0.map { .string($0) }) } ?? .null,
            "problem": status.problem.map { .string($0) } ?? .null,
        ]
    }
}
