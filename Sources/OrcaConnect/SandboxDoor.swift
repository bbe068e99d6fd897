import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport

/// The way to the server for programs that a sandbox keeps from its socket: loopback TCP, for those that have the token
/// of a terminal.
struct SandboxDoor {
    /// How long each address may take to answer; they are on this machine.
    private static let patience = Duration.seconds(2)

    let options: ConnectOptions

    init(_ options: ConnectOptions) { self.options = options }

    /// A connection over one of the addresses known; `nil` when none answers, or nothing is known.
    func connect() -> Socket? {
        guard isInTerminal, case .some = try? options.bearer() else { return nil }
        for url in urls {
            // Anything that does not answer is not the way in.
            guard let address = try? SocketAddress(url: url), address.isLoopback,
                let socket = try? Socket.connect(address, until: .after(Self.patience))
            else { continue }
            return socket
        }
        return nil
    }

    /// What a program is told that seems to be in a sandbox; `nil` when it seems to be in none, and a server may be
    /// started.
    func complaint(_ error: TransportError) -> APIError? {
        guard isInTerminal, case .refused(let code) = error else { return nil }
        let isForbidden = code == EACCES || code == EPERM
        let isHidden = agentURL != nil && Files.kind(options.places.runDirectory) == nil
        guard isForbidden || isHidden else { return nil }
        let what = "A sandbox keeps this program from Orca's socket (\(SystemError(code, "").reason))"
        let next =
            agentURL == nil
            ? ". Let the server serve sandboxes: 'orca config set agent_endpoint true' and 'orca restart' outside of it, then a new terminal; or run orca outside the sandbox."
            : " and from \(agentURL ?? ""). Allow it that address, or run orca outside the sandbox."
        return APIError("sandboxed", .unavailable, what + next)
    }

    private var isInTerminal: Bool { !(options.environment["ORCA_TERMINAL_HANDLE"] ?? "").isEmpty }

    private var agentURL: String? { options.environment["ORCA_AGENT_URL"].flatMap { $0.isEmpty ? nil : $0 } }

    /// As the terminal was told when it was opened, and as the server of now says.
    private var urls: [String] {
        guard let told = agentURL else { return [] }
        let now = (ServerLock.read(options.places.serverLock)?.tcpAddress ?? "").split(separator: ",")
            .map { "http://" + $0.drop { $0 == " " } }
        return [told] + now.filter { $0 != told && !$0.contains(" ") }
    }
}

extension SocketAddress {
    /// Whether what is sent there stays on this machine.
    var isLoopback: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _), .tls(let host, _): host == "localhost" || host == "::1" || Self.isLoopbackV4(host)
        }
    }

    /// Numeric: a name that begins so leads anywhere.
    private static func isLoopbackV4(_ host: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 && address.s_addr & 0xFF == 127
    }
}
