import OrcaAPI

/// `orca workspace update`
enum WorkspaceUpdate {
    static var command: Command {
        Command(
            "update", "Change a workspace's description.", changes: true,
            arguments: [Argument("name", .entity(.workspace), "Name or id.")],
            flags: [
                .value("description", .text, "TEXT", "The new description.", required: true),
                .value(
                    "expected-version", .integer(0...Int64(Int32.max)), "N",
                    "Refuse when it has changed since this version."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.UpdateWorkspaceRequest()
        request.workspace = call.required("name")
        request.description = call.text("description")
        request.expectedVersion = call.integer32("expected-version") ?? 0
        let response = try call.call(Operations.updateWorkspace, request)
        call.answer(response) { WorkspaceView.details(response.workspace, call) }
    }
}
