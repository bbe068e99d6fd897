import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaTerminal

extension OrcaV1.Terminal {
    /// A row, with what its host sees at this moment where there is a host.
    init(_ row: Terminal, _ status: TerminalStatus?, _ facts: TerminalFacts?) {
        self.init()
        handle = row.id.text
        workspace = row.workspace.text
        leafId = TerminalSurroundings.leaf(row.id.text)
        tabId = facts?.labels["tab"] ?? leafId
        paneId = facts?.paneID ?? row.pane
        processId = facts?.pid ?? Int32(row.processID)
        agentKind = status?.agentKind ?? row.kind
        agent = row.agent?.text ?? ""
        title = status?.title ?? row.shownTitle
        programTitle = status?.programTitle ?? row.title
        command = row.command
        directory = row.directory
        worktree = row.worktree
        state = Words.api(status.map { TerminalService.state($0.state) } ?? row.state)
        stateEvidence = status?.layer.rawValue ?? ""
        stateSince = ProtoTimestamp(status.map { Timestamp(milliseconds: $0.sinceMS) } ?? row.stateSince)
        blockedReason = status?.blockedReason ?? row.blockedReason
        agentAlive = status?.isAgentAlive ?? row.isAgentAlive
        exitCode = status.map { $0.exit?.code ?? $0.commandExit } ?? row.exitCode.map { Int32(clamping: $0) }
        createdAt = ProtoTimestamp(row.createdAt)
        let lastOutput = status?.lastOutputAtMS.map { Timestamp(milliseconds: $0) } ?? row.lastOutputAt
        lastOutputAt = lastOutput.map { ProtoTimestamp($0) }
        endedAt = row.endedAt.map { ProtoTimestamp($0) }
        preview = status?.preview ?? ""
        createdBy = row.createdBy
        ready = status?.isIdleSinceInput ?? false
    }
}

extension TerminalStatus {
    /// In the contract's words.
    var shownStatus: String { state == .exited ? "exited" : "running" }
}
