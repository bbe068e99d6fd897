import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// `orca stop`, `orca restart`
enum ServerStop {
    /// How long a server may take to finish what is in flight.
    private static let patience = Duration.seconds(30)

    static var command: Command {
        Command(
            "stop", "Finish what is in flight and stop the server.", section: .server, changes: true,
            flags: [.value("reason", .text, "TEXT", "Why; goes into the server's log.")], run: run)
    }

    static var restart: Command {
        Command(
            "restart", "Stop the server if it runs, and start it.", section: .server, changes: true, run: runRestart)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard try stop(call, reason: call.text("reason") ?? "orca stop") else {
            call.note("orcad is not running.")
            return
        }
        call.answer(OrcaV1.StopServerResponse()) { "" }
        call.note("orcad has stopped.")
    }

    private static func runRestart(_ call: Invocation) throws(APIError) {
        let server = try ServerStatus.info(call)
        if let server, server.supervised {
            throw APIError(
                "server_supervised", .conflict,
                "A service manager started this server (pid \(server.pid)): restart it there, with 'systemctl restart orcad' "
                    + "if its unit is called so. Nothing was done.")
        }
        let wasByHand = server?.autoStarted == false
        _ = try stop(call, reason: "orca restart")
        let response = try call.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest())
        call.answer(response) { "orcad \(response.server?.version ?? "") runs, pid \(response.server?.pid ?? 0)\n" }
        if wasByHand {
            call.note("It was started by hand: flags it had then count no more, settings of 'orca config' do.")
        }
    }

    /// False when no server ran.
    private static func stop(_ call: Invocation, reason: String) throws(APIError) -> Bool {
        guard let pid = try ServerStatus.info(call)?.pid else { return false }
        let options = try call.connectOptions
        var request = OrcaV1.StopServerRequest()
        request.reason = reason
        _ = try call.context.connectWithoutStarting(options).call(
            Operations.stopServer, request, idempotencyKey: call.idempotencyKey)
        guard options.endpoint == .local else { return true }
        guard ServerLock.waitUntilFree(options.places.serverLock, pid: pid, until: .after(patience)) else {
            throw APIError(
                "server_not_stopped", .deadlineExceeded,
                "orcad (pid \(pid)) has not stopped after \(patience). See 'orca logs'; end it with 'kill \(pid)'.")
        }
        return true
    }
}
