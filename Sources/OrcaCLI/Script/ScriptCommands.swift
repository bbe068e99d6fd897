import OrcaAPI

/// `orca script …`
enum ScriptCommands {
    static var command: Command {
        Command(
            "script", "Run JavaScript against Orca, in a sandbox.", aliases: ["scripts"], section: .workers,
            discussion: """
                A script has a global `orca` with every operation, `console`, and `sleep(milliseconds)`; nothing else: no \
                files, no network, no processes. It runs at most 30 seconds, with your rights.
                """,
            children: { [ScriptRun.command, ScriptMethods.command] })
    }
}
