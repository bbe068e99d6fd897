import OrcaAPI

/// `orca project update`
enum ProjectUpdate {
    static var command: Command {
        Command(
            "update", "Change a project's name, repository or settings.", changes: true,
            arguments: [Argument("key", .entity(.project), "Key or id.")],
            flags: [
                .value("name", .text, "TEXT", "The new name."),
                .value("repository", .directory, "PATH", "Path or URL of its repository."),
                .value("base-branch", .text, "BRANCH", "The branch work starts from and is merged to."),
                .value(
                    "expected-version", .integer(0...Int64(Int32.max)), "N",
                    "Refuse when it has changed since this version."),
            ] + ProjectSettingsFlags.all, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.UpdateProjectRequest()
        request.workspace = call.workspace
        request.project = call.required("key")
        request.name = call.text("name")
        request.repository = try ProjectRepository.given(call)
        request.baseBranch = call.text("base-branch")
        request.settings = ProjectSettingsFlags.settings(call)
        request.expectedVersion = call.integer32("expected-version") ?? 0
        let response = try call.call(Operations.updateProject, request)
        call.answer(response) { ProjectView.details(response.project, call) }
    }
}
