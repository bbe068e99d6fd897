import OrcaSupport

/// What one call of a hook says, in the words of all agents.
package struct HookReport: Sendable, Hashable {
    package var agent: String
    /// The agent's own id of the session; empty when it gave none.
    package var session = ""
    package var event: HookEvent
    /// The tool that is used; empty outside of tools.
    package var tool = ""
    /// What a person would want to read: the last answer, the question, the error. Cut to `messageBytesMax`.
    package var message = ""
    package var directory = ""

    /// What a terminal's state needs to know of it: `question` or `permission`, or which error.
    package var detail: String {
        switch event {
        case .needsInput: asksQuestion ? "question" : "permission"
        case .error: message.contains("rate_limit") ? "rate_limit" : message
        case .sessionStart, .turnStart, .toolStart, .toolEnd, .turnEnd, .sessionEnd: tool
        }
    }

    /// It asks the person something, and does not just want to be allowed something.
    var asksQuestion = false

    package init(agent: String, event: HookEvent) {
        self.agent = agent
        self.event = event
    }

    package static let messageBytesMax = 2 << 10
}

/// Reads what agents hand to their hooks.
package enum HookPayload {
    /// - Parameters:
    ///   - event: the name given on the command line; counts when the payload names none.
    ///   - bytes: JSON, or what is left of it. Without a word of use in it the command line alone tells what happened.
    /// - Returns: `nil` for what nobody needs to know.
    package static func report(agent: HookAgent, event: String?, payload bytes: [UInt8]) -> HookReport? {
        // A payload that is cut off or no JSON still comes with its event on the command line.
        let facts = (try? JSONValue(jsonBytes: bytes)) ?? .object([])
        let name = text(facts, "hook_event_name", "hookEventName", "type") ?? event ?? ""
        guard let normalised = self.event(name, facts) ?? event.flatMap({ self.event($0, facts) }) else { return nil }
        // Cursor runs the hooks of Claude Code too.
        let isCursor = facts["cursor_version"] != nil || facts["cursorVersion"] != nil
        var report = HookReport(agent: isCursor ? HookAgent.cursor.rawValue : agent.rawValue, event: normalised)
        report.session =
            text(
                facts, "session_id", "sessionId", "sessionID", "conversation_id", "conversationId", "thread-id",
                "thread_id") ?? ""
        report.tool = text(facts, "tool_name", "toolName", "tool") ?? ""
        report.directory = text(facts, "cwd", "directory") ?? firstRoot(facts) ?? ""
        report.asksQuestion =
            normalised == .needsInput && (asking.contains(report.tool) || name.lowercased() == "elicitation")
        report.message = cut(message(normalised, facts))
        return report
    }

    /// Names of events in any spelling: `PreToolUse`, `preToolUse`, `pre_tool_use`, `tool.execute.before`.
    private static let events: [String: HookEvent] = [
        "sessionstart": .sessionStart, "sessioncreated": .sessionStart,
        "sessionend": .sessionEnd, "sessiondeleted": .sessionEnd,
        "userpromptsubmit": .turnStart, "userpromptsubmitted": .turnStart, "beforesubmitprompt": .turnStart,
        "beforeagent": .turnStart, "turnstart": .turnStart,
        "pretooluse": .toolStart, "beforetool": .toolStart, "toolexecutebefore": .toolStart,
        "beforeshellexecution": .toolStart, "beforemcpexecution": .toolStart, "permissionreplied": .toolStart,
        "posttooluse": .toolEnd, "posttoolusefailure": .toolEnd, "aftertool": .toolEnd, "toolexecuteafter": .toolEnd,
        "aftershellexecution": .toolEnd, "aftermcpexecution": .toolEnd,
        "permissionrequest": .needsInput, "permissionasked": .needsInput, "permissionupdated": .needsInput,
        "elicitation": .needsInput,
        "stop": .turnEnd, "agentstop": .turnEnd, "afteragent": .turnEnd, "sessionidle": .turnEnd,
        "agentturncomplete": .turnEnd, "interrupt": .turnEnd,
        "stopfailure": .error, "erroroccurred": .error, "sessionerror": .error,
    ]

    /// Tools that wait for the person.
    private static let asking: Set<String> = ["AskUserQuestion", "ExitPlanMode", "ask_user"]

    private static func event(_ name: String, _ facts: JSONValue) -> HookEvent? {
        let plain = name.lowercased().filter { $0.isLetter }
        if plain == "notification" { return notification(facts) }
        guard let event = events[plain] else { return nil }
        if event == .toolStart, let tool = text(facts, "tool_name", "toolName", "tool"), asking.contains(tool) {
            return .needsInput
        }
        return event
    }

    /// Only those that wait for the person; the others say what other events say better.
    private static func notification(_ facts: JSONValue) -> HookEvent? {
        if let kind = text(facts, "notification_type", "notificationType") {
            let plain = kind.lowercased().filter { $0.isLetter }
            let waits = ["permissionprompt", "toolpermission", "agentneedsinput", "elicitationdialog"].contains(plain)
            return waits ? .needsInput : nil
        }
        let words = (text(facts, "message") ?? "").lowercased()
        return words.contains("permission") || words.contains("approv") ? .needsInput : nil
    }

    private static func message(_ event: HookEvent, _ facts: JSONValue) -> String {
        switch event {
        case .turnEnd:
            text(facts, "last_assistant_message", "lastAssistantMessage", "last-assistant-message", "prompt_response")
                ?? ""
        case .needsInput: text(facts, "message", "title") ?? ""
        case .error:
            text(facts, "error_type", "errorType", "error", "message", "reason") ?? facts["error"]?["message"]?
                .stringValue
                ?? ""
        case .turnStart: text(facts, "prompt", "initialPrompt") ?? ""
        case .sessionStart: text(facts, "source") ?? ""
        case .sessionEnd: text(facts, "reason") ?? ""
        case .toolStart, .toolEnd: ""
        }
    }

    private static func text(_ facts: JSONValue, _ names: String...) -> String? {
        for name in names {
            if let value = facts[name]?.stringValue, !value.isEmpty { return value }
        }
        return nil
    }

    private static func firstRoot(_ facts: JSONValue) -> String? {
        (facts["workspace_roots"] ?? facts["workspaceRoots"])?.arrayValue?.first?.stringValue
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > HookReport.messageBytesMax else { return text }
        var kept = ""
        var room = HookReport.messageBytesMax
        for character in text {
            room -= character.utf8.count
            if room < 0 { break }
            kept.append(character)
        }
        return kept
    }
}
