import OrcaAPI

/// `orca lease list`
enum LeaseList {
    static var command: Command {
        Command(
            "list", "List live leases, the next to expire first.",
            flags: [
                .value("agent", short: "a", .entity(.agent), "NAME", "Only those of this agent."),
                .toggle("offered", "Only offers that wait to be accepted."),
            ] + Paging.flags, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.leases) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListLeasesResponse in
            var request = OrcaV1.ListLeasesRequest()
            request.workspace = call.workspace
            request.project = call.project ?? ""
            request.agent = call.text("agent") ?? ""
            request.offered = call.isOn("offered")
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listLeases, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.leases.map { $0.id + "\n" }.joined() }
            let now = call.context.now()
            var table = Table([
                .fixed("TASK"), .flexible("AGENT"), .fixed("EXPIRES"), .number("TOKEN"), .fixed("STATE"), .fixed("ID"),
            ])
            for lease in response.leases {
                table.add([
                    .init(lease.taskRef, .strong), .init(lease.agent), .init(Clock.relative(lease.expiresAt, now: now)),
                    .init(String(lease.token)),
                    .init(lease.offered ? "offered" : "held", lease.offered ? .warning : .active),
                    .init(lease.id, .faint),
                ])
            }
            return call.text(table)
        }
        if response.leases.isEmpty, !call.isJSON {
            call.note("Nobody holds a task. 'orca ready' lists what could be claimed.")
        }
    }
}
