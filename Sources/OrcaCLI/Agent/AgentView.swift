import OrcaAPI
import OrcaProtobuf

/// Agents for people.
enum AgentView {
    static func tone(_ status: OrcaV1.Agent.Status) -> Tone {
        switch status {
        case .online, .busy: .active
        case .idle: .good
        case .draining: .warning
        case .offline, .unknown, .unrecognized: .faint
        }
    }

    static func details(_ agent: OrcaV1.Agent?, _ call: Invocation) -> String {
        guard let agent else { return "" }
        if call.isQuiet { return agent.name + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("agent", agent.name, .strong)
        details.add("status", agent.status.protoName, tone(agent.status))
        details.add("kind", agent.kind.protoName)
        details.add("tool", agent.tool)
        details.add("works on", "\(agent.activeLeases) of \(agent.capacity)")
        details.add("tags", agent.tags)
        details.add("capabilities", agent.capabilities.keys.sorted().map { "\($0)=\(agent.capabilities[$0] ?? "")" })
        details.add("host", agent.host)
        details.add("seen", Clock.full(agent.lastSeenAt, now: now))
        details.add("id", agent.id, .faint)
        return details.text(style: call.style)
    }
}
