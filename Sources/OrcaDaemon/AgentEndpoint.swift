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

    /// Where the server listens for agents; `nil` when it need not: nobody wants it, or loopback is open already.
    func listen() -> HTTPServerConfiguration.TCPAddress? {
        guard options.hasAgentEndpoint, options.listen.flatMap(Self.loopback) == nil else { return nil }
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

    /// What terminals are told, of the addresses that the server listens on; `nil` for nothing. Remembers the port.
    func url(
        _ addresses: [HTTPServerConfiguration.TCPAddress], ports: [UInt16]
    ) throws(SystemError) -> String? {
        guard options.hasAgentEndpoint else { return nil }
        for (place, port) in zip(addresses, ports) {
            guard let host = Self.loopback(place) else { continue }
            try Files.write("\(port)\n", to: note, mode: 0o600)
            return "http://\(host):\(port)"
        }
        return nil
    }

    /// How this machine reaches the address over loopback; `nil` when it does not, or only encrypted: the name in a
    /// certificate is hardly one of loopback's.
    private static func loopback(_ place: HTTPServerConfiguration.TCPAddress) -> String? {
        guard place.tls == nil else { return nil }
        // A wildcard address is reached over loopback like every other one of this machine.
        switch place.address {
        case "0.0.0.0", "localhost": return address
        case "::", "::1": return "[::1]"
        case let address where address.hasPrefix("127."): return address
        default: return nil
        }
    }
}
