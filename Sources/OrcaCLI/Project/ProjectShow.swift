import OrcaAPI

/// `orca project show`
enum ProjectShow {
    static var command: Command {
        Command(
            "show", "Show one project.",
            arguments: [Argument("key", .entity(.project), "Key or id; --project when left out.", optional: true)],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetProjectRequest()
        request.workspace = call.workspace
        if let key = call.text("key") { request.project = key } else { request.project = try call.requiredProject() }
        let response = try call.call(Operations.getProject, request)
        call.answer(response) { ProjectView.details(response.project, call) }
    }
}
