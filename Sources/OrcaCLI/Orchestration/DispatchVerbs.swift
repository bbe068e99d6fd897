import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Dispatches as the contract shows them.
enum DispatchRow {
    static func json(_ dispatch: OrcaV1.Dispatch) -> JSONValue {
        [
            "id": .string(dispatch.id), "task_id": .string(dispatch.task),
            "assignee_handle": .string(dispatch.terminal),
            "status": .string(dispatch.status.protoName), "failure_count": .whole(dispatch.failureCount),
            "last_failure": .text(dispatch.lastFailure), "dispatched_at": .time(dispatch.dispatchedAt),
            "completed_at": .time(dispatch.completedAt), "created_at": .time(dispatch.dispatchedAt),
            "last_heartbeat_at": .time(dispatch.lastHeartbeatAt), "prompt": .string(dispatch.prompt.protoName),
            "coordinator_handle": .text(dispatch.coordinator),
        ]
    }

    static func line(_ dispatch: OrcaV1.Dispatch) -> String {
        "\(dispatch.id) [\(dispatch.status.protoName)] \(dispatch.taskRef) -> \(dispatch.terminal)"
    }
}

/// `orca orchestration dispatch`
enum DispatchCommand {
    static var command: Command {
        ContractCommand.verb(
            "dispatch", "Hand a ready task to a terminal.", changes: true,
            flags: [
                .value("task", .entity(.task), "TASK", "The task.", required: true),
                .value("to", .text, "HANDLE", "The terminal that is to work on it."),
                ContractIdentity.flag("from", "Who gets the mail of this work;"),
                .toggle("inject", "Send the task to the terminal's agent as a prompt."),
                .toggle("dry-run", "Only show the prompt; nothing changes."),
                .toggle("return-preamble", "Answer the prompt, too."),
            ],
            discussion: """
                With `--inject` the prompt is typed as soon as the terminal can take it; `injected` says whether that has \
                happened, `queued` that it will. A terminal at a permission prompt is an error.
                """,
            examples: [
                .init("orca orchestration dispatch --task task_1 --to term_1 --inject --json", "The agent begins."),
                .init("orca orchestration dispatch --task task_1 --dry-run", "What it would be told."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let task = try call.required("task")
        do throws(APIError) {
            let preamble = try DispatchShow.preview(task, call)
            if call.isOn("dry-run") {
                return ContractAnswer(
                    ["dispatch": .null, "injected": false, "dryRun": true, "preamble": .string(preamble)], preamble)
            }
            guard let to = call.text("to") else { throw APIError.invalid("Missing --to") }
            return try dispatch(task, to: to, call)
        } catch {
            throw BoardTask.restate(error, task)
        }
    }

    private static func dispatch(_ task: String, to: String, _ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.DispatchTaskRequest()
        request.workspace = call.workspace
        request.task = task
        request.terminal = to
        request.coordinator = ContractIdentity.known(call, flag: "from") ?? ""
        request.inject = call.isOn("inject")
        let response = try call.callPatiently(Operations.dispatchTask, request)
        let dispatch = response.dispatch ?? OrcaV1.Dispatch()
        var result: JSONValue = ["dispatch": DispatchRow.json(dispatch), "injected": .bool(response.injected)]
        if response.queued { result = result.adding(["queued": true]) }
        if call.isOn("return-preamble") { result = result.adding(["preamble": .string(response.preamble)]) }
        var text = DispatchRow.line(dispatch)
        if call.isOn("return-preamble") { text += "\n\n" + response.preamble }
        var answer = ContractAnswer(result, text)
        if response.queued { answer.notes = ["The prompt is queued; it is typed as soon as \(to) can take it."] }
        return answer
    }
}

/// `orca orchestration dispatch-show`
enum DispatchShow {
    static var command: Command {
        ContractCommand.verb(
            "dispatch-show", "Show the newest dispatch of a task.",
            flags: [
                .value("task", .entity(.task), "TASK", "The task.", required: true),
                .toggle("preamble", "With the prompt a dispatch would send now."),
                ContractIdentity.flag("from", "The coordinator in the prompt;"),
            ],
            examples: [.init("orca orchestration dispatch-show --task task_1 --json", "Who works on it.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let task = try call.required("task")
        var result: JSONValue = ["dispatch": .null]
        var text = "No dispatch."
        do throws(APIError) {
            var request = OrcaV1.GetDispatchRequest()
            request.workspace = call.workspace
            request.task = task
            if let dispatch = try call.call(Operations.getDispatch, request).dispatch {
                result = ["dispatch": DispatchRow.json(dispatch)]
                text = DispatchRow.line(dispatch)
            }
        } catch {
            // Without the prompt, a task that is not there has no dispatch either.
            guard error.code == ErrorCode.taskNotFound.rawValue, !call.isOn("preamble") else {
                throw BoardTask.restate(error, task)
            }
        }
        guard call.isOn("preamble") else { return ContractAnswer(result, text) }
        let preamble = try preview(task, call)
        return ContractAnswer(result.adding(["preamble": .string(preamble)]), text + "\n\n" + preamble)
    }

    static func preview(_ task: String, _ call: ContractCall) throws(APIError) -> String {
        var request = OrcaV1.PreviewDispatchRequest()
        request.workspace = call.workspace
        request.task = task
        request.coordinator = ContractIdentity.known(call, flag: "from") ?? ""
        return try call.call(Operations.previewDispatch, request).preamble
    }
}
