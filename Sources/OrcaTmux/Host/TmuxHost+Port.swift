import Glibc
import OrcaSupport
package import OrcaTerminal
import Synchronization

extension TmuxHost {
    package func start() async throws -> [AdoptedTerminal] {
        try await workers.run {
            try self.startBlocking()
            return self.panes.map { AdoptedTerminal(facts: $0.facts, status: $0.status) }
        }
    }

    private func startBlocking() throws(TerminalError) {
        do {
            try Files.makeDirectories(places.directory, mode: 0o700)
        } catch {
            throw TerminalError(.unavailable, "The directory for terminals cannot be used: \(error).")
        }
        _ = serverTurn.take(until: .never)
        defer { serverTurn.give() }
        let isThere = Files.kind(places.socket) == .socket
        if isThere {
            do {
                _ = try connect(starting: false)
            } catch {
                // What another one holds is not lost.
                if error.cause == Self.ownedCause { throw error }
                // Reading what the terminals wrote works without their server; the next `create` says what is wrong.
                log.notice("terminals' server was not found", ["error": .text(error.description)])
            }
        }
        rememberEnded()
        try startWatch()
        inbox.add(.reconcile)
    }

    package func list() async -> [TerminalStatus] { panes.map(\.status) }

    package func status(_ handle: String) async throws -> TerminalStatus { try pane(handle).status }

    package func facts(_ handle: String) async throws -> TerminalFacts { try pane(handle).facts }

    package func read(_ handle: String, _ range: TerminalReadRange) async throws -> TerminalOutput {
        let pane = try pane(handle)
        return try await workers.run {
            // What is in the file and was not taken in yet belongs to the answer.
            self.ingest(pane)
            return pane.look { $0.lines.read(range) }
        }
    }

    package func screen(_ handle: String) async throws -> TerminalScreen {
        let pane = try pane(handle)
        return try await workers.run {
            if !pane.isLive, let last = pane.look({ $0.screen }) { return last }
            do {
                return try self.screenNow(pane)
            } catch {
                guard let last = pane.look({ $0.screen }) else { throw error }
                return last
            }
        }
    }

    /// Blocks.
    func screenNow(_ pane: Pane) throws(TerminalError) -> TerminalScreen {
        let paneID = pane.facts.paneID
        do throws(TerminalError) {
            let answers = try connected().run(ScreenCapture.commands(paneID))
            guard let screen = ScreenCapture.screen(answers[0] + answers[1]) else {
                throw TerminalError.gone(pane.handle)
            }
            pane.change { $0.screen = screen }
            return screen
        } catch {
            throw error.code == .invalid ? .gone(pane.handle) : error
        }
    }

    package func changes() -> AsyncStream<TerminalChange> { subscribers.subscribe() }

    package func report(_ handle: String, _ event: AgentHookEvent) async throws {
        let pane = try livePane(handle)
        let now = HostClock.now
        publish(
            pane.change(at: now) { state in
                if !event.agentKind.isEmpty, state.facts.agentKind != event.agentKind,
                    book.ids.contains(event.agentKind)
                {
                    state.facts.agentKind = event.agentKind
                    state.detector.adopt(book.rules(for: event.agentKind), at: now)
                }
                state.detector.hooked(event, at: now)
                state.needsCapture = true
                state.needsSave = true
            })
        inbox.add(.touched(handle))
    }

    package func rename(_ handle: String, to title: String?) async throws {
        let pane = try pane(handle)
        let label = title.map { PromptText.label($0, limit: TerminalLimits.titleCharactersMax) }
        publish(pane.change { $0.title = label.flatMap { $0.isEmpty ? nil : $0 } })
        guard pane.isLive else { return }
        try await workers.run {
            let name = TmuxQuoting.literal(String((label ?? "").prefix(60)))
            _ = try self.connected().run(["rename-window -t \(pane.facts.tabID) \(name)"])
        }
    }

    package func focus(_ handle: String) async throws {
        let pane = try livePane(handle)
        try await workers.run {
            let control = try self.connected()
            let facts = pane.facts
            let viewers = try control.run(["list-clients -F \"#{client_control_mode} #{client_session}\""])[0]
            var sessions = viewers.filter { $0.hasPrefix("0 ") }.map { String($0.dropFirst(2)) }
            sessions.append(TmuxConfiguration.session)
            var commands = sessions.map {
                "select-window -t \(TmuxQuoting.word("=" + $0 + ":" + facts.tabID))"
            }
            commands.append("select-pane -t \(facts.paneID)")
            _ = try control.run(commands)
        }
    }

    package func attachCommand(_ handle: String) async throws -> [String] {
        let facts = try livePane(handle).facts
        let name = "view-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
        return [
            configuration.program, "-S", places.socket, "new-session", "-t", TmuxConfiguration.session, "-s", name, ";",
            "set-option", "destroy-unattached", "on", ";", "select-window", "-t", facts.tabID, ";", "select-pane", "-t",
            facts.paneID,
        ]
    }

    package func health() async -> TerminalHostHealth {
        // The body catches everything itself; running it cannot fail.
        let health = try? await workers.run { self.healthBlocking() }
        return health
            ?? TerminalHostHealth(version: "", isRunning: false, pid: 0, socket: places.socket, terminalCount: 0)
    }

    private func healthBlocking() -> TerminalHostHealth {
        var health = TerminalHostHealth(
            version: "", isRunning: false, pid: 0, socket: places.socket, terminalCount: panes.filter(\.isLive).count)
        do {
            health.version = try foundProgram().version
        } catch {
            health.problem = error.message
            return health
        }
        if let server = state.withLock(\.server), server.process.isAlive {
            health.isRunning = true
            health.pid = server.process.pid
        }
        return health
    }

    package func shutdown() async {
        // Nothing in the body throws.
        _ = try? await workers.run { self.shutdownBlocking() }
    }

    private func shutdownBlocking() {
        let (watch, control) = state.withLock { state in
            state.isStopping = true
            defer { (state.watch, state.control) = (nil, nil) }
            return (state.watch, state.control)
        }
        inbox.stop.raise()
        watch?.join()
        control?.close()
        for pane in panes {
            if let problem = pane.save(places, force: true) {
                log.error("checkpoint failed", ["terminal": .text(pane.handle), "error": .text(problem)])
            }
        }
        subscribers.finish()
    }
}
