import OrcaAPI

/// `orca task complete`, `orca done`
enum TaskComplete {
    static var command: Command {
        Command(
            "complete", "Finish a task successfully.", changes: true, arguments: [HeldTask.argument],
            flags: [
                HeldTask.tokenFlag,
                .value("result", short: "r", .text, "TEXT", "What came of it; @FILE reads a file, - standard input."),
                .value("branch", .text, "BRANCH", "The branch with the work."),
                .value("commit", .text, "ID", "The commit with the work."),
                .list("artifact", .file, "PATH", "Something that was made."),
                .value("directory", short: "C", .directory, "PATH", "Where the contract is checked; here."),
            ],
            discussion: """
                The task's completion contract is checked first, in the current directory: its commands must succeed, its \
                files must exist and not be empty. What was found is sent along; the server refuses when a line is not met.
                """,
            examples: [
                .init(
                    "orca done API-12 --result 'Parser written, 40 tests'",
                    "With the token that `orca claim` remembered.")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        var get = OrcaV1.GetTaskRequest()
        get.workspace = call.workspace
        get.task = held.task
        let contract = try call.call(Operations.getTask, get).task?.contract ?? []
        let directory = call.text("directory").map { TextInput.absolute($0, call) } ?? call.context.workingDirectory
        var request = OrcaV1.CompleteTaskRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        if let result = call.text("result") { request.result = try TextInput.value(result, call) }
        request.branch = call.text("branch") ?? ""
        request.commit = call.text("commit") ?? ""
        request.artifacts = call.list("artifact")
        request.checks = try ContractChecker.check(contract, in: directory, call)
        let response: OrcaV1.CompleteTaskResponse
        do throws(APIError) {
            response = try call.call(Operations.completeTask, request)
        } catch {
            throw explain(error, request.checks)
        }
        held.forget(call)
        call.answer(response) { TaskView.line(response.task, call) }
    }

    /// Adds what the failed lines of the contract said.
    private static func explain(_ error: APIError, _ checks: [OrcaV1.ContractCheck]) -> APIError {
        let failed = checks.filter { !$0.passed }
        guard error.code == "contract_unverified", !failed.isEmpty else { return error }
        var copy = error
        for check in failed {
            guard let item = check.item else { continue }
            copy.message += "\n  \(TaskView.contract(item)): \(check.detail)"
        }
        return copy
    }
}
