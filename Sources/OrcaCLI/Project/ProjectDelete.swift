import OrcaAPI

/// `orca project delete`
enum ProjectDelete {
    static var command: Command {
        Command(
            "delete", "Delete a project.", changes: true,
            arguments: [Argument("key", .entity(.project), "Key or id.")],
            flags: [.toggle("force", "Delete its tasks, attempts and leases too.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.DeleteProjectRequest()
        request.workspace = call.workspace
        request.project = call.required("key")
        request.force = call.isOn("force")
        let response = try call.call(Operations.deleteProject, request)
        call.answer(response) { "" }
        call.note("Deleted the project \(request.project).")
    }
}
