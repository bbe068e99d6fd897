import OrcaAPI
import OrcaAgents
import OrcaSupport

/// `orca hooks status`
enum HookStatusCommand {
    static var command: Command {
        Command(
            "status", "Show which agents report to Orca, and whether they trust its hooks.",
            flags: [
                .value("agent", .choice(HookAgent.allCases.map(\.rawValue)), "AGENT", "Only this agent."),
                HookCommands.scope,
            ],
            discussion: """
                States: absent, installed, outdated (install again), malformed (left alone). Trust: not_needed, trusted, \
                untrusted or modified (Codex skips such hooks), asked (the agent asks in each project).
                """,
            examples: [.init("orca hooks status", "All agents.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let agents = call.text("agent").flatMap { HookAgent(rawValue: $0) }.map { [$0] } ?? HookAgent.allCases
        let scopes = call.text("scope").flatMap { HookScope(rawValue: $0) }.map { [$0] } ?? HookScope.allCases
        var found: [HookStatus] = []
        for agent in agents {
            for scope in scopes where scope != .local || agent == .claude || scopes.count == 1 {
                let installer = try HookCommands.installer(agent, scope, call)
                found.append(try onAgentFiles { () throws(AgentError) in try installer.status() })
            }
        }
        let seen = HookTrace(call.context.places)
        if call.isJSON {
            let rows = found.map { HookCommands.json($0, seenSecondsAgo: seen.secondsAgo($0.agent)) }
            return HookCommands.write(.object([.init("hooks", .array(rows))]), call)
        }
        var table = Table([
            .fixed("AGENT"), .fixed("SCOPE"), .fixed("STATE"), .fixed("TRUST"), .fixed("LAST EVENT"), .flexible("FILE"),
        ])
        for status in found {
            let age = seen.secondsAgo(status.agent).map { "\(DurationText.text(milliseconds: $0 * 1000)) ago" } ?? "-"
            table.add([
                .init(status.agent.rawValue), .init(status.scope.rawValue), .init(status.state.rawValue),
                .init(status.state == .absent ? "-" : status.trust.rawValue), .init(age), .init(status.path),
            ])
        }
        call.context.out.write(call.text(table))
        for problem in found.compactMap(\.problem) { call.note(problem) }
    }
}

/// When the relay was last called: the proof that an agent runs its hooks.
struct HookTrace {
    private let directory: String

    init(_ places: Places) { directory = places.stateDirectory + "/hooks" }

    func secondsAgo(_ agent: HookAgent) -> Int64? {
        Files.age(path(agent.rawValue)).map { max(0, $0.components.seconds) }
    }

    /// The trace is worth no waiting for the disk, and no failure.
    func leave(_ agent: HookAgent, _ event: String) {
        guard (try? Files.makeDirectories(directory, mode: 0o700)) != nil else { return }
        // Only the time of the write counts.
        guard let file = try? OwnedDescriptor.open(path(agent.rawValue), HookTrace.flags) else { return }
        try? file.write(Array(event.utf8))  // see above
    }

    private func path(_ agent: String) -> String { directory + "/seen-" + agent }
}
