import OrcaSupport
import OrcaTerminal
import Synchronization

/// The watch: one thread that reads what was written, looks at screens and processes when it is time, and decides.
extension TmuxHost {
    /// How often everything is compared with what tmux has, whatever it told.
    static let reconcileEveryMS: Int64 = 5_000
    /// At most so often when it tells a lot.
    private static let reconcilePauseMS: Int64 = 20

    struct WatchTimes {
        var reconcileAt: Int64 = 0
        var isReconciling = false
        var dueAt: Int64 = 0
        var reconnecting = ReconnectPause()
    }

    /// How often the watch woke, and what for: so that a loop without end is seen.
    package var counters: WatchCounters { state.withLock(\.counters) }

    func startWatch() throws(TerminalError) {
        guard state.withLock({ $0.watch == nil }) else { return }
        do {
            let directory = try DirectoryWatch(places.directory)
            let thread = try ManagedThread("orca-watch") { self.watch(directory) }
            state.withLock { $0.watch = thread }
        } catch {
            throw TerminalError(.unavailable, "Terminals cannot be watched: \(error).")
        }
    }

    private func watch(_ first: DirectoryWatch) {
        var times = WatchTimes()
        var directory = first
        while !inbox.stop.isRaised {
            let now = HostClock.now
            let next = min(times.dueAt, times.reconcileAt, times.reconnecting.at ?? .max)
            _ = Poll.readable(
                [inbox.stop.descriptor, inbox.bell.descriptor, directory.descriptor],
                until: .after(.milliseconds(max(0, next - now))))
            inbox.bell.hear(until: .now)
            state.withLock { $0.counters.rounds += 1 }
            var touched = takeIn(directory, &times)
            touched.formUnion(takeItems(&times))
            let later = HostClock.now
            if times.reconnecting.isDue(later) { workers.add { self.reconnect() } }
            if later >= times.reconcileAt, directory.isGone, let again = watchAgain() { directory = again }
            if later >= times.reconcileAt { askForPanes(&times, later) }
            if later >= times.dueAt {
                lookAfter(panes, later)
                times.dueAt = earliestDue(panes, later)
            } else if !touched.isEmpty {
                let some = panes.filter { touched.contains($0.handle) }
                times.dueAt = min(times.dueAt, earliestDue(some, later))
            }
        }
    }

    /// Somebody removed the directory: terminals that are opened from now on are watched in a new one.
    private func watchAgain() -> DirectoryWatch? {
        do {
            try Files.makeDirectories(places.directory, mode: 0o700)
            let directory = try DirectoryWatch(places.directory)
            log.warning("the directory of the terminals was removed; it was made anew", [:])
            return directory
        } catch {
            log.error("the directory of the terminals is gone", ["error": .text("\(error)")])
            return nil
        }
    }

    private func earliestDue(_ panes: [Pane], _ now: Int64) -> Int64 {
        var earliest = now + Self.reconcileEveryMS
        for pane in panes {
            if let due = pane.look({ $0.due(after: now) }) { earliest = min(earliest, due) }
        }
        return earliest
    }

    // MARK: What was written

    private func takeIn(_ directory: DirectoryWatch, _ times: inout WatchTimes) -> Set<String> {
        let names: Set<String>?
        do {
            names = try directory.changed()
        } catch {
            log.error("terminals' output cannot be watched", ["error": .text("\(error)")])
            names = nil
        }
        guard let names else {
            times.reconcileAt = 0
            for pane in panes { ingest(pane) }
            return Set(panes.map(\.handle))
        }
        var touched: Set<String> = []
        for name in names {
            if name == "ended" {
                times.reconcileAt = 0
            } else if name.hasSuffix(".out") {
                touched.insert(String(name.dropLast(4)))
            }
        }
        if touched.isEmpty { return [] }
        let found = state.withLock { state in touched.compactMap { state.panes[$0] } }
        for pane in found { ingest(pane) }
        return touched
    }

    /// Reads what is there; one that writes without end is left for the next round.
    func ingest(_ pane: Pane) {
        let now = HostClock.now
        var hasMore = false
        publish(pane.change(at: now) { hasMore = $0.ingest(at: now) })
        if hasMore { inbox.add(.more(pane)) }
    }

    private func takeItems(_ times: inout WatchTimes) -> Set<String> {
        var touched: Set<String> = []
        for item in inbox.take() {
            switch item {
            case .captured(let pane, let lines):
                captured(pane, lines)
                touched.insert(pane.handle)
            case .more(let pane):
                ingest(pane)
                touched.insert(pane.handle)
            case .touched(let handle): touched.insert(handle)
            case .reconcile: times.reconcileAt = min(times.reconcileAt, HostClock.now + Self.reconcilePauseMS)
            case .panes(let rows, let asked):
                times.isReconciling = false
                if let rows { reconcile(rows, asked: asked) }
            case .connected:
                times.reconnecting.succeeded(HostClock.now)
                times.reconcileAt = min(times.reconcileAt, HostClock.now + Self.reconcilePauseMS)
            case .disconnected, .connectingFailed:
                times.isReconciling = false
                if !state.withLock(\.isStopping) { times.reconnecting.failed(HostClock.now) }
            }
        }
        return touched
    }

    private func askForPanes(_ times: inout WatchTimes, _ now: Int64) {
        times.reconcileAt = now + Self.reconcileEveryMS
        state.withLock { $0.counters.reconciles += 1 }
        guard !times.isReconciling, let control = state.withLock(\.control), control.isOpen else { return }
        times.isReconciling = true
        let inbox = inbox
        let session = TmuxQuoting.word("=" + TmuxConfiguration.session)
        control.send(["list-panes -s -t \(session) -F \(TmuxQuoting.word(PaneRow.format))"]) { answer in
            guard case .lines(let blocks) = answer else { return inbox.add(.panes(nil, asked: now)) }
            inbox.add(.panes(blocks[0].compactMap { PaneRow($0) }, asked: now))
        }
    }

    // MARK: What is due

    private func lookAfter(_ panes: [Pane], _ now: Int64) {
        var captures: [Pane] = []
        for pane in panes {
            publish(
                pane.change(at: now) { state in
                    guard state.isLive else { return }
                    if now >= state.lookedAt + PaneState.lookEveryMS || (state.needsLook && now >= state.lookDue) {
                        look(at: &state, now)
                    }
                    let isShell = state.detector.rules.isShell
                    if state.needsCapture, !isShell, !state.isCapturing, now >= state.captureDue {
                        state.isCapturing = true
                        state.needsCapture = false
                        captures.append(pane)
                    }
                })
            if pane.look({ $0.needsSave && now >= $0.savedAt + PaneState.saveEveryMS }) { save(pane) }
        }
        for pane in captures { capture(pane) }
    }

    private func save(_ pane: Pane) {
        if let problem = pane.save(places) {
            log.error("checkpoint failed", ["terminal": .text(pane.handle), "error": .text(problem)])
        }
    }

    /// Looks at what is in the foreground; an agent that was started by hand brings its rules along.
    private func look(at state: inout PaneState, _ now: Int64) {
        state.lookedAt = now
        state.needsLook = false
        let found = ForegroundLook.of(state.facts.pid, isShellRooted: state.isShellRooted, book: book)
        if let kind = found.agentKind, kind != state.facts.agentKind {
            state.facts.agentKind = kind
            state.detector.adopt(book.rules(for: kind), at: now)
            state.needsCapture = true
            // What it has written already counts as its first output.
            if let lastOutput = state.lastOutput { state.detector.wrote(at: lastOutput) }
        } else if found.value == .shell, state.detector.hasAgentEnded, !state.facts.agentKind.isEmpty,
            state.declaredKind.isEmpty
        {
            // The agent came by hand and is gone: it is a shell again.
            state.facts.agentKind = ""
            state.detector.adopt(book.rules(for: ""), at: now)
            state.detector.wrote(at: now)
        }
        state.detector.foreground(found.value, isStopped: found.isStopped, at: now)
    }

    private func capture(_ pane: Pane) {
        let inbox = inbox
        guard let control = state.withLock(\.control) else { return inbox.add(.captured(pane, [])) }
        control.send(ScreenCapture.commands(pane.facts.paneID)) { answer in
            guard case .lines(let blocks) = answer else { return inbox.add(.captured(pane, [])) }
            inbox.add(.captured(pane, blocks[0] + blocks[1]))
        }
    }

    private func captured(_ pane: Pane, _ lines: [String]) {
        let now = HostClock.now
        publish(
            pane.change(at: now) { state in
                state.isCapturing = false
                state.capturedAt = now
                guard let screen = ScreenCapture.screen(lines) else { return }
                state.screen = screen
                state.detector.captured(state.detector.rules.read(screen), at: now)
            })
    }
}
