import OrcaAPI

/// `orca project create`
enum ProjectCreate {
    static var command: Command {
        Command(
            "create", "Create a project; its key gives its tasks readable refs (API-12).", changes: true,
            arguments: [Argument("key", .text, "1 to 10 upper-case letters or digits, a letter first.")],
            flags: [
                .value("name", .text, "TEXT", "Its name; the key when not given."),
                .value("repository", .directory, "PATH", "Path or URL of its repository."),
                .value("base-branch", .text, "BRANCH", "The branch work starts from and is merged to."),
            ] + ProjectSettingsFlags.all,
            examples: [
                .init(
                    "orca project create API --repository ~/src/api --max-attempts 5",
                    "Tasks get the refs API-1, API-2, …")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.CreateProjectRequest()
        request.workspace = call.workspace
        request.key = call.required("key")
        request.name = call.text("name") ?? ""
        request.repository = try ProjectRepository.given(call) ?? ""
        request.baseBranch = call.text("base-branch") ?? ""
        request.settings = ProjectSettingsFlags.settings(call)
        let response = try call.call(Operations.createProject, request)
        call.answer(response) { ProjectView.details(response.project, call) }
        ProjectRepository.warn(about: request.repository, call)
    }
}
