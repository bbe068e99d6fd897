import OrcaAPI
import OrcaAgents
import OrcaSupport

/// `orca skills install` and `orca skills uninstall`
enum SkillInstallation {
    static var install: Command {
        Command(
            "install", "Put skills where a coding agent finds them.", arguments: [skills], flags: flags,
            discussion: """
                All skills, unless some are named. Each is one file of its own; nothing else is touched, and a second time \
                changes nothing. A file that is not Orca's, or was changed, is left alone without --force.

                `agents` is the place that the format itself names and that many agents read.
                """,
            examples: [
                .init("orca skills install --agent claude", "For all my sessions of Claude Code."),
                .init("orca skills install orchestration --agent codex --scope project", "For everybody here."),
            ],
            run: { (call) throws(APIError) in
                try run(call, "Installed", "Already installed") { (installer, skill) throws(AgentError) in
                    try installer.install(skill, force: call.isOn("force"), dryRun: call.isOn("dry-run"))
                }
            })
    }

    static var uninstall: Command {
        Command(
            "uninstall", "Take skills away again; what stood there before comes back.", arguments: [skills],
            flags: flags, examples: [.init("orca skills uninstall --agent claude", "Claude Code is as it was.")],
            run: { (call) throws(APIError) in
                try run(call, "Removed", "Not installed") { (installer, skill) throws(AgentError) in
                    try installer.uninstall(skill, force: call.isOn("force"), dryRun: call.isOn("dry-run"))
                }
            })
    }

    private static let skills = Argument("SKILL", .text, "Which; all of them.", optional: true, repeats: true)

    private static let flags = [
        Flag.value(
            "agent", .choice(SkillAgent.allCases.map(\.rawValue)), "AGENT",
            "For which agent: \(SkillAgent.allCases.map(\.rawValue).joined(separator: ", ")).", required: true),
        .value(
            "scope", .choice(SkillPlaces.Scope.allCases.map(\.rawValue)), "SCOPE",
            "For all my sessions (user, the default), or for everybody in this project (project)."),
        .toggle("force", "Also where somebody else's file stands, or a changed one."),
        .toggle("dry-run", "Only say what would change."),
    ]

    static func installer(_ agent: SkillAgent, _ scope: SkillPlaces.Scope, _ call: Invocation) -> SkillInstaller {
        SkillInstaller(
            agent, scope,
            places: SkillPlaces(
                environment: call.context.environment, project: HookCommands.project(call.context)),
            stateDirectory: call.context.places.stateDirectory)
    }

    private static func run(
        _ call: Invocation, _ done: String, _ nothing: String,
        _ body: (SkillInstaller, Skill) throws(AgentError) -> SkillInstaller.Change
    ) throws(APIError) {
        // The parser lets only these words through.
        guard let agent = SkillAgent(rawValue: call.required("agent")) else { preconditionFailure("an unknown agent") }
        let scope = SkillPlaces.Scope(rawValue: call.text("scope") ?? "") ?? .user
        let installer = installer(agent, scope, call)
        let names = call.list("SKILL")
        var rows: [JSONValue] = []
        // All names first: a mistake in the last one must not leave half of them installed.
        let wanted = try onAgentFiles { () throws(AgentError) -> [Skill] in
            var found: [Skill] = []
            for name in names { found.append(try Skill.require(name)) }
            return found
        }
        for skill in wanted.isEmpty ? Skill.all : wanted {
            let change = try onAgentFiles { () throws(AgentError) in try body(installer, skill) }
            let isPlan = call.isOn("dry-run")
            rows.append(
                .object([
                    .init("skill", .string(change.skill)), .init("path", .string(change.path)),
                    .init("before", .string(change.before.rawValue)), .init("changed", .bool(change.isChange)),
                    .init("dryRun", .bool(isPlan)),
                ]))
            if call.isJSON { continue }
            let verb = change.isChange ? (isPlan ? "Would be \(done.lowercased())" : done) : nothing
            call.context.out.write("\(verb): \(TextWidth.inert(change.path))\n")
        }
        if call.isJSON { HookCommands.write(.object([.init("changes", .array(rows))]), call) }
    }
}
