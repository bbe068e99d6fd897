import Glibc
import OrcaAPI
import OrcaDomain
package import OrcaSupport
package import OrcaTLS

/// Where to find the server, and who asks.
package struct ConnectOptions: Sendable {
    package enum Endpoint: Sendable, Hashable {
        /// The user's own server, started when it is not there.
        case local
        case socket(String)
        /// `https://host:port`, `http://host:port` or `unix:///path`.
        case url(String)
        /// No server: one that only this client knows opens the database, and ends with it.
        case embedded(database: String)
    }

    package var endpoint: Endpoint
    package var places: Places
    /// Bearer token.
    package var token: String?
    /// A file whose first line is the token; wins over the environment.
    package var tokenFile: String?
    /// For `https://`.
    package var trust: TLSTrust
    /// What the caller calls itself in the event log.
    package var callerName: String?
    /// Names the request in logs and events; the server makes a name when there is none.
    package var requestID: String?
    /// How long one call may take; 60 seconds when not given.
    package var timeoutMS: Int?
    /// Whether a missing server is started, and an older one replaced.
    package var startsServer = true
    /// The server program; `nil` looks beside this program, then in `PATH`.
    package var serverProgram: String?
    /// How long a server may take until it listens: opening a large database after a crash replays its log.
    package var startPatience = Duration.seconds(30)
    /// Raised, it ends the calls that wait for their answers: their connections close, which the server notices.
    package var stop: StopSignal?
    package var environment: [String: String]

    package init(environment: [String: String]) {
        self.environment = environment
        places = Places(environment: environment, userID: getuid())
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let url = variable("ORCA_URL") {
            endpoint = .url(url)
        } else if let socket = variable("ORCA_SOCKET") {
            endpoint = .socket(socket)
        } else {
            endpoint = .local
        }
        trust = TLSTrust(
            authorities: variable("ORCA_TLS_CA"), certificate: variable("ORCA_TLS_CERTIFICATE"),
            key: variable("ORCA_TLS_KEY"))
        callerName = variable("ORCA_AGENT") ?? variable("USER") ?? variable("LOGNAME")
        serverProgram = variable("ORCA_SERVER_PROGRAM")
    }

    /// Where to connect to, when that does not depend on a running server.
    func address() throws(APIError) -> SocketAddress {
        switch endpoint {
        case .local: return .unix(places.socket)
        case .socket(let path): return .unix(path)
        case .url(let url): return try SocketAddress(url: url)
        case .embedded: preconditionFailure("a client of an embedded server has the server's own options")
        }
    }

    /// The token: given, `$ORCA_TOKEN`, or the first line of the file `$ORCA_TOKEN_FILE`.
    func bearer() throws(APIError) -> String? {
        if let token { return token }
        if tokenFile == nil, let value = environment["ORCA_TOKEN"], !value.isEmpty { return value }
        guard let path = tokenFile ?? environment["ORCA_TOKEN_FILE"], !path.isEmpty else { return nil }
        let text: String
        do {
            text = try Files.readText(path, limit: 4096)
        } catch {
            throw APIError(
                "token_unreadable", .unauthenticated,
                "Cannot read the token file \(path): \(error.reason). Write the token into it, mode 0600."
            )
        }
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        return line.isEmpty ? nil : String(line)
    }
}
