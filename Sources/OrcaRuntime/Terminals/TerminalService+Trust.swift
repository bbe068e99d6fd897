import OrcaAgents
import OrcaDomain
import OrcaProtobuf
import OrcaTerminal
import Synchronization

/// Agents ask whether a directory that is new to them can be trusted. In one that Orca made they need not: it has what
/// the repository beside it has.
extension TerminalService {
    /// How long an agent is watched for its question.
    private static let trustPatienceMS: Int64 = 60_000
    /// Questions that are answered: one about the directory, one about what is in it.
    private static let trustAnswersMax = 2

    /// Tells an agent that reads it from a file. Others are answered when they ask.
    func trustAhead(_ agent: AgentProgram, _ directory: String) {
        guard let file = agent.trust else { return }
        do {
            try AgentTrust(environment: surroundings.environment).grant(
                file, worktree: directory, now: ProtoTimestamp(clock.now).text)
        } catch {
            // The agent asks its question; it works all the same.
            server.note("trusting \(directory) for \(agent.id): \(error)")
        }
    }

    /// Answers the question in the background: nobody need wait for an agent that has its prompt.
    func answerTrust(_ agent: AgentProgram, in handle: String) {
        guard agent.asksForTrust else { return }
        trusted.withLock { _ = $0.insert(handle) }
        Task { [self] in
            defer { trusted.withLock { _ = $0.remove(handle) } }
            do {
                _ = try await settle(handle, agent, isOurs: true, atMost: Self.trustPatienceMS)
            } catch {
                server.note("\(handle) was not watched while it started: \(error)")
            }
        }
    }

    /// Waits until the agent takes a prompt or something is in the way.
    func settle(
        _ handle: String, _ agent: AgentProgram, isOurs: Bool, atMost milliseconds: Int64
    ) async throws -> AgentStart.Readiness {
        let deadline = clock.now.adding(milliseconds: milliseconds)
        var answers = 0
        while true {
            let left = max(0, deadline.milliseconds - clock.now.milliseconds)
            let outcome = try await wait(handle, for: .idle, atMost: left, isWatcher: true)
            if outcome.isSatisfied { return .ready }
            if outcome.isTimedOut { return .late }
            let reason = outcome.blockedReason
            guard reason != "agent-exited", outcome.status.state != .exited else { return .ended }
            guard isOurs, agent.asksForTrust, reason.contains("trust"), answers < Self.trustAnswersMax,
                try await trust(handle, reason)
            else { return .blocked(reason) }
            answers += 1
        }
    }
}
