import OrcaAPI

/// `orca lease accept`
enum LeaseAccept {
    static var command: Command {
        Command(
            "accept", "Accept an offer: its short lease becomes a full one.", changes: true,
            arguments: [TaskCommands.argument],
            flags: [
                .value("token", .integer(1...Int64.max), "N", "The token of the offer.", required: true),
                .toggle("no-remember", "Do not keep the token for `orca done`."),
            ],
            examples: [.init("orca lease list --agent me --offered", "Offers that wait, with their tokens.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.AcceptOfferRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.token = call.integer("token") ?? 0
        let response = try call.call(Operations.acceptOffer, request)
        try TaskClaim.remember(response.task, response.lease, call)
        call.answer(response) { TaskClaim.describe(response.task, response.attempt, response.lease, call) }
    }
}
