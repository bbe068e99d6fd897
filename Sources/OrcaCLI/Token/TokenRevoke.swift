import OrcaAPI

/// `orca token revoke`
enum TokenRevoke {
    static var command: Command {
        Command(
            "revoke", "Make a token worthless at once.", aliases: ["delete"], changes: true,
            arguments: [Argument("token", .entity(.token), "Its name, or its id when several have the name.")], run: run
        )
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.RevokeTokenRequest()
        request.token = call.required("token")
        let response = try call.call(Operations.revokeToken, request)
        call.answer(response) { call.isQuiet ? "" : "Revoked \(response.token?.name ?? request.token)\n" }
    }
}
