import Glibc
import OrcaDomain
import OrcaRuntime
import OrcaSupport
import OrcaTerminal
import OrcaTmux

/// Puts terminals together with the rest of the server.
enum TerminalComposition {
    /// Variables that belong to the program that started the server, not to the terminals it opens.
    private static let personal: Set<String> = [
        "TMUX", "TMUX_PANE", "STY", "WINDOW", "TERM", "TERMCAP", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "COLUMNS",
        "LINES", "SHLVL", "PWD", "OLDPWD", "_", "SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT", "INVOCATION_ID",
        "JOURNAL_STREAM", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "CLAUDECODE", "AI_AGENT",
        "PATH",
    ]
    private static let personalPrefixes = ["ORCA_", "CLAUDE_CODE_", "CODEX_SANDBOX", "BASH_FUNC_"]

    static func host(
        _ places: Places, _ environment: [String: String], _ log: Logger, _ clock: ServerClock
    ) -> TmuxHost {
        TmuxHost(
            TmuxHost.Configuration(
                runDirectory: places.runDirectory, stateDirectory: places.stateDirectory, userID: getuid(),
                environment: environment, book: book(places, log), log: log.labeled("terminals"),
                time: { clock.now.milliseconds }))
    }

    /// A file of rules that cannot be used does not keep the server from starting.
    private static func book(_ places: Places, _ log: Logger) -> AgentRuleBook {
        do throws(AgentRuleBook.Malformed) {
            return try AgentRuleBook.load(overrides: places.configDirectory + "/agents.json")
        } catch {
            log.error("own agent rules are not used", ["error": .text(error.description)])
            return .builtIn
        }
    }

    /// - Parameter program: the path of the running `orcad`; `orca` is beside it.
    static func surroundings(
        _ places: Places, _ options: DaemonOptions, _ environment: [String: String], program: String
    ) throws(SystemError) -> TerminalSurroundings {
        let shims = places.stateDirectory + "/terminals/bin"
        try writeShims(shims, orca: Files.split(program).folder + "/orca")
        var kept = environment.filter { name, _ in
            !personal.contains(name) && !personalPrefixes.contains(where: name.hasPrefix)
        }
        if let home = environment["ORCA_HOME"], !home.isEmpty { kept["ORCA_HOME"] = Paths.absolute(home) }
        kept["ORCA_CONTEXT"] = "local"
        if options.socket != places.socket { kept["ORCA_SOCKET"] = Paths.absolute(options.socket) }
        return TerminalSurroundings(
            shimDirectory: shims, tokenDirectory: places.stateDirectory + "/terminals/tokens",
            path: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", environment: kept)
    }

    /// Links under both names, whatever else is called `orca` on this machine.
    private static func writeShims(_ directory: String, orca: String) throws(SystemError) {
        try Files.makeDirectories(directory, mode: 0o700)
        for name in ["orca", "orca-ide"] {
            let link = directory + "/" + name
            let fresh = "\(link).\(getpid())"
            unlink(fresh)
            guard symlink(orca, fresh) == 0, rename(fresh, link) == 0 else { throw .last("write", link) }
        }
    }
}
