import OrcaDomain
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
    /// Throws when it is on another server's machine, which alone can reach it.
    func checkIsOn(_ node: String, _ store: any StoreReader) throws {
        guard !node.isEmpty, self.node != node else { return }
        let server = try store.servers.find(self.node)
        let host = server?.host ?? "another machine"
        throw DomainError(
            .elsewhere,
            "Terminal \(id) is on \(host)\(server.map { $0.address.isEmpty ? "" : " (\($0.address))" } ?? ""), and only the "
                + "server there can reach it. Ask that one.",
            details: ["terminal": id.text, "host": host])
    }
}
