/// `orca attempt …`
enum AttemptCommands {
    static var command: Command {
        Command(
            "attempt", "Tries at tasks; never overwritten.", aliases: ["attempts"], section: .nouns,
            children: { [AttemptList.command, AttemptShow.command] })
    }
}
