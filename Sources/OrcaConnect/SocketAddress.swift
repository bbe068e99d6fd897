import Glibc
package import OrcaAPI
import OrcaDomain

/// Where a server listens.
package enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    case unix(String)
    case tcp(host: String, port: UInt16)

    /// Reads `http://host:port`, `unix:///path`, or `host:port`. Encrypted URLs are refused with the way around.
    package init(url: String) throws(APIError) {
        if url.hasPrefix("unix://") {
            self = .unix(String(url.dropFirst("unix://".count)))
            return
        }
        if url.hasPrefix("https://") {
            throw APIError(
                "unsupported_url", .invalidArgument,
                "\(url) is encrypted, which this client cannot speak yet. Use an SSH tunnel and http://127.0.0.1:PORT.")
        }
        var rest = url.hasPrefix("http://") ? url.dropFirst("http://".count) : url[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else {
            throw APIError(
                "bad_url", .invalidArgument, "'\(url)' is no server address. Write http://host:port or unix:///path.")
        }
        var host = String(rest[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, !host.contains("/") else {
            throw APIError(
                "bad_url", .invalidArgument, "'\(url)' names no host. Write http://host:port or unix:///path.")
        }
        self = .tcp(host: host, port: port)
    }

    package var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port): host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        }
    }

    /// What goes into the `Host` header.
    var hostHeader: String {
        switch self {
        case .unix: "localhost"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
