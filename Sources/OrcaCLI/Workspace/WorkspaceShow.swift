import OrcaAPI

/// `orca workspace show`
enum WorkspaceShow {
    static var command: Command {
        Command(
            "show", "Show one workspace.",
            arguments: [
                Argument(
                    "name", .entity(.workspace), "Name or id; the current workspace when left out.", optional: true)
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetWorkspaceRequest()
        request.workspace = call.text("name") ?? call.workspace
        let response = try call.call(Operations.getWorkspace, request)
        call.answer(response) { WorkspaceView.details(response.workspace, call) }
    }
}
