/// `orca workspace …`
enum WorkspaceCommands {
    static var command: Command {
        Command(
            "workspace", "Top containers: every id is scoped by one.", aliases: ["workspaces", "ws"], section: .nouns,
            children: {
                [
                    WorkspaceCreate.command, WorkspaceList.command, WorkspaceShow.command, WorkspaceUpdate.command,
                    WorkspaceDelete.command,
                ]
            })
    }
}
