import OrcaAPI
import OrcaProtobuf

/// `orca agent list`
enum AgentList {
    private static let statuses = ["idle", "online", "busy", "draining", "offline"]

    static var command: Command {
        Command(
            "list", "List agents by name.",
            flags: [.value("status", .choice(statuses), "STATUS", "Only agents in this state.")] + Paging.flags,
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.agents) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListAgentsResponse in
            var request = OrcaV1.ListAgentsRequest()
            request.workspace = call.workspace
            request.status = call.text("status").flatMap { .init(protoName: $0) } ?? .unknown
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listAgents, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.agents.map { $0.name + "\n" }.joined() }
            let now = call.context.now()
            var table = Table([
                .flexible("NAME"), .fixed("STATUS"), .fixed("WORK"), .fixed("TOOL"), .flexible("TAGS"), .fixed("SEEN"),
                .flexible("HOST"),
            ])
            for item in response.agents {
                table.add([
                    .init(item.name, .strong), .init(item.status.protoName, AgentView.tone(item.status)),
                    .init("\(item.activeLeases)/\(item.capacity)"), .init(item.tool),
                    .init(item.tags.joined(separator: " ")),
                    .init(Clock.relative(item.lastSeenAt, now: now)), .init(item.host, .faint),
                ])
            }
            return call.text(table)
        }
        if response.agents.isEmpty, !call.isJSON {
            call.note("No agents yet. 'orca claim --agent NAME' registers one, or 'orca agent create NAME'.")
        }
    }
}
