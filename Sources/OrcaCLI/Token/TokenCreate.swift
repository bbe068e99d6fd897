import OrcaAPI
import OrcaProtobuf

/// `orca token create`
enum TokenCreate {
    static var command: Command {
        Command(
            "create", "Make an access token. The secret is shown once.", changes: true,
            arguments: [Argument("name", .text, "What it is for.")],
            flags: [
                .value(
                    "scope", .choice(["admin", "coordinator", "worker", "read_only"]), "SCOPE", "What it may do.",
                    required: true),
                .value("attempt", .entity(.attempt), "ID", "With scope worker: the attempt it speaks for."),
                .value("ttl", .duration, "DURATION", "How long it is valid; 30d, at most 365d."),
                .value(
                    "output", short: "o", .file, "PATH",
                    "Write the secret to this file, mode 0600, instead of printing it."),
            ],
            examples: [
                .init(
                    "orca token create laptop --scope coordinator -o ~/.orca-token",
                    "Use it with ORCA_TOKEN_FILE=~/.orca-token.")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.CreateTokenRequest()
        request.name = call.required("name")
        request.scope = .init(protoName: call.required("scope")) ?? .unspecified
        request.attempt = call.text("attempt") ?? ""
        request.workspace = request.attempt.isEmpty ? "" : call.workspace
        request.ttlSeconds = Int32(clamping: (call.milliseconds("ttl") ?? 0) / 1000)
        var response = try call.call(Operations.createToken, request)
        let secret = response.secret
        if let output = call.text("output") {
            try call.context.host.writeSecret(TextInput.absolute(output, call), Array((secret + "\n").utf8))
            response.secret = ""
            call.note("The secret is in \(output).")
        }
        call.answer(response) { response.secret.isEmpty ? "" : response.secret + "\n" }
        if !response.secret.isEmpty, !call.isJSON {
            call.note("Keep it: it is not shown again. End it with 'orca token revoke \(response.token?.id ?? "")'.")
        }
    }
}
