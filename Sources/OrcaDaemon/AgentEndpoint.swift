import OrcaHTTP
import OrcaSupport

/// The loopback address for programs in terminals that a sandbox keeps from the socket. Its port stays the same over
/// restarts as far as that can be had, because terminals outlive the server.
struct AgentEndpoint {
    private static let address = "127.0.0.1"

    let options: DaemonOptions
    /// The port of the last server.
    private let note: String

    init(_ options: DaemonOptions, stateDirectory: String) {
        self.options = options
        note = stateDirectory + "/agent-port"
    }

    /// Where the server listens over TCP: as it was told, else for the agents, else nowhere.
    func listen() -> HTTPServerConfiguration.TCPAddress? {
        guard options.listen == nil, options.hasAgentEndpoint else { return options.listen }
        // No note, or one that cannot be read, means that any port will do.
        let text = (try? Files.readText(note, limit: 64)) ?? ""
        let port = UInt16(text.filter { !$0.isWhitespace }) ?? 0
        return HTTPServerConfiguration.TCPAddress(address: Self.address, port: isFree(port) ? port : 0)
    }

    private func isFree(_ port: UInt16) -> Bool {
        guard port > 0 else { return false }
        do throws(HTTPServerError) {
            try Listener.tcp(address: Self.address, port: port, isInsecureAllowed: false).close()
            return true
        } catch {
            return false
        }
    }

    /// What terminals are told; `nil` for nothing. Remembers the port.
    func url(_ listen: HTTPServerConfiguration.TCPAddress?, port: UInt16?) throws(SystemError) -> String? {
        guard options.hasAgentEndpoint, let listen, let port else { return nil }
        try Files.write("\(port)\n", to: note, mode: 0o600)
        // A wildcard address is reached over loopback like every other one of this machine.
        switch listen.address {
        case "0.0.0.0", "localhost": return "http://127.0.0.1:\(port)"
        case "::", "::1": return "http://[::1]:\(port)"
        case let address where address.hasPrefix("127."): return "http://\(address):\(port)"
        default: return nil
        }
    }
}
