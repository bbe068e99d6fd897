/// What a window title says. The agent's own rules come first, then signs that several agents share.
///
/// A title that is only a name, or a name and a task, says nothing: it stands there while the agent works as well.
package enum TitleMeaning: Sendable, Hashable {
    case working, idle, permission, nothing

    package static func of(_ title: String, by rules: AgentRules) -> TitleMeaning {
        let text = Array<Character>(title.lowercased())
        if title.lowercased().hasPrefix("claude agents") || title.lowercased() == "cursor agent" { return .nothing }
        if rules.permissionTitles.match(text) { return .permission }
        if rules.workingTitles.match(text) { return .working }
        if rules.idleTitles.match(text) { return .idle }
        return shared(title)
    }

    private static func shared(_ title: String) -> TitleMeaning {
        for scalar in title.unicodeScalars {
            switch scalar.value {
            case 0x270B: return .permission
            case 0x2726, 0x23F2: return .working
            case 0x25C7: return .idle
            default: break
            }
        }
        if title.unicodeScalars.first?.value == 0x2733 || title.hasPrefix("π - ") { return .idle }
        if title.unicodeScalars.contains(where: { (0x2801...0x28FF).contains($0.value) }) { return .working }
        return words(title.lowercased())
    }

    private static let names: Set<String> = [
        "claude", "openclaude", "codex", "copilot", "cursor", "gemini", "antigravity", "opencode", "mimo", "openclaw",
        "aider", "grok", "devin", "agy", "droid", "hermes",
    ]

    /// Words count only beside the name of an agent: `Codex ready`, `OpenCode - action required`.
    private static func words(_ title: String) -> TitleMeaning {
        let words = title.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        guard words.contains(where: names.contains) else { return .nothing }
        if title.contains("action required") || words.contains("permission") || words.contains("waiting") {
            return .permission
        }
        if words.contains("ready") || words.contains("idle") || words.contains("done") { return .idle }
        if words.contains("working") || words.contains("thinking") || words.contains("running") { return .working }
        if title.hasPrefix(". ") { return .working }
        if title.hasPrefix("* ") { return .idle }
        return .nothing
    }
}
