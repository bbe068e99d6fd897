import OrcaHTTP
import OrcaSupport

/// Where gRPC is served: at most one unix socket and one TCP address.
struct GRPCAddresses: Sendable {
    private(set) var unix: UnixSocket?
    var tcp: HTTPServerConfiguration.TCPAddress?

    enum UnixSocket: Sendable, Hashable {
        case besideTheOther
        case path(String)
    }

    var isEmpty: Bool { unix == nil && tcp == nil }

    /// `unix`, `unix:/path`, `unix:///path` or `ADDRESS:PORT`.
    mutating func add(_ text: String) throws(DaemonError) {
        if text == "unix" {
            unix = .besideTheOther
        } else if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            unix = .path(String(path.hasPrefix("//") ? path.dropFirst(2) : path))
        } else {
            tcp = try DaemonOptions.address(text)
        }
    }

    /// The path of the unix socket; `socket` is the one of HTTP.
    func socket(beside socket: String) -> String? {
        switch unix {
        case nil: nil
        case .besideTheOther: Files.split(socket).folder + "/grpc.sock"
        case .path(let path): path
        }
    }
}
