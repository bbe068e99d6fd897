import OrcaAPI

/// Who may send requests.
extension APIService {
    /// Over TCP, a web page must not reach the server: neither from another origin, nor through a name of its own that resolves to this
    /// machine.
    func checkHostAndOrigin(_ request: HTTPRequest) throws {
        guard request.peer != .unix else { return }
        let host = (request.head.value("host") ?? "").lowercased()
        guard isAllowed(host: Self.withoutPort(host)) else {
            throw HTTPFault(403, "host_not_allowed", "This server does not answer to the name in the Host field.")
        }
        guard let origin = request.head.value("origin")?.lowercased() else { return }
        guard
            origin == "\(request.peer == .tls ? "https" : "http")://\(host)"
                || configuration.allowedOrigins.contains(origin)
        else {
            throw HTTPFault(403, "origin_not_allowed", "Web pages of this origin may not send requests here.")
        }
    }

    private func isAllowed(host: String) -> Bool {
        if ["localhost", "127.0.0.1", "[::1]"].contains(host) || configuration.allowedHosts.contains(host) {
            return true
        }
        return configuration.tcp.contains { place in
            let address = place.address.lowercased()
            return host == address || host == "[\(address)]"
        }
    }

    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return host }
        let port = host.utf8[host.utf8.index(after: colon)...]
        guard !port.isEmpty, port.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return host }
        return String(host[..<colon])
    }

    /// The owner over the unix socket, unless the request brings a token: then it is no more than its token.
    func caller(of request: HTTPRequest) throws -> Caller {
        let name = try callerName(request.head)
        guard let authorization = request.head.value("authorization") else {
            guard request.peer == .unix else {
                throw HTTPFault(401, "token_required", "Over TCP every request needs `Authorization: Bearer TOKEN`.")
            }
            return .owner(name: name ?? "owner")
        }
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1).map(Substring.init)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 512,
            parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw HTTPFault(401, "token_malformed", "The Authorization field must be `Bearer TOKEN`.")
        }
        return .bearer(secret: String(parts[1]), name: name ?? "")
    }

    private func callerName(_ head: RequestHead) throws -> String? {
        guard let name = head.value("x-orca-caller") else { return nil }
        guard name.utf8.count <= 128, !name.isEmpty, !name.unicodeScalars.contains("\u{FFFD}") else {
            throw HTTPFault.badRequest("X-Orca-Caller must be 1 to 128 bytes of UTF-8.")
        }
        return name
    }
}
