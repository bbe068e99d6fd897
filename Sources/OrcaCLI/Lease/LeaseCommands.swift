/// `orca lease …`
enum LeaseCommands {
    static var command: Command {
        Command(
            "lease", "Rights to work on an attempt until a time.", aliases: ["leases"], section: .nouns,
            children: {
                [
                    LeaseList.command, LeaseShow.command, TaskRenew.command, LeaseAccept.command,
                    LeaseHoldCommand.command,
                ]
            })
    }
}
