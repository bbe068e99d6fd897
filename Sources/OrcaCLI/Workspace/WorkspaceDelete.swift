import OrcaAPI

/// `orca workspace delete`
enum WorkspaceDelete {
    static var command: Command {
        Command(
            "delete", "Delete an empty workspace.", changes: true,
            arguments: [Argument("name", .entity(.workspace), "Name or id.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.DeleteWorkspaceRequest()
        request.workspace = call.required("name")
        let response = try call.call(Operations.deleteWorkspace, request)
        call.answer(response) { "" }
        call.note("Deleted the workspace \(request.workspace).")
    }
}
