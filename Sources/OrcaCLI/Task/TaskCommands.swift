/// `orca task …`
enum TaskCommands {
    static var command: Command {
        Command(
            "task", "Units of work, with dependencies between them.", aliases: ["tasks"], section: .nouns,
            children: {
                [
                    TaskCreate.command, TaskList.command, TaskReady.command, TaskShow.command, TaskUpdate.command,
                    TaskDelete.command, TaskDepend.add, TaskDepend.remove, TaskClaim.command, TaskComplete.command,
                    TaskFail.command, TaskRenew.command, TaskRelease.command, TaskProgress.command, TaskExplain.command,
                    TaskCancel.command, TaskRetry.command, TaskOverride.command, TaskWait.command, TaskGraph.command,
                ]
            })
    }

    /// The task argument every one of these verbs has.
    static let argument = Argument("task", .entity(.task), "Ref (API-12) or id.")
}

extension Command {
    /// The same command under a name of its own on the first level.
    func daily(_ name: String, aliases: [String] = []) -> Command {
        var copy = self
        copy.name = name
        copy.aliases = aliases
        copy.section = .daily
        return copy
    }
}
