import OrcaSupport

/// Reads one agent's rules from JSON. Every field but `id` may be missing; an unknown one is a mistake worth telling.
enum AgentRulesReader {
    private static let patternsMax = 200

    static func read(_ value: JSONValue) throws(AgentRuleBook.Malformed) -> AgentRules {
        guard case .object(let members) = value, let id = value["id"]?.stringValue, !id.isEmpty else {
            throw AgentRuleBook.Malformed(description: "every agent needs an \"id\"")
        }
        var rules = AgentRules(id: id)
        for member in members where member.name != "id" {
            try set(member, in: &rules)
        }
        return rules
    }

    private static func set(_ member: JSONValue.Member, in rules: inout AgentRules) throws(AgentRuleBook.Malformed) {
        let (name, value) = (member.name, member.value)
        let place = "\(rules.id).\(name)"
        switch name {
        case "programs": rules.programs = try strings(value, place)
        case "working_titles": rules.workingTitles = try patterns(value, place)
        case "idle_titles": rules.idleTitles = try patterns(value, place)
        case "permission_titles": rules.permissionTitles = try patterns(value, place)
        case "animated_title": rules.hasAnimatedTitle = try flag(value, place)
        case "busy": rules.busyRows = try patterns(value, place)
        case "not_busy": rules.notBusyRows = try patterns(value, place)
        case "prompt": rules.promptRows = try patterns(value, place)
        case "empty_prompt": rules.emptyPromptRows = try patterns(value, place)
        case "menu": rules.menuRows = try patterns(value, place)
        case "rate_limit": rules.rateLimitRows = try patterns(value, place)
        case "ready": rules.readyScreens = try groups(value, place)
        case "dialogs": rules.dialogs = try dialogs(value, place)
        case "paste_mode_tells_turns": rules.pasteModeTellsTurns = try flag(value, place)
        case "push_without_enter": rules.pushesWithoutEnter = try flag(value, place)
        case "shell": rules.isShell = try flag(value, place)
        default: throw AgentRuleBook.Malformed(description: "\(place): there is no such rule")
        }
    }

    private static func dialogs(
        _ value: JSONValue, _ place: String
    ) throws(AgentRuleBook.Malformed) -> [AgentRules.Dialog] {
        var found: [AgentRules.Dialog] = []
        for entry in value.arrayValue ?? [] {
            guard let reason = entry["reason"]?.stringValue, let rows = entry["rows"] else {
                throw AgentRuleBook.Malformed(description: "\(place): every dialog needs \"reason\" and \"rows\"")
            }
            found.append(
                AgentRules.Dialog(
                    reason: reason, isPermission: entry["permission"]?.boolValue ?? false,
                    rows: try patterns(rows, place)))
        }
        return found
    }

    private static func groups(_ value: JSONValue, _ place: String) throws(AgentRuleBook.Malformed) -> [[TextPattern]] {
        var found: [[TextPattern]] = []
        for group in value.arrayValue ?? [] { found.append(try patterns(group, place)) }
        return found
    }

    private static func patterns(_ value: JSONValue, _ place: String) throws(AgentRuleBook.Malformed) -> [TextPattern] {
        try strings(value, place).map { TextPattern($0) }
    }

    private static func strings(_ value: JSONValue, _ place: String) throws(AgentRuleBook.Malformed) -> [String] {
        guard let values = value.arrayValue, values.count <= patternsMax else {
            throw AgentRuleBook.Malformed(description: "\(place) must be a list of at most \(patternsMax) texts")
        }
        var texts: [String] = []
        for value in values {
            guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= 500 else {
                throw AgentRuleBook.Malformed(description: "\(place) must hold texts of 1 to 500 bytes")
            }
            texts.append(text)
        }
        return texts
    }

    private static func flag(_ value: JSONValue, _ place: String) throws(AgentRuleBook.Malformed) -> Bool {
        guard let flag = value.boolValue else {
            throw AgentRuleBook.Malformed(description: "\(place) must be true or false")
        }
        return flag
    }
}
