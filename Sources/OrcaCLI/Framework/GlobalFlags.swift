/// The flags every command takes, before or after its name.
package enum GlobalFlags {
    package static let all: [Flag] = [
        .value("workspace", short: "w", .entity(.workspace), "NAME", "The workspace; $ORCA_WORKSPACE, else `default`."),
        .value("project", short: "p", .entity(.project), "KEY", "The project; $ORCA_PROJECT when not given."),
        .toggle("json", "Print the answer as JSON on standard output, messages on standard error."),
        .toggle("quiet", short: "q", "Print only what was asked for: ids and refs, no remarks."),
        .toggle("no-color", "Never use colours; so does $NO_COLOR."),
        .value(
            "url", .text, "URL",
            "Talk to this server instead of the local one: https://host, http://host:port; $ORCA_URL."),
        .value("socket", .file, "PATH", "Talk to the server on this unix socket; $ORCA_SOCKET."),
        .value(
            "server", .entity(.context), "NAME",
            "Talk to the server of this context; $ORCA_CONTEXT, see 'orca context'."),
        .value("timeout", .duration, "DURATION", "Give up after this long, with exit code 124; 60s."),
        .toggle("help", short: "h", "Show help; --help shows all of it."),
    ]

    /// Taken by commands that change something.
    package static let idempotencyKey = Flag.value(
        "idempotency-key", .text, "KEY", "Doing it again with the same key changes nothing and gives the same answer.")
}
