import Glibc
import OrcaSupport
package import OrcaTerminal
import Synchronization

extension TmuxHost {
    package func create(_ spec: TerminalSpec) async throws -> TerminalFacts {
        try await workers.run { try self.open(spec) }
    }

    /// Blocks.
    private func open(_ spec: TerminalSpec) throws(TerminalError) -> TerminalFacts {
        try check(spec)
        let control = try connected()
        let server = state.withLock(\.server)?.name ?? ""
        let beside = try spec.split.map { split throws(TerminalError) in try livePane(split.handle) }
        let transcript: Transcript
        do {
            try Files.makeDirectories(places.directory, mode: 0o700)
            unlink(places.transcript(spec.handle))
            transcript = try Transcript(places.transcript(spec.handle), from: Transcript.Mark(offset: 0, line: 0))
        } catch {
            throw TerminalError(.unavailable, "The transcript cannot be written: \(error).")
        }
        let row = try made(spec, beside, control)
        let facts = TerminalFacts(
            handle: spec.handle, paneID: row.paneID, tabID: row.windowID, pid: row.pid, agentKind: spec.agentKind,
            directory: spec.directory, labels: spec.labels, createdAtMS: configuration.time())
        var state = PaneState(
            facts: facts, declaredKind: spec.agentKind,
            isShellRooted: LaunchLine.isShellRooted(spec.command, book: book), server: server,
            rules: rules(spec), transcript: transcript,
            // Not earlier: a list of panes that was asked for before it was made does not have it.
            now: HostClock.now, time: configuration.time)
        if !spec.title.isEmpty { state.title = PromptText.label(spec.title, limit: TerminalLimits.titleCharactersMax) }
        let pane = Pane(state)
        remember(pane)
        ingest(pane)
        if let problem = pane.save(places, force: true) { log.error("checkpoint failed", ["error": .text(problem)]) }
        publish([TerminalChange(.created, pane.status)])
        inbox.add(.reconcile)
        return facts
    }

    /// A known agent's; those of a shell where programs come and go; else those of a program nobody knows.
    private func rules(_ spec: TerminalSpec) -> AgentRules {
        if !spec.agentKind.isEmpty || LaunchLine.isShellRooted(spec.command, book: book) {
            return book.rules(for: spec.agentKind)
        }
        return AgentRules(id: "program")
    }

    private func check(_ spec: TerminalSpec) throws(TerminalError) {
        guard spec.handle.hasPrefix("term_"), spec.handle.utf8.count <= 64,
            spec.handle.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x5F || Self.isLetterOrDigit($0) })
        else { throw TerminalError(.invalid, "'\(spec.handle)' is no handle of a terminal.") }
        guard state.withLock({ $0.panes[spec.handle] }) == nil else {
            throw TerminalError(.invalid, "There already is a terminal \(spec.handle).")
        }
        guard panes.filter(\.isLive).count < TerminalLimits.terminalsMax else {
            throw TerminalError(
                .limitReached,
                "There are \(TerminalLimits.terminalsMax) terminals, and no more can be had. Close some ('orca terminal list')."
            )
        }
        guard spec.directory.hasPrefix("/"), Files.isDirectory(spec.directory) else {
            throw TerminalError(.invalid, "There is no directory \(spec.directory) to open a terminal in.")
        }
        guard TerminalLimits.columns.contains(spec.size.columns), TerminalLimits.rows.contains(spec.size.rows) else {
            throw TerminalError(
                .invalid, "A terminal cannot have \(spec.size.columns) columns and \(spec.size.rows) rows.")
        }
        for pair in spec.environment {
            let isName = !pair.name.isEmpty && pair.name.utf8.allSatisfy { $0 == 0x5F || Self.isLetterOrDigit($0) }
            guard isName, !pair.value.utf8.contains(0) else {
                throw TerminalError(.invalid, "'\(pair.name)' cannot be set in a terminal's environment.")
            }
        }
        let texts = LaunchLine.arguments(spec.command, shell: configuration.shell)
        guard let first = texts.first, !first.isEmpty, !texts.contains(where: { $0.utf8.contains(0) }),
            texts.reduce(0, { $0 + $1.utf8.count }) <= 128 << 10
        else { throw TerminalError(.invalid, "The command is empty or longer than 128 KiB.") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Makes the pane, names it, and catches what it writes from its first byte: tmux carries out a line of commands
    /// before it reads from any program.
    private func made(
        _ spec: TerminalSpec, _ beside: Pane?, _ control: ControlClient
    ) throws(TerminalError) -> PaneRow {
        let session = TmuxQuoting.word("=" + TmuxConfiguration.session + ":")
        var commands: [String] = []
        let target: String
        if let beside {
            let facts = beside.facts
            let flag = spec.split?.direction == .vertical ? "-v" : "-h"
            // The new pane becomes the window's active one.
            target = facts.tabID
            commands.append("split-window \(flag) -t \(facts.paneID) \(options(spec))")
        } else {
            let index = state.withLock { state in
                defer { state.nextWindow += 1 }
                return state.nextWindow
            }
            target = TmuxQuoting.word("=\(TmuxConfiguration.session):\(index)")
            commands.append("set-option -t \(session) default-size \(spec.size.columns)x\(spec.size.rows)")
            let name = TmuxQuoting.literal(String(PromptText.label(spec.title, limit: 60)))
            commands.append("new-window -d -t \(target) -n \(name) \(options(spec))")
        }
        commands.append("set-option -p -t \(target) @orca_id \(TmuxQuoting.word(spec.handle))")
        commands.append(pipeCommand(spec.handle, target: target))
        commands.append("display-message -p -t \(target) \(TmuxQuoting.word(PaneRow.format))")
        do throws(TerminalError) {
            let answers = try control.run(commands)
            guard let row = answers.last?.first.flatMap({ PaneRow($0) }), row.handle == spec.handle else {
                throw TerminalError(.unavailable, "tmux made a terminal and did not tell which. Try again.")
            }
            return row
        } catch {
            unlink(places.transcript(spec.handle))
            throw error
        }
    }

    private func options(_ spec: TerminalSpec) -> String {
        var words = ["-c", TmuxQuoting.literal(spec.directory)]
        let own = [EnvironmentPair("ORCA_TERMINAL_HANDLE", spec.handle), EnvironmentPair("ORCA_TREE", spec.handle)]
        for pair in spec.environment.filter({ pair in !own.contains { $0.name == pair.name } }) + own {
            words += ["-e", TmuxQuoting.word("\(pair.name)=\(pair.value)")]
        }
        var arguments = LaunchLine.arguments(spec.command, shell: configuration.shell)
        // tmux gives a single word to a shell.
        if arguments.count == 1 { arguments = ["/usr/bin/env", arguments[0]] }
        words.append("--")
        words += arguments.map { TmuxQuoting.word($0) }
        return words.joined(separator: " ")
    }
}
