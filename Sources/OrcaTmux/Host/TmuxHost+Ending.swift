import OrcaSupport
package import OrcaTerminal
import Synchronization

extension TmuxHost {
    /// How long a program has after the second interrupt, and its processes after they were asked to end.
    private static let interruptGrace = Duration.milliseconds(700)
    private static let killGrace = Duration.seconds(2)
    private static let restGrace = Duration.milliseconds(100)

    package func stop(_ handle: String) async throws -> Bool {
        let pane = try pane(handle)
        return try await workers.run { try self.stopBlocking(pane) }
    }

    package func close(_ handle: String) async throws -> Bool {
        let pane = try pane(handle)
        return try await workers.run {
            let wasRunning = try self.stopBlocking(pane)
            if let control = self.state.withLock(\.control), control.isOpen, self.isPaneOurs(pane) {
                do {
                    _ = try control.run(["kill-pane -t \(pane.facts.paneID)"])
                } catch {
                    // It went by itself in the meantime.
                    self.log.debug("pane was gone already", ["terminal": .text(handle), "error": .text("\(error)")])
                }
            }
            let status = pane.status
            self.forget(pane)
            self.publish([TerminalChange(.closed, status)])
            return wasRunning
        }
    }

    /// Pane numbers begin anew with every server.
    private func isPaneOurs(_ pane: Pane) -> Bool {
        guard let server = state.withLock(\.server), server.process.isAlive else { return false }
        return pane.look { $0.server == server.name }
    }

    /// Interrupts the program twice, ends the whole tree, and waits until that has shown.
    private func stopBlocking(_ pane: Pane) throws(TerminalError) -> Bool {
        guard pane.isLive else { return false }
        if let control = state.withLock(\.control), control.isOpen, isPaneOurs(pane) {
            for _ in 0..<2 where !isAtRest(pane) {
                // A pane that ends right now needs no interrupt.
                _ = try? control.run(["send-keys -t \(pane.facts.paneID) C-c"])
                waitForRest(pane, until: .after(Self.interruptGrace))
            }
        }
        // An interactive shell that waits for input ignores the request to end; there is nothing to save in it.
        guard pane.tree.kill(grace: isAtRest(pane) ? Self.restGrace : Self.killGrace) else {
            throw TerminalError(
                .unavailable, "Processes of terminal \(pane.handle) cannot be ended; the system holds them. See 'ps'.")
        }
        awaitExit(pane)
        return true
    }

    /// Only the shell is left.
    private func isAtRest(_ pane: Pane) -> Bool {
        guard pane.isLive else { return true }
        let (pid, isShell) = pane.look { ($0.facts.pid, $0.isShellRooted) }
        return isShell && ForegroundLook.of(pid, isShellRooted: true, book: book).value == .shell
    }

    private func waitForRest(_ pane: Pane, until deadline: Deadline) {
        while !deadline.hasPassed, !isAtRest(pane), ProcessTable.state(of: pane.facts.pid) != .dead {
            _ = Poll.readable([], until: min(deadline, .after(.milliseconds(50))))
        }
    }

    /// tmux tells within milliseconds; when it does not, the status says what we know.
    private func awaitExit(_ pane: Pane) {
        let deadline = Deadline.after(.seconds(2))
        inbox.add(.reconcile)
        while pane.isLive, !deadline.hasPassed { _ = Poll.readable([], until: .after(.milliseconds(10))) }
        if pane.isLive { ended(pane, .signal(9)) }
    }

    package func press(_ handle: String, _ key: TerminalKey) async throws {
        let pane = try livePane(handle)
        try await workers.run {
            let target = pane.facts.paneID
            do throws(TerminalError) {
                _ = try self.connected().run([
                    "if-shell -F -t \(target) \"#{pane_in_mode}\" \"copy-mode -q -t \(target)\"",
                    "send-keys -t \(target) \(Self.name(key))",
                ])
            } catch {
                throw error.code == .invalid ? TerminalError.gone(handle) : error
            }
            if key == .enter { self.publish(pane.change { $0.detector.injected(at: HostClock.now) }) }
        }
    }

    private static func name(_ key: TerminalKey) -> String {
        switch key {
        case .enter: "Enter"
        case .escape: "Escape"
        case .tab: "Tab"
        case .backspace: "BSpace"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PPage"
        case .pageDown: "NPage"
        case .interrupt: "C-c"
        case .endOfInput: "C-d"
        }
    }
}
