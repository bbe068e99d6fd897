import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration reset`
enum ResetCommand {
    static var command: Command {
        ContractCommand.verb(
            "reset", "Clear mail, tasks or both; what is alive is ended first.", changes: true,
            flags: [
                .toggle("all", "Tasks and mail; the default."),
                .toggle("tasks", "The project's tasks, with their dispatches, gates and runs."),
                .toggle("messages", "The workspace's mail."),
            ],
            discussion: """
                The project is that of the repository here, as for `task-create`; other projects keep their tasks. All of \
                it happens at once or not at all.
                """,
            examples: [.init("orca orchestration reset --messages --json", "Forget all mail.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let scopes = ["all", "tasks", "messages"].filter { call.isOn($0) }
        guard scopes.count <= 1 else {
            throw .invalid("Choose exactly one reset scope: --all, --tasks, or --messages.")
        }
        let scope = scopes.first ?? "all"
        var request = OrcaV1.ResetOrchestrationRequest()
        request.workspace = call.workspace
        request.scope = OrcaV1.ResetOrchestrationRequest.Scope(protoName: scope) ?? .all
        request.project = try Board(call).find() ?? Board.standardKey
        _ = try call.call(Operations.resetOrchestration, request)
        return ContractAnswer(["reset": .string(scope)], "Reset \(scope)")
    }
}
