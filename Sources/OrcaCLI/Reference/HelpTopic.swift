import OrcaAPI

/// Pages of help that belong to no command.
package enum HelpTopic: String, CaseIterable {
    case exitCodes = "exit-codes"
    case environment
    case files

    package var title: String {
        switch self {
        case .exitCodes: "Exit codes"
        case .environment: "Environment"
        case .files: "Files"
        }
    }

    package var rows: [(String, String)] {
        switch self {
        case .exitCodes: Self.exitCodeRows
        case .environment: Self.environmentRows
        case .files: Self.fileRows
        }
    }

    package var text: String {
        let column = (rows.map(\.0.count).max() ?? 0) + 4
        let lines = rows.map { row in
            "  " + row.0 + Wrap.text(row.1, width: 100, indent: column).dropFirst(row.0.count + 2)
        }
        return ([title + ":"] + lines).joined(separator: "\n") + "\n"
    }

    package var markdown: String {
        (["| | |", "|---|---|"] + rows.map { "| `\($0.0)` | \($0.1) |" }).joined(separator: "\n")
    }

    private static let exitCodeRows: [(String, String)] = [
        ("0", "Done."),
        ("1", "Something went wrong that is none of the below; or tasks failed, for `run`, `work` and `merge`."),
        ("2", "The command line or what it names cannot be understood."),
        ("3", "It does not exist."),
        ("4", "It collides with what is there: held by somebody else, lease lost, changed meanwhile, wrong state."),
        ("5", "Not permitted: no token, or one without the right."),
        ("6", "The server cannot be reached or started, or is at a limit."),
        ("124", "It took longer than --timeout."),
        (
            "130",
            "`orca run` was interrupted; its tasks were given back. `orca exec` exits with the code of its program."
        ),
    ]

    private static let environmentRows: [(String, String)] = [
        ("ORCA_WORKSPACE", "The workspace, when --workspace is not given."),
        ("ORCA_PROJECT", "The project, when --project is not given."),
        ("ORCA_AGENT", "The agent's name, when --agent is not given; also the caller's name in the event log."),
        ("ORCA_TASK_ID", "Set for commands that a worker runs: the task they work on."),
        ("ORCA_LEASE_TOKEN_FILE", "A file with the lease's token, for done, fail, renew, release and progress."),
        ("ORCA_URL", "A server to use instead of the local one: https://host, http://host:port or unix:///path."),
        ("ORCA_CONTEXT", "The context to use, when neither --server nor an address is given; see 'orca context'."),
        ("ORCA_TLS_CA", "For https: a file with the authorities to trust, instead of the system's."),
        (
            "ORCA_TLS_CERTIFICATE, ORCA_TLS_KEY",
            "For https: files with this client's certificate and key, if the server wants one."
        ),
        ("ORCA_SOCKET", "The unix socket of the server to use."),
        (
            "ORCA_AGENT_URL",
            "In terminals: the loopback address of the server, for programs that a sandbox keeps from its socket; with `agent_endpoint`."
        ),
        ("ORCA_TOKEN, ORCA_TOKEN_FILE", "The access token, or a file with it."),
        ("ORCA_HOME", "One directory for the socket, logs, database and configuration."),
        ("ORCA_SERVER_PROGRAM", "The orcad to start when none runs."),
        ("NO_COLOR", "When set and not empty: no colours."),
    ]

    private static let fileRows: [(String, String)] = [
        (
            "$XDG_RUNTIME_DIR/orca/orca.sock",
            "Where the local server listens; /tmp/orca-UID/orca.sock without XDG_RUNTIME_DIR."
        ),
        ("$XDG_DATA_HOME/orca/orca.db", "The database."),
        ("$XDG_STATE_HOME/orca/orcad.log", "What the server logs."),
        ("$XDG_STATE_HOME/orca/leases/", "Leases that `orca claim` remembers for `orca done`, mode 0600."),
        ("$XDG_CONFIG_HOME/orca/config.json", "Configuration; see `orca config`."),
    ]
}
