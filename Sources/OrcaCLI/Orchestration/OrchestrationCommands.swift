/// `orca orchestration`
enum OrchestrationCommands {
    static var command: Command {
        ContractCommand.group(
            "orchestration", "Coordinate agents: mail, tasks, dispatches, gates and runs.", section: .workers,
            discussion: """
                These commands follow a published contract, so that agents that know it need not learn another: with \
                `--json` one object on standard output, `{id, ok, result, _meta}`, and exit code 0 or 1. The last of a \
                repeated flag counts; a value that begins with two dashes is given as `--flag=value`.
                """,
            examples: [
                .init("orca orchestration check --wait --types worker_done,escalation --json", "Wait for a worker."),
                .init("orca orchestration gate-list --status pending --json", "What waits for a decision."),
            ],
            children: { mail + tasks + dispatches + workers + gates + runs })
    }

    private static var mail: [Command] {
        [MailSend.command, MailCheck.command, MailReply.command, MailAsk.command, MailInbox.command]
    }

    private static var tasks: [Command] {
        [BoardTaskCreate.command, BoardTaskList.command, BoardTaskUpdate.command]
    }

    private static var dispatches: [Command] { [DispatchCommand.command, DispatchShow.command] }
    private static var workers: [Command] {
        [
            WorkerStartVerb.command, WorkerLook.list, WorkerLook.show, WorkerEndVerbs.stop, WorkerEndVerbs.release,
        ]
    }

    private static var gates: [Command] { [GateCreate.command, GateResolve.command, GateList.command] }
    private static var runs: [Command] {
        [
            RunStart.command, RunStop.command, RunList.command, RunShow.command, PlanSubmit.command,
            BoardWatch.command, ResetCommand.command,
        ]
    }
}
