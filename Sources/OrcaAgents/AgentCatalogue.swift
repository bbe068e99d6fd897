import OrcaSupport

/// All coding agents that Orca knows.
package enum AgentCatalogue {
    package static let all: [AgentProgram] = [
        AgentProgram(
            "claude", "Claude Code", ["claude"], .argument, titles: ["claude"], hooks: .claudeSettings,
            asksForTrust: true),
        AgentProgram(
            "claude-agent-teams", "Claude Code agent teams", ["claude"], .argument, titles: ["claude"],
            hooks: .claudeSettings, asksForTrust: true,
            environment: ["CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS": "1"]),
        AgentProgram("openclaude", "OpenClaude", ["openclaude"], .argument, titles: ["openclaude"]),
        AgentProgram(
            "codex", "Codex", ["codex"], .argument, titles: ["codex"], hooks: .codexNotify, trust: .codex),
        AgentProgram("autohand", "Autohand", ["autohand"], .typed),
        AgentProgram("ante", "Ante", ["ante"], .typed),
        AgentProgram(
            "opencode", "OpenCode", ["opencode"], .flag("--prompt"), titles: ["opencode"], hooks: .openCodePlugin),
        AgentProgram("mimo-code", "MiMo Code", ["mimo"], .flag("--prompt"), titles: ["mimo"]),
        AgentProgram("pi", "Pi", ["pi"], .argument),
        AgentProgram("omp", "OMP", ["omp"], .typed),
        AgentProgram(
            "gemini", "Gemini CLI", ["gemini"], .flag("--prompt-interactive"), titles: ["gemini"],
            asksForTrust: true),
        AgentProgram(
            "antigravity", "Antigravity", ["agy"], .flag("--prompt-interactive"), titles: ["antigravity", "agy"]),
        AgentProgram("aider", "Aider", ["aider"], .typed, titles: ["aider"]),
        AgentProgram("goose", "Goose", ["goose"], .typed),
        AgentProgram("amp", "Amp", ["amp"], .typed),
        AgentProgram("kilo", "Kilo Code", ["kilo"], .typed),
        AgentProgram("kiro", "Kiro", ["kiro-cli", "chat", "--tui"], .typed),
        AgentProgram("crush", "Crush", ["crush"], .typed),
        AgentProgram("aug", "Auggie", ["auggie"], .typed),
        AgentProgram("cline", "Cline", ["cline"], .typed),
        AgentProgram("codebuff", "Codebuff", ["codebuff"], .typed),
        AgentProgram("command-code", "Command Code", ["command-code", "--trust"], .argument),
        AgentProgram("continue", "Continue", ["cn"], .typed),
        AgentProgram(
            "cursor", "Cursor", ["cursor-agent"], .argument, titles: ["cursor"], submitsPushedText: false,
            trust: .cursor),
        AgentProgram("droid", "Droid", ["droid"], .argument, titles: ["droid"]),
        AgentProgram("kimi", "Kimi CLI", ["kimi"], .typed),
        AgentProgram("mistral-vibe", "Mistral Vibe", ["vibe"], .typed),
        AgentProgram("qwen-code", "Qwen Code", ["qwen"], .typed),
        AgentProgram("rovo", "Rovo Dev", ["acli", "rovodev", "run"], .typed),
        AgentProgram("hermes", "Hermes", ["hermes", "--tui"], .typed, titles: ["hermes"]),
        AgentProgram("openclaw", "OpenClaw", ["openclaw"], .typed, titles: ["openclaw"]),
        AgentProgram("copilot", "GitHub Copilot", ["copilot"], .flag("-i"), titles: ["copilot"], trust: .copilot),
        AgentProgram("grok", "Grok", ["grok"], .typed, titles: ["grok"]),
        AgentProgram("devin", "Devin", ["devin"], .typed, titles: ["devin"]),
    ]

    /// The agent of that id.
    package static func find(_ id: String) -> AgentProgram? { all.first { $0.id == id } }

    /// The agent of that id; otherwise the words that the command line answers with.
    package static func require(_ id: String) throws(AgentError) -> AgentProgram {
        if let found = find(id) { return found }
        throw AgentError(.unknownAgent, "Unknown TUI agent \"\(id)\"")
    }

    /// The agents that a group like `@claude` means; `name` comes without its `@`, in any case.
    package static func group(_ name: String) -> [AgentProgram] {
        let wanted = name.lowercased()
        return all.filter { $0.id == wanted || $0.titleTokens.contains(wanted) }
    }

    /// The agent whose program has this file name; a wrapper such as `node` is none.
    package static func agent(executable: String) -> AgentProgram? {
        let name = Files.split(executable).name
        return all.first { $0.executable == name }
    }

    /// The agent a title speaks of, by a whole word: `claude-3` and `~/codex/src` are none.
    package static func agent(inTitle title: String) -> AgentProgram? {
        all.first { program in program.titleTokens.contains { TitleWords.contains($0, in: title) } }
    }
}

/// Whole words in terminal titles.
package enum TitleWords {
    /// Whether the word stands in the title with no letter, digit, `.`, `/`, `\` or `-` beside it, in any case.
    package static func contains(_ word: String, in title: String) -> Bool {
        let text = Array(title.lowercased())
        let wanted = Array(word.lowercased())
        guard !wanted.isEmpty, text.count >= wanted.count else { return false }
        for start in 0...(text.count - wanted.count) where text[start..<(start + wanted.count)].elementsEqual(wanted) {
            let end = start + wanted.count
            if start > 0, joins(text[start - 1]) { continue }
            if end < text.count, joins(text[end]) { continue }
            return true
        }
        return false
    }

    private static func joins(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "./\\-".contains(character)
    }
}
