import OrcaAPI

/// `orca lease show`
enum LeaseShow {
    static var command: Command {
        Command(
            "show", "Show one live lease.", arguments: [Argument("lease", .entity(.lease), "Id of the lease.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetLeaseRequest()
        request.workspace = call.workspace
        request.lease = call.required("lease")
        let response = try call.call(Operations.getLease, request)
        call.answer(response) { LeaseView.details(response.lease, call) }
    }
}
