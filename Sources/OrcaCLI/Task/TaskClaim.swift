import OrcaAPI

/// `orca task claim`, `orca claim`
enum TaskClaim {
    static var command: Command {
        Command(
            "claim", "Claim one task: the named one, or the best that is ready.", changes: true,
            arguments: [
                Argument("task", .entity(.task), "Ref or id; the best ready task when left out.", optional: true)
            ],
            flags: [
                .value("agent", short: "a", .entity(.agent), "NAME", "Who claims; $ORCA_AGENT."),
                .value("ttl", .duration, "DURATION", "How long the lease lives without renewal; the project's."),
                .value("wait", .duration, "DURATION", "With no task named: wait this long for one; at most 60s."),
                .value("count", .integer(1...100), "N", "Claim up to this many ready tasks in one transaction."),
                .value("session", .text, "ID", "The session the work belongs to."),
                .toggle("no-remember", "Do not keep the token for `orca done`."),
            ],
            discussion: """
                The answer has the task, the attempt and the lease with its token. The token is remembered for this user, \
                so that `orca done`, `orca fail`, `orca renew`, `orca release` and `orca progress` need no --token. The \
                exit code is 4 when the task is held by somebody else, and 3 when nothing is ready.
                """,
            examples: [
                .init("orca claim --agent me --project API", "The best ready task of the project."),
                .init("orca claim API-12 --agent me --json | jq -r .lease.token", "That task, and its token."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard let agent = call.text("agent") ?? call.context.variable("ORCA_AGENT") else {
            throw .usage(
                "'\(call.parsed.title)' needs --agent NAME (or $ORCA_AGENT): any name, new ones are registered.")
        }
        if call.text("count") != nil { return try claimSeveral(call, agent) }
        var request = OrcaV1.ClaimTaskRequest()
        request.workspace = call.workspace
        request.task = call.text("task") ?? ""
        request.agent = agent
        request.project = request.task.isEmpty ? call.project ?? "" : ""
        request.ttlMs = Int32(clamping: call.milliseconds("ttl") ?? 0)
        request.waitMs = Int32(clamping: min(60_000, call.milliseconds("wait") ?? 0))
        request.session = call.text("session") ?? ""
        request.host = call.context.hostName
        let response = try call.call(Operations.claimTask, request)
        try remember(response.task, response.lease, call)
        call.answer(response) { describe(response.task, response.attempt, response.lease, call) }
    }

    private static func claimSeveral(_ call: Invocation, _ agent: String) throws(APIError) {
        guard call.text("task") == nil else { throw .usage("--count claims what is ready; leave the task out.") }
        var request = OrcaV1.ClaimTasksRequest()
        request.workspace = call.workspace
        request.agent = agent
        request.project = call.project ?? ""
        request.count = call.integer32("count") ?? 1
        request.ttlMs = Int32(clamping: call.milliseconds("ttl") ?? 0)
        request.session = call.text("session") ?? ""
        request.host = call.context.hostName
        let response = try call.call(Operations.claimTasks, request)
        for claim in response.claims { try remember(claim.task, claim.lease, call) }
        call.answer(response) {
            response.claims.map { describe($0.task, $0.attempt, $0.lease, call) }.joined(separator: "\n")
        }
    }

    static func remember(_ task: OrcaV1.Task?, _ lease: OrcaV1.Lease?, _ call: Invocation) throws(APIError) {
        guard let task, let lease, !call.isOn("no-remember") else { return }
        let remembered = RememberedLease(
            workspace: call.workspace, task: task.id, ref: task.ref, agent: lease.agent, token: lease.token)
        try remembered.save(call.context)
    }

    static func describe(
        _ task: OrcaV1.Task?, _ attempt: OrcaV1.Attempt?, _ lease: OrcaV1.Lease?, _ call: Invocation
    ) -> String {
        guard let task, let attempt, let lease else { return "" }
        if call.isQuiet { return task.ref + "\n" }
        let now = call.context.now()
        let style = call.style
        var details = Details()
        details.add("claimed", "\(task.ref)  \(task.title)", .strong)
        details.add("attempt", "\(attempt.id) (number \(attempt.number))")
        details.add("lease", "\(lease.id), expires \(Clock.relative(lease.expiresAt, now: now))")
        details.add("token", String(lease.token))
        for item in task.contract { details.add("contract", TaskView.contract(item)) }
        let spec = task.spec.isEmpty ? "" : "\n" + TextWidth.inertLines(task.spec) + "\n"
        let next = "\nFinish with 'orca done \(task.ref)', give up with 'orca fail \(task.ref) --error TEXT'.\n"
        return details.text(style: style) + spec + style.dim(next)
    }
}
