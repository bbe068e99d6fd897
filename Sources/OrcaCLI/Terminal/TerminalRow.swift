import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Terminals as the contract shows them.
enum TerminalRow {
    static func json(_ terminal: OrcaV1.Terminal) -> JSONValue {
        let isLive = terminal.state != .exited && terminal.server == nil
        let row: JSONValue = [
            "handle": .string(terminal.handle), "ptyId": .text(terminal.paneId), "worktreeId": .text(terminal.worktree),
            "worktreePath": .string(terminal.directory), "branch": .null, "tabId": .string(terminal.tabId),
            "leafId": .string(terminal.leafId), "title": .string(terminal.title), "connected": .bool(isLive),
            "writable": .bool(isLive), "lastOutputAt": .time(terminal.lastOutputAt),
            "preview": .string(terminal.preview), "state": .string(terminal.state.protoName),
            "stateSince": .time(terminal.stateSince), "stateEvidence": .text(terminal.stateEvidence),
            "blockedReason": .text(terminal.blockedReason), "agent": .text(terminal.agentKind),
            "agentAlive": .bool(terminal.agentAlive), "exitCode": terminal.exitCode.map { .whole($0) } ?? .null,
            "createdAt": .time(terminal.createdAt),
        ]
        guard let server = terminal.server else { return row }
        return row.adding(["server": ServerPlaceRow.json(server)])
    }

    /// What `create` answers.
    static func created(_ terminal: OrcaV1.Terminal, warning: String) -> JSONValue {
        let object: JSONValue = [
            "handle": .string(terminal.handle), "tabId": .string(terminal.tabId),
            "paneKey": .string(paneKey(terminal)), "ptyId": .text(terminal.paneId),
            "worktreeId": .text(terminal.worktree), "title": .string(terminal.title), "surface": "background",
        ]
        return warning.isEmpty ? object : object.adding(["warning": .string(warning)])
    }

    static func paneKey(_ terminal: OrcaV1.Terminal) -> String { "\(terminal.tabId):\(terminal.leafId)" }

    static func line(_ terminal: OrcaV1.Terminal) -> String {
        let title = terminal.title.isEmpty ? terminal.command : terminal.title
        let why = terminal.blockedReason.isEmpty ? "" : " (\(terminal.blockedReason))"
        let place = terminal.server.map { " \(ServerPlaceRow.words($0))" } ?? ""
        let agent = terminal.agentKind.isEmpty ? "shell" : terminal.agentKind
        return
            "\(terminal.handle)  \(terminal.state.protoName)\(why)\(place)  \(agent)  \(terminal.directory)  \(title)"
    }
}
