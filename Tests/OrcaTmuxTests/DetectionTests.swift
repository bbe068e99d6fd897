import Glibc
import OrcaSupport
import OrcaTerminal
import OrcaTestKit
import OrcaTmux
import Testing

/// Programs that play the known agents, in real tmux: what is detected is held against what they truly did.
@Suite struct DetectionTests {
    /// The agent's own clock and ours differ by a few writes.
    private static let slackMS: Int64 = 60

    /// No idle was told while the agent truly did something else.
    private func checkNoFalseIdle(_ trace: StateTrace, _ agent: FakeAgent) async throws {
        let truth = try agent.truth()
        for step in await trace.steps() where step.status.state == .idle {
            let actual = truth.last { $0.at <= step.at + Self.slackMS }
            #expect(actual?.state == "idle", "\(agent.style): told idle at \(step.at), was \(actual?.state ?? "?")")
        }
    }

    private func submit(_ text: String, _ agent: FakeAgent, _ host: TmuxHost) async throws {
        let receipt = try await host.inject(agent.handle, text, InjectionOptions())
        #expect(receipt.stage == .submitted, "\(agent.style): \(text)")
    }

    /// The same with every agent at the same time, each in its own terminal.
    private func withEach(
        _ styles: [String], _ body: @escaping @Sendable (String, TmuxFixture, TmuxHost) async throws -> Void
    ) async throws {
        try await TmuxFixture.run { fixture, host in
            await withTaskGroup(of: Void.self) { group in
                for style in styles {
                    group.addTask {
                        do {
                            try await body(style, fixture, host)
                        } catch {
                            Issue.record("\(style): \(error)")
                        }
                    }
                }
            }
        }
    }

    @Test func aTurnIsSeenFromItsStartToItsEnd() async throws {
        try await withEach(FakeAgent.styles) { style, fixture, host in
            let agent = try await FakeAgent.start(style, in: fixture, host)
            let trace = StateTrace(host, agent.handle)
            try await host.awaitIdle(agent.handle)
            for prompt in ["work", "flicker", "silent"] {
                try await submit(prompt, agent, host)
                try await host.awaitStatus(agent.handle, "working") { $0.state == .working }
                try await host.awaitIdle(agent.handle)
            }
            #expect(try agent.prompts() == ["work", "flicker", "silent"].map { FakeAgent.hex($0) })
            try await checkNoFalseIdle(trace, agent)
        }
    }

    @Test func aPermissionPromptIsSeenAndNothingIsTypedIntoIt() async throws {
        try await withEach(FakeAgent.styles) { style, fixture, host in
            let agent = try await FakeAgent.start(style, in: fixture, host)
            let trace = StateTrace(host, agent.handle)
            try await host.awaitIdle(agent.handle)
            try await submit("ask", agent, host)
            let status = try await host.awaitStatus(agent.handle, "asking") { $0.state == .permission }
            #expect(status.blockedReason == "permission-prompt")
            let refused = try await host.inject(agent.handle, "more", InjectionOptions())
            #expect(refused.stage == .refused(.permission))
            try await host.press(agent.handle, .enter)
            try await host.awaitIdle(agent.handle)
            #expect(try agent.prompts() == [FakeAgent.hex("ask")])
            try await checkNoFalseIdle(trace, agent)
        }
    }

    @Test func anInterruptWithoutAnyHookEndsTheTurn() async throws {
        let styles = ["claude", "claude-static", "codex", "gemini", "opencode", "droid", "cursor"]
        try await withEach(styles) { style, fixture, host in
            let agent = try await FakeAgent.start(style, in: fixture, host)
            try await host.awaitIdle(agent.handle)
            try await submit("esc", agent, host)
            // The hook said that a turn began; none says that it was interrupted.
            try await host.report(agent.handle, AgentHookEvent(.turnStart))
            try await host.awaitStatus(agent.handle, "working") { $0.state == .working }
            try await host.press(agent.handle, .escape)
            try await host.awaitIdle(agent.handle)
            #expect(try agent.truth().last?.state == "idle", "\(style)")
        }
    }

    @Test func aBusyAgentGetsNothing() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("codex", in: fixture, host)
            let early = try await host.inject(agent.handle, "too early", InjectionOptions())
            #expect(early.stage == .refused(.busy), "it has not started yet")
            try await host.awaitIdle(agent.handle)
            try await submit("silent", agent, host)
            let refused = try await host.inject(agent.handle, "in between", InjectionOptions())
            #expect(refused.stage == .refused(.busy))
            try await host.awaitIdle(agent.handle)
            #expect(try agent.prompts() == [FakeAgent.hex("silent")])
        }
    }

    @Test func anAgentThatDiesInItsShellIsNoticed() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("claude", in: fixture, host, by: .shell)
            try await host.awaitIdle(agent.handle)
            #expect(try await host.status(agent.handle).isAgentAlive)
            _ = try await host.inject(agent.handle, "die", InjectionOptions())
            let status = try await host.awaitStatus(agent.handle, "without its agent") { !$0.isAgentAlive }
            #expect(status.state != .exited, "its shell lives on")
            try await host.awaitStatus(agent.handle, "told its code") { $0.commandExit == 3 }
            let refused = try await host.inject(agent.handle, "anybody?", InjectionOptions())
            #expect(refused.stage == .refused(.noAgent))
        }
    }

    @Test func anAgentThatIsKilledInItsShellIsNoticed() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("gemini", in: fixture, host, by: .shell)
            try await host.awaitIdle(agent.handle)
            let shell = try await host.facts(agent.handle).pid
            let members = ProcessTree(root: shell, marker: "").members().filter { $0.pid != shell }
            for member in members { ProcessTree(root: member.pid, marker: "").kill(grace: .zero) }
            let status = try await host.awaitStatus(agent.handle, "without its agent") { !$0.isAgentAlive }
            #expect(status.exit == nil, "its shell lives on")
            try await host.awaitStatus(agent.handle, "a shell that waits") { $0.state == .idle }
        }
    }

    @Test func anAgentThatIsHeldTakesNothingUntilItGoesOn() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("claude", in: fixture, host, by: .script)
            try await host.awaitIdle(agent.handle)
            let program = try #require(ProcessTable.children(of: try await host.facts(agent.handle).pid).first)
            kill(program, SIGSTOP)
            let status = try await host.awaitStatus(agent.handle, "held") { $0.isStopped }
            #expect(status.isAgentAlive && status.state == .working, "\(status)")
            let refused = try await host.inject(agent.handle, "work", InjectionOptions())
            #expect(refused.stage == .refused(.busy))
            kill(program, SIGCONT)
            try await host.awaitIdle(agent.handle)
            try await submit("work", agent, host)
            #expect(try agent.prompts() == [FakeAgent.hex("work")])
        }
    }

    @Test func aRateLimitIsNotIdle() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("codex", in: fixture, host)
            try await host.awaitIdle(agent.handle)
            try await submit("limit", agent, host)
            let status = try await host.awaitStatus(agent.handle, "limited") { $0.state == .rateLimited }
            #expect(status.blockedReason == "rate-limited")
        }
    }
}
