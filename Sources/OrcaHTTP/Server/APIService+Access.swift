import OrcaAPI

/// Who may send requests.
extension APIService {
    /// Over TCP, a web page must not reach the server: neither from another origin, nor through a name of its own that resolves to this
    /// machine.
    func checkHostAndOrigin(_ request: HTTPRequest) throws {
        guard request.peer != .unix else { return }
        let host = (request.head.value("host") ?? "").lowercased()
        guard isAllowed(host: Self.withoutPort(host)) else {
            throw HTTPFault(
                403, "host_not_allowed",
                "This server does not answer to the name in the Host field. Use its address, or allow the name on its machine: "
                    + "'orca config set allow_host NAME'.")
        }
        guard let origin = request.head.value("origin")?.lowercased() else { return }
        guard
            origin == "\(request.peer == .tls ? "https" : "http")://\(host)"
                || configuration.allowedOrigins.contains(origin)
        else {
            throw HTTPFault(
                403, "origin_not_allowed",
                "Web pages of this origin may not send requests here; 'orca config set allow_origin ORIGIN' allows them."
            )
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
        do throws(APIError) {
            return try CallFields.caller(
                authorization: request.head.value("authorization"),
                name: try CallFields.callerName(request.head.value("x-orca-caller")), isOwners: request.peer == .unix,
                over: "TCP")
        } catch {
            throw HTTPFault(error)
        }
    }
}

extension HTTPFault {
    /// What every transport refuses with the same words.
    init(_ error: APIError) { self.init(error.category.httpStatus, error.code, error.message) }
}
