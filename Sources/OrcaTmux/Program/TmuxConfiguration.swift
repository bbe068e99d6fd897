import OrcaTerminal

/// How the terminals' server is set up.
enum TmuxConfiguration {
    /// All terminals are windows of this session; people see it through sessions of their own in the same group.
    static let session = "orca"
    /// Lines a person can scroll back.
    static let historyLines = 20_000

    static func text(_ places: TmuxPlaces, shell: String) -> String {
        let size = TerminalSize.standard
        let poke = "printf d >> \(TmuxQuoting.shell(places.poke))"
        return """
            set -s exit-empty off
            set -s escape-time 0
            set -s set-clipboard off
            set -g default-terminal tmux-256color
            set -g default-shell \(TmuxQuoting.word(shell))
            set -g default-size \(size.columns)x\(size.rows)
            set -g remain-on-exit on
            set -g status off
            set -g automatic-rename off
            set -g allow-rename off
            set -g history-limit \(historyLines)
            set -g window-size latest
            set -g focus-events off
            set -g set-titles off
            set -g bell-action none
            set -g update-environment ""
            set-environment -gu ORCA_TREE
            set-hook -g pane-died \(TmuxQuoting.word("run-shell -b " + TmuxQuoting.shellLine(poke)))

            """
    }

    /// What the server's own environment may hold: it becomes that of every terminal.
    static func environment(of parent: [String: String]) -> [String: String] {
        let names: Set<String> = [
            "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR",
            "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "SSH_AUTH_SOCK", "COLORTERM",
            "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
            "SSL_CERT_DIR",
        ]
        var kept = parent.filter { names.contains($0.key) || $0.key.hasPrefix("LC_") }
        if kept["PATH"] == nil { kept["PATH"] = "/usr/local/bin:/usr/bin:/bin" }
        // Without one, tmux takes the programs' UTF-8 apart.
        if kept["LANG"] == nil, kept["LC_ALL"] == nil, kept["LC_CTYPE"] == nil { kept["LANG"] = "C.UTF-8" }
        return kept
    }
}
