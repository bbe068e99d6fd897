import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// `orca server …`
enum ServerNoun {
    static var command: Command {
        var command = Command(
            "server", "The servers on a shared database.", aliases: ["servers"], section: .server,
            children: { [list, forget] })
        command.discussion = """
            Several servers may share one database in Postgres. One that is not heard of for \(Limits.serverLostMS / 1_000) \
            seconds is lost: its leases run out, and others take its tasks. Its terminals and runs wait for it, for an hour \
            unless 'server_given_up_after' says otherwise; then it is given up, and they count as ended.
            """
        return command
    }

    private static var list: Command {
        Command(
            "list", "List the servers on this database, those that are lost as well.", aliases: ["ls"],
            examples: [.init("orca server list", "Who is there, and who leads.")], run: runList)
    }

    private static func runList(_ call: Invocation) throws(APIError) {
        let response = try call.call(Operations.listServers, OrcaV1.ListServersRequest())
        call.answer(response) {
            if call.isQuiet { return response.servers.map { $0.id + "\n" }.joined() }
            let now = call.context.now()
            var table = Table([
                .fixed(""), .flexible("HOST"), .fixed("STATE"), .fixed("VERSION"), .fixed("TERMINALS"), .fixed("RUNS"),
                .flexible("ADDRESS"), .fixed("ID"),
            ])
            for server in response.servers {
                table.add([
                    .init(server.answers ? "*" : ""), .init(server.host.isEmpty ? "this one" : server.host, .strong),
                    .init(state(server, now: now), server.state == .lost ? .bad : .good), .init(server.version),
                    .init(String(server.liveTerminals)), .init(String(server.liveRuns)), .init(server.url),
                    .init(server.id, .faint),
                ])
            }
            return call.text(table)
        }
        for server in response.servers where abs(server.clockAheadMs) > Limits.clockSkewMaxMS {
            let side = server.clockAheadMs > 0 ? "ahead of" : "behind"
            call.note(
                "The clock of \(server.host) is \(abs(server.clockAheadMs)) ms \(side) the database's: correct it.")
        }
    }

    /// `leads`, `alive`, `lost since 2030-01-31 08:00:00 UTC (3m ago), given up in 57m`
    private static func state(_ server: OrcaV1.Server, now: Int64) -> String {
        guard server.state == .lost else { return server.leads ? "leads" : "alive" }
        let end = server.givenUpAt.map { ", given up \(Clock.relative($0, now: now))" } ?? ""
        return "lost since \(Clock.full(server.seenAt, now: now) ?? "")\(end)"
    }

    private static var forget: Command {
        Command(
            "forget", "Give up a lost server at once: its terminals count as ended, its runs as failed.",
            aliases: ["remove", "rm"], changes: true,
            arguments: [
                Argument("name", .text, "Its id, the beginning of its id, or its host when that has only one server.")
            ],
            examples: [.init("orca server forget db-runner-3", "The machine is gone for good.")], run: runForget)
    }

    private static func runForget(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ForgetServerRequest()
        request.server = call.required("name")
        let response = try call.call(Operations.forgetServer, request)
        call.answer(response) {
            if call.isQuiet { return "" }
            let host = response.server?.host ?? request.server
            return "Gave up the server on \(host): \(response.terminals) terminals and \(response.runs) runs with it\n"
        }
    }
}
