import Glibc
import OrcaSupport
import OrcaTerminal
import OrcaTestKit
import OrcaTmux
import Testing

/// What happens around the terminals: servers come and go, connections break, and most of the time nothing happens.
@Suite struct HostLifeTests {
    /// Wakes between two looks at all panes: the looks themselves, what they answer, and what is saved and drawn then.
    private static let idleRoundsMax = 20

    /// Wakes from one look at all panes to the next.
    private func roundsOfOneLook(_ host: TmuxHost) async throws -> Int {
        let before = host.counters.reconciles
        try await awaitTruth("looked at all panes") { host.counters.reconciles > before }
        let start = host.counters
        try await awaitTruth("looked at all panes again") { host.counters.reconciles > start.reconciles }
        return host.counters.rounds - start.rounds
    }

    private func shell(_ fixture: TmuxFixture, _ host: TmuxHost) async throws -> String {
        let handle = TestHandle.next()
        _ = try await host.create(TerminalSpec(handle: handle, directory: fixture.directory))
        try await host.awaitIdle(handle)
        return handle
    }

    private func type(_ text: String, into handle: String, _ host: TmuxHost) async throws {
        let receipt = try await host.inject(handle, text, InjectionOptions(guards: .explicit))
        #expect(receipt.stage == .submitted, "\(text)")
    }

    /// The process of a client of ours, or of the terminals' server.
    private func pids(_ fixture: TmuxFixture, _ arguments: [String]) throws -> [Int32] {
        try fixture.tmux(arguments).outputText.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    }

    private func controlClients(_ fixture: TmuxFixture) throws -> [Int32] {
        try pids(fixture, ["list-clients", "-F", "#{client_pid}"])
    }

    private func server(_ fixture: TmuxFixture) throws -> Int32 {
        try #require(try pids(fixture, ["display-message", "-p", "#{pid}"]).first)
    }

    @Test func nothingWakesTheHostWhileNothingHappens() async throws {
        try await TmuxFixture.run { fixture, host in
            #expect(try await roundsOfOneLook(host) <= Self.idleRoundsMax, "without terminals")
            let kept = try await shell(fixture, host)
            let agent = try await FakeAgent.start("claude", in: fixture, host)
            try await host.awaitIdle(agent.handle)
            let closed = try await shell(fixture, host)
            _ = try await host.close(closed)
            let ended = try await shell(fixture, host)
            _ = try await host.stop(ended)
            #expect(try await roundsOfOneLook(host) <= Self.idleRoundsMax, "with idle, closed and ended terminals")
            kill(try server(fixture), SIGKILL)
            try await host.awaitStatus(kept, "lost") { $0.exit == .lost }
            #expect(try await roundsOfOneLook(host) <= Self.idleRoundsMax, "without the terminals' server")
            #expect(host.counters.connections == 1)
        }
    }

    @Test func anotherServerOfOursTakesTheTerminalsOver() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            try await type("echo before-$((1+1))", into: handle, host)
            try await host.awaitOutput(handle, "before-2")
            try await host.awaitIdle(handle)
            let epoch = try await host.status(handle).epoch
            await host.shutdown()
            let pane = try #require(
                try fixture.tmux(["list-panes", "-a", "-F", "#{@orca_id} #{pane_id}"]).outputText
                    .split(separator: "\n").first { $0.hasPrefix(handle) }?.split(separator: " ").last)
            // Nobody listens now; what is written stays.
            _ = try fixture.tmux(["send-keys", "-t", String(pane), "echo between-$((2+2))", "Enter"])
            try await awaitTruth("the shell has written") {
                try Files.readText(fixture.folder.path("state/terminals/\(handle).out")).contains("between-4")
            }
            let next = fixture.host()
            let adopted = try await next.start()
            #expect(adopted.map(\.facts.handle) == [handle])
            let output = try await next.awaitOutput(handle, "between-4")
            #expect(output.lines.contains { $0.contains("before-2") })
            #expect(try await next.status(handle).epoch == epoch)
            try await next.awaitIdle(handle)
            try await type("echo after-$((3+3))", into: handle, next)
            try await next.awaitOutput(handle, "after-6")
            await next.shutdown()
        }
    }

    @Test func twoServersOfOursDoNotFightForTheTerminals() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            await host.shutdown()
            // As a living process of somebody else would have noted itself.
            let other = try #require(ProcessTable.entry(getppid()))
            _ = try fixture.tmux(["set-option", "-s", "@orca_owner", "\(other.pid) \(other.startTime)"])
            let second = fixture.host()
            let error = await #expect(throws: TerminalError.self) { try await second.start() }
            #expect(error?.message.contains("Another orcad (process \(other.pid))") == true)
            #expect(try fixture.tmux(["list-panes", "-a", "-F", "#{@orca_id}"]).outputText.contains(handle))
            // Of one that has ended only the note is left.
            _ = try fixture.tmux(["set-option", "-s", "@orca_owner", "\(other.pid) 1"])
            #expect(try await second.start().map(\.facts.handle) == [handle])
            await second.shutdown()
        }
    }

    @Test func manyTerminalsThatAreOpenedAtOnceAllLive() async throws {
        try await TmuxFixture.run { fixture, host in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<15 {
                            _ = try await host.create(
                                TerminalSpec(
                                    handle: TestHandle.next(), directory: fixture.directory,
                                    command: .arguments(["cat"])))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let looks = host.counters.reconciles
            try await awaitTruth("looked at all panes") { host.counters.reconciles > looks }
            #expect(await host.list().count { $0.exit == nil } == 120)
        }
    }

    @Test func aLostConnectionIsMadeAgain() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            for round in 2...4 {
                for client in try controlClients(fixture) { kill(client, SIGKILL) }
                try await awaitTruth("connection \(round)") { host.counters.connections >= round }
                try await type("echo again-\(round)", into: handle, host)
                try await host.awaitOutput(handle, "again-\(round)")
                try await host.awaitIdle(handle)
            }
            #expect(host.counters.connections <= 8)
        }
    }

    @Test func aServerThatDoesNotAnswerLosesNoTerminal() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            let server = try server(fixture)
            #expect(host.counters.connections == 1)
            let clients = try controlClients(fixture)
            kill(server, SIGSTOP)
            defer { kill(server, SIGCONT) }
            for client in clients { kill(client, SIGKILL) }
            let before = try await host.status(handle)
            // It asks, gets no answer in time, and does not take that for an end.
            await #expect(throws: TerminalError.self) { _ = try await host.focus(handle) }
            #expect(try await host.status(handle).state == before.state)
            kill(server, SIGCONT)
            try await awaitTruth("connected again", within: .seconds(30)) { host.counters.connections >= 2 }
            try await type("echo still-$((4+4))", into: handle, host)
            try await host.awaitOutput(handle, "still-8")
        }
    }

    @Test func aSocketThatWasRemovedIsMadeAgain() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            let clients = try controlClients(fixture)
            try Files.removeTree(fixture.socket)
            for client in clients { kill(client, SIGKILL) }
            try await awaitTruth("connected again") { host.counters.connections >= 2 }
            #expect(Files.kind(fixture.socket) == .socket)
            try await type("echo there-$((5+5))", into: handle, host)
            try await host.awaitOutput(handle, "there-10")
        }
    }

    @Test func afterTheirServersDeathTerminalsCanBeReadAndNewOnesOpened() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = try await shell(fixture, host)
            try await type("echo last-words", into: handle, host)
            try await host.awaitOutput(handle, "last-words")
            kill(try server(fixture), SIGKILL)
            let status = try await host.awaitStatus(handle, "lost") { $0.exit == .lost }
            #expect(status.state == .exited)
            try await host.awaitOutput(handle, "last-words")
            await #expect(throws: TerminalError.self) { _ = try await host.inject(handle, "x", InjectionOptions()) }
            let next = try await shell(fixture, host)
            try await type("echo anew", into: next, host)
            try await host.awaitOutput(next, "anew")
        }
    }

    @Test func terminalsThatAreOpenedAfterTheirDirectoryWasRemovedAreWatched() async throws {
        try await TmuxFixture.run { fixture, host in
            _ = try await shell(fixture, host)
            try Files.removeTree(fixture.folder.path("state/terminals"))
            let rounds = host.counters.reconciles
            try await awaitTruth("looked again") { host.counters.reconciles > rounds + 1 }
            let next = try await shell(fixture, host)
            try await type("echo seen", into: next, host)
            try await host.awaitOutput(next, "seen")
            try await host.awaitIdle(next)
            #expect(Files.size(fixture.folder.path("state/terminals/\(next).out")) != nil)
        }
    }
}
