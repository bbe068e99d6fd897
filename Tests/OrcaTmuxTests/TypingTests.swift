import Glibc
import OrcaSupport
import OrcaTerminal
import OrcaTestKit
import OrcaTmux
import Testing

/// A person at a terminal comes first.
@Suite struct TypingTests {
    /// Attaches as a person would, from a pseudo terminal, and types a key now and then until ended.
    private func person(_ command: [String], _ fixture: TmuxFixture, typing: Bool) throws -> SupervisedProcess {
        let script = """
            import os, pty, sys, time, select
            pid, fd = pty.fork()
            if pid == 0:
                os.environ["TERM"] = "xterm-256color"
                os.execvp(sys.argv[2], sys.argv[2:])
            print("attached", flush=True)
            next_key = time.monotonic()
            while True:
                if select.select([fd], [], [], 0.1)[0]:
                    try:
                        if not os.read(fd, 65536): break
                    except OSError:
                        break
                if sys.argv[1] == "type" and time.monotonic() >= next_key:
                    os.write(fd, b"x")
                    next_key = time.monotonic() + 0.5
            """
        let path = try fixture.folder.file("person.py", script)
        return try SupervisedProcess(
            SubprocessCommand(
                "python3", [path, typing ? "type" : "watch"] + command, environment: fixture.configuration.environment))
    }

    private func awaitViewer(_ fixture: TmuxFixture) async throws {
        try await awaitTruth("somebody is attached") {
            let clients = try fixture.tmux(["list-clients", "-F", "#{client_control_mode}"]).outputText
            return clients.split(whereSeparator: \.isNewline).contains("0")
        }
    }

    @Test func nothingIsTypedWhileAPersonTypesAndAgainOnceTheyStop() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("claude", in: fixture, host)
            let other = try await FakeAgent.start("codex", in: fixture, host)
            try await host.awaitIdle(agent.handle)
            try await host.awaitIdle(other.handle)
            let person = try person(try await host.attachCommand(agent.handle), fixture, typing: true)
            defer { person.end(grace: .milliseconds(200)) }
            try await awaitViewer(fixture)
            for _ in 0..<5 {
                let receipt = try await host.inject(agent.handle, "over them", InjectionOptions())
                #expect(receipt.stage == .refused(.typing))
            }
            #expect(try agent.prompts().isEmpty)
            #expect(try await host.status(agent.handle).lastHumanInputAtMS != nil)
            // Where nobody types it goes on.
            let receipt = try await host.inject(other.handle, "work", InjectionOptions())
            #expect(receipt.stage == .submitted)
            person.end(grace: .milliseconds(200))
            let deadline = Deadline.after(.seconds(15))
            var last = try await host.inject(agent.handle, " and now", InjectionOptions())
            while last.refusal == .typing || last.refusal == .busy, !deadline.hasPassed {
                last = try await host.inject(agent.handle, " and now", InjectionOptions())
            }
            #expect(last.stage == .submitted)
        }
    }

    @Test func aPersonWhoOnlyWatchesIsNoReasonToWait() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("gemini", in: fixture, host)
            try await host.awaitIdle(agent.handle)
            let person = try person(try await host.attachCommand(agent.handle), fixture, typing: false)
            defer { person.end(grace: .milliseconds(200)) }
            try await awaitViewer(fixture)
            let deadline = Deadline.after(.seconds(15))
            var receipt = try await host.inject(agent.handle, "work", InjectionOptions())
            // To attach is to be there: it counts as a key.
            while receipt.refusal != nil, !deadline.hasPassed {
                receipt = try await host.inject(agent.handle, "work", InjectionOptions())
            }
            #expect(receipt.stage == .submitted)
        }
    }

    @Test func whatIsTypedReachesAProgramBehindCopyMode() async throws {
        try await TmuxFixture.run { fixture, host in
            let agent = try await FakeAgent.start("droid", in: fixture, host)
            try await host.awaitIdle(agent.handle)
            let pane = try await host.facts(agent.handle).paneID
            #expect(try fixture.tmux(["copy-mode", "-t", pane]).status.isSuccess)
            let receipt = try await host.inject(agent.handle, "work", InjectionOptions())
            #expect(receipt.stage == .submitted)
            #expect(try agent.prompts() == [FakeAgent.hex("work")])
        }
    }
}
