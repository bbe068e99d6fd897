import OrcaAPI

/// `orca workspace create`
enum WorkspaceCreate {
    static var command: Command {
        Command(
            "create", "Create a workspace.", changes: true,
            arguments: [Argument("name", .text, "Lower-case letters, digits, '-' and '_'.")],
            flags: [.value("description", .text, "TEXT", "What it is for.")],
            examples: [.init("orca workspace create team-a", "A second workspace beside `default`.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.CreateWorkspaceRequest()
        request.name = call.required("name")
        request.description = call.text("description") ?? ""
        let response = try call.call(Operations.createWorkspace, request)
        call.answer(response) { WorkspaceView.details(response.workspace, call) }
    }
}
