import OrcaAPI
import OrcaAgents
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// `orca hooks …`
enum HookCommands {
    static var command: Command {
        Command(
            "hooks", "Let coding agents report what they do.", section: .workers,
            discussion: """
                Sessions that Orca launches report by themselves where the agent allows it. For sessions that a person \
                starts, these commands add hooks to the agent's own configuration: beside what is there, in one step, and \
                taken out again to the byte.
                """,
            children: { [HookInstall.command, HookStatusCommand.command, HookUninstall.command] })
    }

    static let agent = Flag.value(
        "agent", .choice(HookAgent.allCases.map(\.rawValue)), "AGENT",
        "Whose hooks: \(HookAgent.allCases.map(\.rawValue).joined(separator: ", ")).", required: true)
    static let scope = Flag.value(
        "scope", .choice(HookScope.allCases.map(\.rawValue)), "SCOPE",
        "For all my sessions (user, the default), everybody's in this project (project), or mine in this project (local)."
    )
    static let dryRun = Flag.toggle("dry-run", "Show what would change, and change nothing.")

    static func installer(_ call: Invocation) throws(APIError) -> HookInstaller {
        // The parser lets only these words through.
        guard let agent = HookAgent(rawValue: call.required("agent")) else { preconditionFailure("an unknown agent") }
        return try installer(agent, HookScope(rawValue: call.text("scope") ?? "") ?? .user, call)
    }

    static func installer(
        _ agent: HookAgent, _ scope: HookScope, _ call: Invocation
    ) throws(APIError) -> HookInstaller {
        HookInstaller(
            agent, scope, program: try program(call),
            paths: HookPaths(environment: call.context.environment, project: project(call.context)),
            stateDirectory: call.context.places.stateDirectory)
    }

    /// The path that hooks run `orca` by: the one in `PATH` where that is this program, so that it stays right when the
    /// program is replaced.
    static func program(_ call: Invocation) throws(APIError) -> String {
        guard let own = ServerProgram.ownPath else {
            throw APIError(
                "program_unknown", .unavailable,
                "Where this program is cannot be found out: /proc is not mounted. Mount it.")
        }
        for folder in (call.context.environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
            let candidate = "\(folder)/orca"
            // A file that cannot be resolved is not this program.
            if (try? Paths.resolved(candidate)) == own { return candidate }
        }
        return own
    }

    /// Top of the project around the working directory.
    static func project(_ context: CLIContext) -> String {
        var folder = context.workingDirectory
        while folder.count > 1 {
            if Files.kind(folder + "/.git") != nil { return folder }
            folder = Files.split(folder).folder
        }
        return context.workingDirectory
    }

    static func json(_ change: HookInstaller.Change, _ installer: HookInstaller, dryRun: Bool) -> JSONValue {
        .object([
            .init("agent", .string(installer.agent.rawValue)), .init("scope", .string(installer.scope.rawValue)),
            .init("path", .string(change.path)), .init("changed", .bool(change.isChange)),
            .init("dryRun", .bool(dryRun)),
        ])
    }

    static func json(_ status: HookStatus, seenSecondsAgo: Int64?) -> JSONValue {
        .object([
            .init("agent", .string(status.agent.rawValue)), .init("scope", .string(status.scope.rawValue)),
            .init("path", .string(status.path)), .init("state", .string(status.state.rawValue)),
            .init("trust", .string(status.trust.rawValue)),
            .init("problem", status.problem.map { .string($0) } ?? .null),
            .init("lastEventSecondsAgo", seenSecondsAgo.map { .integer($0) } ?? .null),
        ])
    }

    static func write(_ value: JSONValue, _ call: Invocation) {
        call.context.out.write(bytes: value.jsonBytes() + [0x0A])
    }
}

extension AgentError {
    /// As the command line reports it.
    var apiError: APIError {
        switch code {
        case .unknownAgent, .unsupported, .malformedFile: APIError(code.rawValue, .invalidArgument, message)
        case .unknownSkill: APIError(code.rawValue, .notFound, message)
        case .foreignFile: APIError(code.rawValue, .conflict, message)
        case .fileUnusable: APIError(code.rawValue, .unavailable, message)
        }
    }
}

/// Runs work on agents' files whose errors go to people as the one error of the API.
func onAgentFiles<R>(_ body: () throws(AgentError) -> R) throws(APIError) -> R {
    do throws(AgentError) { return try body() } catch { throw error.apiError }
}
