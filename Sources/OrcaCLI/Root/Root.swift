import OrcaAPI

/// `orca`
package enum Root {
    package static var command: Command {
        var root = Command(
            "orca", "Control plane for coding agents.", children: { daily + workers + nouns + server + more })
        root.discussion = """
            Orca hands each task of a graph to exactly one live agent, on this machine or another, keeps it honest while it \
            works, and tells everyone what happened.

            The server starts by itself when a command needs it. Data goes to standard output, remarks to standard error; \
            --json gives every answer as JSON with a stable shape.
            """
        root.examples = [
            .init("orca project create API --repository .", "A project for the repository here."),
            .init("orca add 'Write the parser' --project API", "Its first task, API-1."),
            .init("orca claim --agent me", "Take the best task that is ready."),
            .init("orca done API-1 --result 'Parser written'", "Finish it."),
            .init("orca run plan.yaml --repo . --agents 4 -- ./work.sh", "Let four workers carry out a whole plan."),
        ]
        return root
    }

    private static var daily: [Command] {
        [
            TaskCreate.command.daily("add"), TaskReady.command.daily("ready"), TaskClaim.command.daily("claim"),
            TaskComplete.command.daily("done"), TaskFail.command.daily("fail"), TaskRenew.command.daily("renew"),
            TaskRelease.command.daily("release"), TaskProgress.command.daily("progress"),
            TaskShow.command.daily("show"),
            TaskList.command.daily("list"), TaskExplain.command.daily("explain", aliases: ["why"]),
            TaskCancel.command.daily("cancel"),
            TaskRetry.command.daily("retry"), TaskWait.command.daily("wait"), WatchCommand.command,
            TaskGraph.command.daily("graph"),
            EventList.log,
        ]
    }

    private static var workers: [Command] {
        [
            RunPlan.command, WorkCommand.command, MergeCommand.command, ExecTask.command, PlanCommands.command,
            ScriptCommands.command, MCPCommands.command,
            OrchestrationCommands.command, TerminalCommands.command, GatesCommand.list, HookCommands.command,
            SkillCommands.command,
        ]
    }

    private static var nouns: [Command] {
        [
            WorkspaceCommands.command, ProjectCommands.command, TaskCommands.command, AttemptCommands.command,
            LeaseCommands.command, RepoCommands.command, WorktreeCommands.command,
            AgentCommands.command, EventCommands.command, TokenCommands.command, GatesCommand.verbs,
        ]
    }

    private static var server: [Command] {
        [
            ServerServe.command, ServerDatabase.command, ServerStatus.command, ServerStop.command, ServerStop.restart,
            ServerLogs.command, ServerNoun.command,
            ServerDoctor.command,
            ServerUsage.command, ConfigCommands.command, ContextCommands.command,
        ]
    }

    private static var more: [Command] {
        [
            HelpCommand.command, HelpCommand.version, HelpCommand.manual, CompletionCommands.command,
            CompletionCommands.complete,
        ]
    }
}
