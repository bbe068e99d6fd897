import Glibc
import OrcaSupport
import OrcaTerminal
import Synchronization

extension TmuxHost {
    /// Blocks; the caller has the server's turn. Learns who the server is and takes over its panes.
    func takeOver(_ control: ControlClient) throws(TerminalError) {
        let answers = try control.run([
            "display-message -p \"#{pid} #{@orca_server}\"",
            "list-panes -s -t \(TmuxQuoting.word("=" + TmuxConfiguration.session)) -F \(TmuxQuoting.word(PaneRow.format))",
        ])
        let words = (answers[0].first ?? "").split(separator: " ").map(String.init)
        guard let pid = words.first.flatMap({ Int32($0) }), let entry = ProcessTable.entry(pid) else {
            throw TerminalError(.unavailable, "tmux went away while it was being looked at. Try again.")
        }
        let server = ServerIdentity(process: entry.identity, name: words.count > 1 ? words[1] : "")
        let rows = answers[1].compactMap { PaneRow($0) }
        state.withLock { state in
            state.server = server
            state.nextWindow = max(state.nextWindow, (rows.map(\.windowIndex).max() ?? 0) + 1)
        }
        for row in rows where !row.handle.isEmpty && state.withLock({ $0.panes[row.handle] == nil }) {
            adopt(row, server)
        }
        reconcile(rows, asked: HostClock.now + 1)
    }

    /// Takes over a pane that was made by an earlier server of ours.
    private func adopt(_ row: PaneRow, _ server: ServerIdentity) {
        let point = checkpoint(row.handle, server) ?? bare(row)
        do {
            let pane = try restored(point, server.name, now: HostClock.now)
            pane.change { state in
                state.facts.paneID = row.paneID
                state.facts.tabID = row.windowID
                state.facts.pid = row.pid
            }
            remember(pane)
            log.info("terminal taken over", ["terminal": .text(row.handle), "pane": .text(row.paneID)])
        } catch {
            log.error("terminal cannot be taken over", ["terminal": .text(row.handle), "error": .text("\(error)")])
        }
    }

    private func checkpoint(_ handle: String, _ server: ServerIdentity) -> Checkpoint? {
        // Without it the pane is taken over from the start of its transcript.
        guard let bytes = try? Files.read(places.checkpoint(handle), limit: 1 << 20),
            let point = try? Checkpoint(json: bytes), point.handle == handle, point.server == server.name
        else { return nil }
        return point
    }

    private func bare(_ row: PaneRow) -> Checkpoint {
        var point = Checkpoint()
        point.handle = row.handle
        point.pid = row.pid
        point.isShellRooted = true
        point.createdAtMS = configuration.time()
        return point
    }

    private func restored(_ point: Checkpoint, _ server: String, now: Int64) throws(SystemError) -> Pane {
        let facts = TerminalFacts(
            handle: point.handle, paneID: point.paneID, tabID: point.tabID, pid: point.pid,
            agentKind: point.agentKind, directory: point.directory, labels: point.labels,
            createdAtMS: point.createdAtMS)
        var state = PaneState(
            facts: facts, declaredKind: point.declaredKind, isShellRooted: point.isShellRooted, server: server,
            rules: book.rules(for: point.agentKind),
            transcript: try Transcript(places.transcript(point.handle), from: point.mark), now: now,
            time: configuration.time)
        while state.ingest(at: now) {}
        state.detector.recall(point.memory, at: now)
        state.title = point.title
        if state.programTitle.isEmpty { state.programTitle = point.programTitle }
        // It may have gone on while nobody watched.
        state.lastOutputAtMS = state.transcript.writtenAtMS ?? point.lastOutputAtMS
        if let exit = point.exit {
            state.exit = exit
            state.detector.ended(at: now)
        }
        return Pane(state)
    }

    /// Terminals whose pane has gone while nobody watched: they can still be read.
    func rememberEnded() {
        // A directory that cannot be listed has nothing to remember.
        let names = (try? Files.list(places.directory)) ?? []
        for name in names where name.hasSuffix(".json") {
            let handle = String(name.dropLast(".json".count))
            // A checkpoint that cannot be read belongs to nothing that could still be shown.
            guard state.withLock({ $0.panes[handle] == nil }),
                let bytes = try? Files.read(places.checkpoint(handle), limit: 1 << 20),
                var point = try? Checkpoint(json: bytes), point.handle == handle
            else { continue }
            if point.exit == nil { point.exit = .lost }
            // One that cannot be opened is as good as forgotten.
            guard let pane = try? restored(point, point.server, now: HostClock.now) else { continue }
            remember(pane)
        }
        sortByCreation()
        forgetOldest()
    }

    func remember(_ pane: Pane) {
        state.withLock { state in
            guard state.panes.updateValue(pane, forKey: pane.handle) == nil else { return }
            state.order.append(pane.handle)
        }
    }

    private func sortByCreation() {
        let times = Dictionary(uniqueKeysWithValues: panes.map { ($0.handle, $0.facts.createdAtMS) })
        state.withLock { state in
            state.order.sort { (times[$0] ?? 0, $0) < (times[$1] ?? 0, $1) }
        }
    }

    /// Keeps the newest of the ended ones.
    func forgetOldest() {
        let ended = panes.filter { !$0.isLive }
        for pane in ended.dropLast(Self.endedMax) { forget(pane) }
    }

    /// Removes a terminal and its files.
    func forget(_ pane: Pane) {
        state.withLock { state in
            state.panes[pane.handle] = nil
            state.order.removeAll { $0 == pane.handle }
        }
        pane.change { $0.isClosed = true }
        unlink(places.transcript(pane.handle))
        unlink(places.checkpoint(pane.handle))
    }

    /// Brings what we believe in line with what tmux has.
    ///
    /// - Parameter asked: when the rows were asked for; what was opened later is not in them.
    func reconcile(_ rows: [PaneRow], asked: Int64) {
        let byHandle = Dictionary(rows.map { ($0.handle, $0) }, uniquingKeysWith: { first, _ in first })
        let server = state.withLock(\.server)
        for pane in panes where pane.isLive && pane.look({ $0.openedAt < asked }) {
            guard let row = byHandle[pane.handle], pane.look({ $0.server }) == server?.name else {
                ended(pane, .lost)
                continue
            }
            if row.isDead {
                ended(pane, row.exit)
                continue
            }
            if !row.hasPipe { reopenPipe(pane, row) }
            // What the kernel did not tell of is found here.
            ingest(pane)
        }
    }

    /// The pipe ends when the disk is full; what was written meanwhile is lost to the lines, not to the screen.
    private func reopenPipe(_ pane: Pane, _ row: PaneRow) {
        log.warning("the transcript of a terminal was interrupted", ["terminal": .text(pane.handle)])
        state.withLock(\.control)?.send([pipeCommand(pane.handle, target: row.paneID)]) { _ in }
    }

    func pipeCommand(_ handle: String, target: String) -> String {
        let line = "exec cat >> \(TmuxQuoting.shell(places.transcript(handle)))"
        return "pipe-pane -O -t \(target) \(TmuxQuoting.shellLine(line))"
    }

    /// The program in it has ended.
    func ended(_ pane: Pane, _ exit: TerminalExit) {
        let now = HostClock.now
        publish(
            pane.change(at: now) { state in
                guard state.exit == nil else { return }
                while state.ingest(at: now) {}
                state.exit = exit
                state.detector.ended(at: now)
                state.needsSave = true
            })
        if let problem = pane.save(places) { log.error("checkpoint failed", ["error": .text(problem)]) }
    }
}
