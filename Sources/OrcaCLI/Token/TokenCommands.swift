/// `orca token …`
enum TokenCommands {
    static var command: Command {
        Command(
            "token", "Access tokens for clients over TCP and for workers.", aliases: ["tokens"], section: .nouns,
            children: { [TokenCreate.command, TokenList.command, TokenRevoke.command] })
    }
}
