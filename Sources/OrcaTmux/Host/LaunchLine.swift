import OrcaTerminal

/// What a terminal runs, as an argument vector.
enum LaunchLine {
    /// - Parameter shell: the user's shell, an absolute path.
    static func arguments(_ command: TerminalCommand, shell: String) -> [String] {
        switch command {
        case .arguments(let arguments): arguments
        case .shell: [shell, "-i"]
        case .line(let line): shellArguments(line, shell)
        }
    }

    /// The shell carries out the line, tells how it ended, and stays. It is no login shell: that would set PATH anew.
    private static func shellArguments(_ line: String, _ shell: String) -> [String] {
        let name = shell.split(separator: "/").last.map(String.init) ?? shell
        if name == "fish" {
            return [shell, "-i", "-C", line + "\nprintf '\\e]133;D;%s\\a' $status"]
        }
        let end = "printf '\\033]133;D;%s\\007' \"$?\"; exec \(TmuxQuoting.shell(shell)) -i"
        return [shell, "-i", "-c", line + "\n" + end]
    }

    /// Whether the first process is a shell that programs come and go in.
    static func isShellRooted(_ command: TerminalCommand, book: AgentRuleBook) -> Bool {
        switch command {
        case .shell, .line: true
        case .arguments(let arguments): arguments.count <= 2 && book.isShell(name(arguments.first ?? ""))
        }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
