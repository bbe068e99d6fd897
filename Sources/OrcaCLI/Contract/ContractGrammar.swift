/// The rules that the published `orca orchestration`, `terminal`, `worktree`, `repo` and `status` commands are written
/// by. They differ from those of our other commands: no short flags, the last of a repeated flag counts, an empty
/// value is a missing one.
enum ContractGrammar {
    /// Switches wherever they stand: they never take the word after them.
    static let switches: Set<String> = [
        "all", "attachments", "children", "comments", "current", "dry-run", "enter", "focus", "force", "full", "help",
        "inject", "interrupt", "json", "messages", "me", "mobile", "mobile-pairing", "no-pairing", "parent-current",
        "ready", "relations", "reinstall", "restore-window", "return-preamble", "run-hooks", "show-profile", "staged",
        "tasks", "text-stdin", "unread", "value-stdin", "wait",
    ]

    /// Switches by the absence of a value: they take the next word unless it begins with two dashes.
    static let switchesByAbsence: Set<String> = ["preamble", "no-parent", "activate"]

    /// Flags of every command of the contract, beside ours.
    static let globalFlags: [Flag] = [
        .value(
            "environment", .text, "URL", "Talk to the server of this address (http://…, unix:///…); $ORCA_ENVIRONMENT."),
        .value("pairing-code", .text, "CODE", "Not supported: use --url and $ORCA_TOKEN_FILE."),
    ]

    /// Every changing command takes it: the `id` of an earlier answer, to send the same request again safely.
    static let retryRequest = Flag.value(
        "retry-request", .text, "ID", "Repeat the request with this id; it is not carried out twice.")
}
