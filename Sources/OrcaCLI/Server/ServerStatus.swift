import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca status`
enum ServerStatus {
    static var command: Command {
        ContractCommand.verb(
            "status", "Say whether the server runs, and how; never starts it.", section: .server,
            discussion: """
                With `--json` the exit code is 0 also when no server runs: `result.runtime.state` is then `not_running` \
                or `stale_bootstrap` (it ended without saying so), and `starting` when it listens but does not answer. \
                Without `--json` it is 1.
                """,
            examples: [.init("orca status --json | jq -r .runtime.reachable", "Whether a server answers.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let state: State
        do throws(APIError) {
            state = try info(call.base).map { State.ready($0) } ?? absent(call)
        } catch {
            guard error.code == "server_hangs" else { throw error }
            state = .hanging(error)
        }
        return answer(state, call)
    }

    private enum State {
        case ready(OrcaV1.ServerInfo)
        case hanging(APIError)
        case stale
        case notRunning

        var word: String {
            switch self {
            case .ready: "ready"
            case .hanging: "starting"
            case .stale: "stale_bootstrap"
            case .notRunning: "not_running"
            }
        }

        var graph: String {
            switch self {
            case .ready, .hanging: word
            case .stale, .notRunning: "not_running"
            }
        }
    }

    /// Why nobody answers: a lock file that nobody holds is what a server left that ended without stopping.
    private static func absent(_ call: ContractCall) -> State {
        let path = call.base.context.places.serverLock
        guard (try? call.base.connectOptions.endpoint) == .local, let lock = ServerLock.read(path), lock.pid > 0 else {
            return .notRunning
        }
        return ServerLock.isHeld(path) ? .notRunning : .stale
    }

    private static func answer(_ state: State, _ call: ContractCall) -> ContractAnswer {
        var server: OrcaV1.ServerInfo?
        if case .ready(let info) = state { server = info }
        let isReachable = server != nil
        var result: JSONValue = [
            "app": ["running": .bool(isReachable), "pid": server.map { .whole($0.pid) } ?? .null],
            "runtime": [
                "state": .string(state.word), "reachable": .bool(isReachable), "runtimeId": .text(server?.instance),
            ],
            "graph": ["state": .string(state.graph)],
        ]
        var lines = [
            "appRunning: \(isReachable)", "pid: \(server.map { String($0.pid) } ?? "none")",
            "runtimeState: \(state.word)", "runtimeReachable: \(isReachable)",
            "runtimeId: \(server?.instance ?? "none")", "graphState: \(state.graph)",
        ]
        if let server {
            result = result.adding(["server": json(server)])
            lines += details(server, now: call.base.context.now())
        }
        var answer = ContractAnswer(
            result, lines.joined(separator: "\n"), exitCode: isReachable || call.base.isJSON ? 0 : 1)
        answer.notes = notes(state)
        answer.id = "local-status"
        answer.runtimeID = server?.instance ?? "none"
        answer.extras = [.init("runtime", ["reachable": .bool(isReachable)])]
        return answer
    }

    private static func json(_ server: OrcaV1.ServerInfo) -> JSONValue {
        // What is written here was checked when it was read; an answer that is no JSON cannot have come this far.
        (try? JSONValue(jsonBytes: server.jsonBytes())) ?? .null
    }

    private static func details(_ server: OrcaV1.ServerInfo, now: Int64) -> [String] {
        var lines = [
            "version: \(server.version)", "started: \(Clock.full(server.startedAt, now: now) ?? "unknown")",
            "startedBy: \(server.supervised ? "a service manager" : server.autoStarted ? "a client; stops when idle" : "hand")",
            "socket: \(server.socket)",
        ]
        if !server.tcpAddress.isEmpty { lines.append("tcp: \(server.tcpAddress)") }
        if !server.grpcAddress.isEmpty { lines.append("grpc: \(server.grpcAddress)") }
        if server.servers > 1 {
            let lost = server.serversLost == 0 ? "" : ", \(server.serversLost) of them lost; see 'orca server list'"
            lines.append("servers: \(server.servers) on this database\(lost)")
        }
        let store = server.storeProblem.isEmpty ? "schema \(server.schemaVersion)" : "does not answer"
        return lines + ["store: \(server.store) (\(store))", "connections: \(server.connections)"]
    }

    private static func notes(_ state: State) -> [String] {
        switch state {
        case .hanging(let error): [error.message]
        case .stale, .notRunning: ["The next command that needs the server starts it; so does 'orca serve'."]
        case .ready(let server) where !server.storeProblem.isEmpty: [server.storeProblem]
        case .ready(let server) where server.version != ProductVersion.current:
            ["This orca is \(ProductVersion.current). 'orca restart' starts the server of this version."]
        case .ready: []
        }
    }

    /// Milliseconds to wait for a server that should answer at once.
    private static let patienceMS = 5000

    /// What the running server says; `nil` when none listens.
    static func info(_ call: Invocation) throws(APIError) -> OrcaV1.ServerInfo? {
        var options = try call.connectOptions
        options.timeoutMS = options.timeoutMS ?? patienceMS
        do throws(APIError) {
            let client = try call.context.connectWithoutStarting(options)
            return try client.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest()).server
        } catch {
            if error.code == "server_unreachable" { return nil }
            guard error.code == "deadline_exceeded", options.endpoint == .local,
                let lock = ServerLock.read(options.places.serverLock)
            else { throw error }
            throw APIError(
                "server_hangs", .deadlineExceeded,
                "orcad (pid \(lock.pid)) listens but does not answer. See 'orca logs', and whether its database answers; end it with 'kill -9 \(lock.pid)', the next command starts another and nothing acknowledged is lost.",
                details: ["pid": String(lock.pid)])
        }
    }
}
