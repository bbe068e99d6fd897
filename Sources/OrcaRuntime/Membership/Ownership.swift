import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaStore

// What is on which server's machine.

extension Runtime {
    func isHere(_ terminal: TerminalID, _ store: any StoreReader) throws -> Bool { try terminal.isOn(node, store) }
}

extension TerminalID {
    /// Where there is only one server everything is its own.
    func isOn(_ node: String, _ store: any StoreReader) throws -> Bool {
        if node.isEmpty { return true }
        return try store.terminals.find(self)?.node == node
    }
}

extension Terminal {
    /// Whether it is on this server's machine, or there is only one server.
    func isOn(_ node: String) -> Bool { node.isEmpty || self.node == node }

    /// Throws when it is on another server's machine, which alone can reach it; says how to get there.
    func checkIsOn(_ node: String, _ store: any StoreReader, at now: Timestamp) throws {
        guard !isOn(node) else { return }
        let server = try store.servers.find(self.node)
        let host = server?.host ?? "another machine"
        let address = server?.address ?? ""
        throw DomainError(
            .elsewhere,
            "Terminal \(id) is on \(host)\(address.isEmpty ? "" : " (\(address))"), and only the server there can reach it. "
                + Self.way(to: server, at: now),
            details: ["terminal": id.text, "host": host, "server": self.node, "url": address])
    }

    /// What somebody does who wants to get to a terminal there.
    private static func way(to server: ServerRecord?, at now: Timestamp) -> String {
        guard let server else { return "That server was given up; its terminals are back when it is." }
        if server.isLost(at: now) {
            return
                "That server was not heard of since \(server.seenAt.rfc3339). Start it again there, or give it up with "
                + "'orca server forget \(server.node)'."
        }
        if server.address.isEmpty {
            return "It listens on no address: run the command on \(server.host), or have it listen with "
                + "'orca config set listen ADDRESS:PORT' there."
        }
        return
            "Ask that one: give '--url \(server.address)', or name it once with 'orca context add \(server.host) --url "
            + "\(server.address) --token-file FILE' and give '--server \(server.host)'."
    }
}

extension OrcaV1.ServerPlace {
    /// `nil` for what is on the server that answers.
    init?(_ node: String, in store: any StoreReader, _ context: (node: String, now: Timestamp)) throws {
        guard !context.node.isEmpty, node != context.node else { return nil }
        self.init()
        id = node
        guard let server = try store.servers.find(node) else { return }
        host = server.host
        if server.isLost(at: context.now) { lostSince = ProtoTimestamp(server.seenAt) }
    }
}
