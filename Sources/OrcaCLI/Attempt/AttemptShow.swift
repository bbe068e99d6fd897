import OrcaAPI

/// `orca attempt show`
enum AttemptShow {
    static var command: Command {
        Command(
            "show", "Show one attempt.", arguments: [Argument("attempt", .entity(.attempt), "Id of the attempt.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetAttemptRequest()
        request.workspace = call.workspace
        request.attempt = call.required("attempt")
        let response = try call.call(Operations.getAttempt, request)
        call.answer(response) { AttemptView.details(response.attempt, call) }
    }
}
