import Glibc
package import OrcaAPI
import OrcaDomain

/// Where a server listens.
package enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    case unix(String)
    case tcp(host: String, port: UInt16)
    case tls(host: String, port: UInt16)

    /// Reads `https://host`, `https://host:port`, `http://host:port`, `unix:///path`, or `host:port`.
    package init(url: String) throws(APIError) {
        if url.hasPrefix("unix://") {
            self = .unix(String(url.dropFirst("unix://".count)))
            return
        }
        let isEncrypted = url.hasPrefix("https://")
        let scheme = isEncrypted ? "https://" : url.hasPrefix("http://") ? "http://" : ""
        var rest = url.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var port: UInt16? = isEncrypted ? 443 : nil
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            port = UInt16(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        guard let port, port > 0 else {
            throw APIError("bad_url", .invalidArgument, "'\(url)' is no server address. \(Self.forms)")
        }
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        let host = String(rest)
        guard !host.isEmpty, !host.contains("/") else {
            throw APIError("bad_url", .invalidArgument, "'\(url)' names no host. \(Self.forms)")
        }
        self = isEncrypted ? .tls(host: host, port: port) : .tcp(host: host, port: port)
    }

    private static let forms = "Write https://host:port, http://host:port or unix:///path."

    package var description: String {
        switch self {
        case .unix(let path): path
        case .tcp: "http://\(hostHeader)"
        case .tls: "https://\(hostHeader)"
        }
    }

    /// What goes into the `Host` header.
    var hostHeader: String {
        switch self {
        case .unix: "localhost"
        case .tcp(let host, let port), .tls(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
