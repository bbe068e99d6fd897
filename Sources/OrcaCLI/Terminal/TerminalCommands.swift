/// `orca terminal`
enum TerminalCommands {
    static var command: Command {
        ContractCommand.group(
            "terminal", "Open, read, type into and wait for terminals.", section: .workers,
            discussion: """
                A terminal lives in tmux and outlives the server: its handle, `term_…`, stays valid over restarts. Its \
                programs find our `orca` first on PATH, and who they are in $ORCA_TERMINAL_HANDLE. Without --terminal, \
                the newest terminal of the directory here is meant.
                """,
            examples: [
                .init("orca terminal create --title worker-1 --command claude --json", "Start an agent."),
                .init("orca terminal wait --terminal term_… --for tui-idle --timeout-ms 60000 --json", "Wait for it."),
                .init("orca terminal send --terminal term_… --text 'Fix the tests' --enter", "Give it a prompt."),
                .init("orca terminal attach --terminal term_…", "Look over its shoulder."),
            ],
            children: {
                [
                    TerminalCreate.command, TerminalList.command, TerminalList.show, TerminalRead.command,
                    TerminalSend.command, TerminalWait.command, TerminalSplitCommand.command, TerminalEnd.stop,
                    TerminalEnd.close, TerminalArrange.rename, TerminalArrange.focus, TerminalAttach.command,
                ]
            })
    }
}
