import OrcaSupport

/// Which events of an agent are hooked, and how an entry of its configuration looks.
struct HookShape {
    /// One event of the agent that gets a hook.
    struct Event {
        let name: String
        /// In the agent's own unit.
        let timeout: Int64

        init(_ name: String, timeout: Int64) {
            self.name = name
            self.timeout = timeout
        }
    }

    enum Entry {
        /// `{"hooks":[{"type":"command",…}]}` in a list.
        case grouped
        /// `{"command":…}` in a list.
        case flat
        /// `{"type":"command","bash":…}` in a list.
        case bash
    }

    let agent: HookAgent
    let entry: Entry
    let events: [Event]
    /// Members beside `hooks` that a new file needs.
    let header: [JSONValue.Member]

    /// The shape of an agent that is configured with JSON; `nil` for those that load a program.
    static func of(_ agent: HookAgent) -> HookShape? {
        switch agent {
        case .claude:
            HookShape(
                agent: agent, entry: .grouped,
                events: [
                    "SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure",
                    "PermissionRequest", "Notification", "Stop", "StopFailure", "SessionEnd",
                ].map { Event($0, timeout: 5) }, header: [])
        case .codex:
            // It takes no more than three seconds for the end of a session.
            HookShape(
                agent: agent, entry: .grouped,
                events: ["SessionStart", "UserPromptSubmit", "PreToolUse", "PermissionRequest", "PostToolUse", "Stop"]
                    .map { Event($0, timeout: 5) } + [Event("SessionEnd", timeout: 3)], header: [])
        case .gemini:
            HookShape(
                agent: agent, entry: .grouped,
                events: [
                    "SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "Notification", "AfterAgent",
                    "SessionEnd",
                ].map { Event($0, timeout: 5000) }, header: [])
        case .cursor:
            HookShape(
                agent: agent, entry: .flat,
                events: [
                    "sessionStart", "beforeSubmitPrompt", "preToolUse", "postToolUse", "postToolUseFailure", "stop",
                    "sessionEnd",
                ].map { Event($0, timeout: 5) }, header: [JSONValue.Member("version", .integer(1))])
        case .copilot:
            HookShape(
                agent: agent, entry: .bash,
                events: [
                    "sessionStart", "userPromptSubmitted", "preToolUse", "postToolUse", "postToolUseFailure",
                    "permissionRequest", "agentStop", "errorOccurred", "notification", "sessionEnd",
                ].map { Event($0, timeout: 5) }, header: [JSONValue.Member("version", .integer(1))])
        case .opencode: nil
        }
    }

    /// The entry of an event that runs the relay.
    func wanted(_ event: Event, program: String) -> JSONValue {
        let line = HookCommand.line(agent: agent, event: event.name, program: program)
        switch entry {
        case .grouped:
            var handler: [JSONValue.Member] = [
                JSONValue.Member("type", .string("command")), JSONValue.Member("command", .string(line)),
                JSONValue.Member("timeout", .integer(event.timeout)),
            ]
            if agent == .gemini { handler.append(JSONValue.Member("name", .string("orca"))) }
            return .object([JSONValue.Member("hooks", .array([.object(handler)]))])
        case .flat:
            return .object([
                JSONValue.Member("command", .string(line)), JSONValue.Member("timeout", .integer(event.timeout)),
            ])
        case .bash:
            return .object([
                JSONValue.Member("type", .string("command")), JSONValue.Member("bash", .string(line)),
                JSONValue.Member("timeoutSec", .integer(event.timeout)),
            ])
        }
    }

    /// A whole configuration with our hooks only.
    func document(program: String) -> JSONValue {
        let events = events.map { JSONValue.Member($0.name, .array([wanted($0, program: program)])) }
        return .object(header + [JSONValue.Member("hooks", .object(events))])
    }
}

/// The command line that a hook runs.
package enum HookCommand {
    /// The relay, by its full path: a program that is gone must not stop the agent, and one that answers nothing must not
    /// be taken for a refusal.
    package static func line(agent: HookAgent, event: String, program: String) -> String {
        let path = ShellWord.quoted(program)
        let instead = agent == .gemini || agent == .cursor ? "echo '{}'" : "true"
        return "[ -x \(path) ] && \(path) \(mark(agent)) --event \(event) || \(instead)"
    }

    /// Whether a command line is one of ours, of this or another version or place.
    static func isOurs(_ line: String, agent: HookAgent) -> Bool {
        line.contains(" " + mark(agent) + " ") && line.contains("orca")
    }

    private static func mark(_ agent: HookAgent) -> String { "hook --agent \(agent.rawValue)" }
}
