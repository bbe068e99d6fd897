/// `orca event …`
enum EventCommands {
    static var command: Command {
        Command(
            "event", "The change log: who changed what, when and why.", aliases: ["events"], section: .nouns,
            children: { [EventList.command, EventWatch.command] })
    }
}
