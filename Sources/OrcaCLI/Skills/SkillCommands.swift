import OrcaAPI
import OrcaAgents
import OrcaSupport

/// `orca skills …`
enum SkillCommands {
    static var command: Command {
        Command(
            "skills", "Teach coding agents how to use Orca.", section: .workers,
            discussion: """
                Skills are instructions in the open format that coding agents read: for coordinators and their workers \
                (orchestration), for worktrees, terminals and handoffs (orca-cli), for the task queue (orca-tasks).
                """,
            children: { [list, get, SkillInstallation.install, SkillInstallation.uninstall] })
    }

    private static var list: Command {
        Command(
            "list", "List the skills, and where they are installed.",
            discussion: "States: installed, outdated (install again), foreign (written or changed by somebody else).",
            examples: [.init("orca skills list", "What there is.")], run: runList)
    }

    private static var get: Command {
        Command(
            "get", "Print a skill.",
            arguments: [Argument("SKILL", .text, "orchestration, orca-cli or orca-tasks.")],
            flags: [.toggle("full", "Accepted for compatibility: a skill is always printed whole.")],
            examples: [.init("orca skills get orchestration", "How to coordinate agents.")],
            run: { (call) throws(APIError) in
                let skill = try onAgentFiles { () throws(AgentError) in try Skill.require(call.required("SKILL")) }
                if call.isJSON {
                    return HookCommands.write(
                        .object([
                            .init("name", .string(skill.name)), .init("description", .string(skill.description)),
                            .init("document", .string(skill.document)),
                        ]), call)
                }
                call.context.out.write(skill.document)
            })
    }

    private static func runList(_ call: Invocation) throws(APIError) {
        var rows: [JSONValue] = []
        for skill in Skill.all {
            let found = try places(of: skill, call)
            rows.append(
                .object([
                    .init("name", .string(skill.name)), .init("description", .string(skill.description)),
                    .init("installed", .array(found.map(\.json))),
                ]))
            if call.isJSON { continue }
            call.context.out.write("\(skill.name)\n")
            call.context.out.write(Wrap.text(skill.description, width: 100, indent: 4) + "\n")
            for place in found {
                call.context.out.write(
                    "    \(place.state.rawValue) for \(place.agents.joined(separator: ", ")): \(place.path)\n")
            }
        }
        if call.isJSON { HookCommands.write(.object([.init("skills", .array(rows))]), call) }
    }

    /// One file, which several agents may read.
    private struct Place {
        let path: String
        var agents: [String]
        let scope: SkillPlaces.Scope
        let state: SkillInstaller.State

        var json: JSONValue {
            .object([
                .init("path", .string(path)), .init("agents", .array(agents.map { .string($0) })),
                .init("scope", .string(scope.rawValue)), .init("state", .string(state.rawValue)),
            ])
        }
    }

    private static func places(of skill: Skill, _ call: Invocation) throws(APIError) -> [Place] {
        var found: [Place] = []
        for scope in SkillPlaces.Scope.allCases {
            for agent in SkillAgent.allCases {
                let installer = SkillInstallation.installer(agent, scope, call)
                let (path, state) = try onAgentFiles { () throws(AgentError) in
                    (try installer.path(skill), try installer.state(skill))
                }
                if state == .absent { continue }
                if let index = found.firstIndex(where: { $0.path == path }) {
                    found[index].agents.append(agent.rawValue)
                } else {
                    found.append(Place(path: path, agents: [agent.rawValue], scope: scope, state: state))
                }
            }
        }
        return found
    }
}
