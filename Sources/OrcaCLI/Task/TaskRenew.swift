import OrcaAPI

/// `orca task renew`, `orca renew`, `orca lease renew`
enum TaskRenew {
    static var command: Command {
        Command(
            "renew", "Keep the lease of a task alive.", changes: true, arguments: [HeldTask.argument],
            flags: [HeldTask.tokenFlag, .value("ttl", .duration, "DURATION", "How long from now; the lease's own.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        var request = OrcaV1.RenewLeaseRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        request.ttlMs = Int32(clamping: call.milliseconds("ttl") ?? 0)
        let response = try call.call(Operations.renewLease, request)
        call.answer(response) { LeaseView.line(response.lease, call) }
    }
}
