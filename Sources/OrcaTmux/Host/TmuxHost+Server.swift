import Glibc
import OrcaSupport
import OrcaTerminal
import Synchronization

/// Which run of the terminals' server: pane numbers begin anew with each.
struct ServerIdentity: Sendable, Hashable {
    var process: ProcessEntry.Identity
    /// Kept in the server itself.
    var name: String
}

extension TmuxHost {
    /// Blocks. The connection to a running server; one is started when none runs.
    func connected() throws(TerminalError) -> ControlClient {
        if let control = openControl() { return control }
        _ = serverTurn.take(until: .never)
        defer { serverTurn.give() }
        if let control = openControl() { return control }
        return try connect(starting: true)
    }

    private func openControl() -> ControlClient? {
        state.withLock(\.control).flatMap { $0.isOpen ? $0 : nil }
    }

    /// Blocks; the caller has the server's turn. Finds the server, or starts one, and takes over what is there.
    func connect(starting: Bool) throws(TerminalError) -> ControlClient {
        let program = try foundProgram()
        guard !state.withLock(\.isStopping) else {
            throw TerminalError(.unavailable, "The server is stopping. Try again in a moment.")
        }
        try prepareDirectories()
        if !(try isServerRunning(program)) {
            noticeServerGone()
            guard starting else {
                throw TerminalError(.unavailable, "tmux is not running; the next terminal starts it.")
            }
            try startServer(program)
        }
        try own(program)
        endStaleControlClients(program)
        let control = try openControl(program)
        do throws(TerminalError) {
            try takeOver(control)
        } catch {
            control.close()
            throw error
        }
        state.withLock { state in
            state.control = control
            state.counters.connections += 1
        }
        inbox.add(.connected)
        return control
    }

    func foundProgram() throws(TerminalError) -> TmuxProgram {
        if let program = state.withLock(\.program) { return program }
        let program = try TmuxProgram.find(configuration.program, environment: configuration.environment)
        state.withLock { $0.program = program }
        return program
    }

    private func prepareDirectories() throws(TerminalError) {
        do {
            try Files.makeDirectories(places.directory, mode: 0o700)
            let folder = Files.split(places.socket).folder
            try Files.makeDirectories(folder, mode: 0o700)
            var facts = stat()
            guard stat(folder, &facts) == 0, facts.st_uid == configuration.userID, facts.st_mode & 0o022 == 0 else {
                throw TerminalError(
                    .unavailable,
                    "\(folder) belongs to somebody else or others may write to it. Correct its owner and mode (700).")
            }
            try Files.write(
                TmuxConfiguration.text(places, shell: configuration.shell), to: places.configuration, mode: 0o600)
            _ = try OwnedDescriptor.open(places.poke, O_WRONLY | O_CREAT | O_TRUNC)
        } catch let error as TerminalError {
            throw error
        } catch {
            throw TerminalError(.unavailable, "The directory for terminals cannot be used: \(error).")
        }
    }

    /// Runs one command as a process of its own: for what must work without a connection.
    @discardableResult
    func runDirectly(_ program: TmuxProgram, _ arguments: [String]) throws(TerminalError) -> Subprocess.Result {
        do {
            let command = SubprocessCommand(
                program.path, ["-S", places.socket, "-f", places.configuration] + arguments,
                environment: TmuxConfiguration.environment(of: configuration.environment), directory: "/")
            return try Subprocess.run(command, timeout: .seconds(10))
        } catch {
            throw TerminalError(.unavailable, "tmux cannot be run: \(error).")
        }
    }

    /// Whether there is a server with our session. Throws when the one we know lives and does not answer: what runs in
    /// it is not lost.
    private func isServerRunning(_ program: TmuxProgram) throws(TerminalError) -> Bool {
        let known = state.withLock(\.server).flatMap { $0.process.isAlive ? $0.process.pid : nil }
        if let known, Files.kind(places.socket) == nil { askForSocket(of: known) }
        guard Files.kind(places.socket) == .socket else {
            if let known { throw silent(known) }
            return false
        }
        // One that cannot be asked is treated as one that gives no answer.
        let result = try? runDirectly(program, ["has-session", "-t", "=" + TmuxConfiguration.session])
        if let result, result.status.isSuccess { return true }
        let hasAnswered = result?.errorText.contains("can't find session") ?? false
        if let known, !hasAnswered { throw silent(known) }
        return false
    }

    /// tmux makes its socket anew when it is told to.
    private func askForSocket(of pid: Int32) {
        log.notice("the socket of the terminals' server is gone; asking for a new one", ["pid": .number(Int64(pid))])
        kill(pid, SIGUSR1)
        let deadline = Deadline.after(Self.socketTime)
        while Files.kind(places.socket) == nil, !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(10)))
        }
    }

    private func silent(_ pid: Int32) -> TerminalError {
        TerminalError(
            .unavailable,
            "tmux (process \(pid)) lives and does not answer. It is asked again; if it stays so, see 'ps' for what holds it."
        )
    }

    /// Only one server of ours may hold the terminals: two would end each other's connections for ever.
    private func own(_ program: TmuxProgram) throws(TerminalError) {
        let noted = try runDirectly(program, ["show-options", "-sqv", Self.ownerOption]).outputText
        let words = noted.split(whereSeparator: \.isWhitespace)
        if words.count == 2, let pid = Int32(words[0]), let startTime = UInt64(words[1]), pid != getpid(),
            ProcessEntry.Identity(pid: pid, startTime: startTime).isAlive
        {
            throw TerminalError(
                .unavailable,
                "Another orcad (process \(pid)) holds the terminals behind \(places.socket). Stop that one, or give this one a home of its own.",
                cause: Self.ownedCause)
        }
        let own = ProcessTable.entry(getpid())?.identity
        try runDirectly(program, ["set-option", "-s", Self.ownerOption, "\(getpid()) \(own?.startTime ?? 0)"])
    }

    /// Tells this error from a server that is not there.
    static let ownedCause = "owned"
    private static let ownerOption = "@orca_owner"
    private static let socketTime = Duration.seconds(1)

    private func startServer(_ program: TmuxProgram) throws(TerminalError) {
        let size = TerminalSize.standard
        // A session needs a window: this one holds a program that has ended.
        let result = try runDirectly(
            program,
            [
                "new-session", "-d", "-s", TmuxConfiguration.session, "-n", "keeper", "-x", String(size.columns), "-y",
                String(size.rows), "exit 0",
            ])
        guard result.status.isSuccess else {
            let said = result.errorText.split(whereSeparator: \.isNewline).first.map(String.init) ?? "\(result.status)"
            throw TerminalError(
                .unavailable,
                "tmux could not be started: \(said). Remove \(places.socket) if nothing uses it, and try again.")
        }
        var random = SystemRandomNumberGenerator()
        let name = String(random.next(), radix: 36)
        try runDirectly(program, ["set-option", "-s", "@orca_server", name])
        log.info("terminals' server started", ["socket": .text(places.socket), "version": .text(program.version)])
    }

    /// A reader that died with unread output keeps its client, and that one keeps the server from ending.
    private func endStaleControlClients(_ program: TmuxProgram) {
        // Without a list nothing is ended; connecting tells what is wrong.
        let listed = try? runDirectly(program, ["list-clients", "-F", "#{client_control_mode} #{client_pid}"])
        for line in listed?.outputText.split(whereSeparator: \.isNewline) ?? [] where line.hasPrefix("1 ") {
            guard let pid = Int32(line.dropFirst(2)), pid > 1, pid != getpid() else { continue }
            log.notice("ending a control client that was left over", ["pid": .number(Int64(pid))])
            kill(pid, SIGKILL)
        }
    }

    private func openControl(_ program: TmuxProgram) throws(TerminalError) -> ControlClient {
        let command = SubprocessCommand(
            program.path,
            [
                "-S", places.socket, "-C", "attach-session", "-f", "no-output,ignore-size", "-t",
                "=" + TmuxConfiguration.session,
            ], environment: TmuxConfiguration.environment(of: configuration.environment), directory: "/")
        do {
            let inbox = inbox
            return try ControlClient(
                command,
                noticed: { line in
                    let news = ["%window-close", "%unlinked-window-close", "%client-detached", "%sessions-changed"]
                    if news.contains(where: line.hasPrefix) { inbox.add(.reconcile) }
                }, closed: { inbox.add(.disconnected) })
        } catch {
            throw TerminalError(.unavailable, "tmux cannot be reached: \(error).")
        }
    }

    /// The server we knew has gone, and all its terminals with it.
    func noticeServerGone() {
        state.withLock { state in
            state.server = nil
            state.control = nil
        }
        for pane in panes where pane.isLive { ended(pane, .lost) }
    }

    /// Blocks. Called when a connection ended: connects anew while the server lives.
    func reconnect() {
        _ = serverTurn.take(until: .never)
        defer { serverTurn.give() }
        guard openControl() == nil, !state.withLock(\.isStopping) else { return }
        do {
            _ = try connect(starting: false)
        } catch {
            let lives = state.withLock { $0.server?.process.isAlive ?? false }
            log.notice(
                lives ? "terminals' server cannot be reached" : "terminals' server is gone",
                ["error": .text(error.description)])
            if lives { inbox.add(.connectingFailed) }
        }
    }
}
