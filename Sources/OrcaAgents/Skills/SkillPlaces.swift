/// The agents whose places for skills Orca knows. Others read `agents`, the place that the format itself names.
package enum SkillAgent: String, Sendable, Hashable, CaseIterable {
    case claude, codex, gemini, cursor, opencode, copilot, droid, agents
}

/// Where skills go.
package struct SkillPlaces: Sendable {
    private let paths: HookPaths

    /// - Parameter project: top of the project.
    package init(environment: [String: String], project: String) {
        paths = HookPaths(environment: environment, project: project)
    }

    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// For all of this person's sessions.
        case user
        /// For everybody who works on this project.
        case project
    }

    /// The file of one skill.
    package func file(_ skill: Skill, _ agent: SkillAgent, _ scope: Scope) throws(AgentError) -> String {
        let folder =
            switch scope {
            case .user: try userFolder(agent)
            case .project: projectFolder(agent)
            }
        return "\(folder)/\(skill.name)/SKILL.md"
    }

    private func userFolder(_ agent: SkillAgent) throws(AgentError) -> String {
        switch agent {
        case .claude: try paths.folder("CLAUDE_CONFIG_DIR", ".claude") + "/skills"
        case .codex: try paths.codexHome() + "/skills"
        case .gemini: try paths.home() + "/.gemini/skills"
        case .cursor: try paths.home() + "/.cursor/skills"
        case .opencode: try paths.openCodeHome() + "/skills"
        case .copilot: try paths.folder("COPILOT_HOME", ".copilot") + "/skills"
        case .droid: try paths.home() + "/.factory/skills"
        case .agents: try paths.home() + "/.agents/skills"
        }
    }

    /// All but Claude Code read the common place, so that one file serves them.
    private func projectFolder(_ agent: SkillAgent) -> String {
        switch agent {
        case .claude: paths.project + "/.claude/skills"
        case .codex, .gemini, .cursor, .opencode, .copilot, .droid, .agents: paths.project + "/.agents/skills"
        }
    }
}
