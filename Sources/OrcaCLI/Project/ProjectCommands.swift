/// `orca project …`
enum ProjectCommands {
    static var command: Command {
        Command(
            "project", "Bodies of work, usually one repository each.", aliases: ["projects"], section: .nouns,
            children: {
                [
                    ProjectCreate.command, ProjectList.command, ProjectShow.command, ProjectUpdate.command,
                    ProjectDelete.command,
                ]
            })
    }
}
