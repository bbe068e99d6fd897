import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// `orca status`
enum ServerStatus {
    static var command: Command {
        Command(
            "status", "Say whether the server runs, and how; never starts it.", section: .server,
            discussion: "The exit code is 0 also when no server runs: then `--json` has no `server`.", run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard let response = try info(call) else {
            call.answer(OrcaV1.GetServerInfoResponse()) { "orcad is not running\n" }
            call.note("The next command that needs it starts it; so does 'orca serve'.")
            return
        }
        call.answer(response) {
            guard let server = response.server else { return "" }
            let now = call.context.now()
            var details = Details()
            details.add("orcad", "running", .good)
            details.add("version", server.version)
            details.add("pid", String(server.pid))
            details.add("started", Clock.full(server.startedAt, now: now))
            details.add("started by", server.autoStarted ? "a client; stops when idle" : "hand")
            details.add("socket", server.socket)
            details.add("tcp", server.tcpAddress)
            details.add("store", "\(server.store) (schema \(server.schemaVersion))")
            details.add("connections", String(server.connections))
            return details.text(style: call.style)
        }
        if let version = response.server?.version, version != ProductVersion.current {
            call.note("This orca is \(ProductVersion.current). 'orca restart' starts the server of this version.")
        }
    }

    /// Milliseconds to wait for a server that should answer at once.
    private static let patienceMS = 5000

    /// What the running server says; `nil` when none listens.
    static func info(_ call: Invocation) throws(APIError) -> OrcaV1.GetServerInfoResponse? {
        var options = call.connectOptions
        options.timeoutMS = options.timeoutMS ?? patienceMS
        do throws(APIError) {
            let client = try call.context.connectWithoutStarting(options)
            return try client.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest())
        } catch {
            if error.code == "server_unreachable" { return nil }
            guard error.code == "timeout", options.endpoint == .local,
                let lock = ServerLock.read(options.places.serverLock)
            else { throw error }
            throw APIError(
                "server_hangs", .deadlineExceeded,
                "orcad (pid \(lock.pid)) listens but does not answer. See 'orca logs'; end it with 'kill -9 \(lock.pid)', the next command starts another and nothing acknowledged is lost.",
                details: ["pid": String(lock.pid)])
        }
    }
}
