import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// What goes on in the worktrees, from the terminals that stand in them.
struct WorktreeActivity {
    let desk: CheckoutDesk

    func answer(
        _ request: OrcaV1.ListWorktreeProcessesRequest, _ actor: Actor
    ) async throws -> OrcaV1.ListWorktreeProcessesResponse {
        let limit = try CheckoutLimits.list(request.limit)
        let workspace = try await desk.workspace(request.workspace, actor)
        let views = try await desk.views(workspace)
        let terminals = try await desk.runtime.store.read { store in
            try store.terminals.live(in: workspace, limit: Limits.liveTerminalsMax)
        }
        let inside = Dictionary(grouping: terminals, by: \.worktree)
        let family = WorktreeFamily(views)
        return .with {
            $0.worktrees = views.prefix(limit).map { Self.row($0, family, inside[$0.id.text] ?? []) }
            $0.totalCount = Int32(clamping: views.count)
            $0.truncated = views.count > limit
        }
    }

    private static func row(
        _ view: WorktreeView, _ family: WorktreeFamily, _ terminals: [Terminal]
    ) -> OrcaV1.WorktreeProcesses {
        let lastOutput = terminals.compactMap(\.lastOutputAt).max()
        return .with {
            $0.worktree = family.message(view, lastOutput: lastOutput)
            $0.repo = view.repo.name
            $0.status = status(terminals)
            $0.liveTerminalCount = Int32(clamping: terminals.count)
            $0.lastOutputAt = lastOutput.map { ProtoTimestamp($0) }
            $0.agents = terminals.filter { !$0.kind.isEmpty && $0.isAgentAlive }.map(agent)
        }
    }

    /// The most urgent of its terminals' states.
    static func status(_ terminals: [Terminal]) -> String {
        let agents = terminals.filter { !$0.kind.isEmpty && $0.isAgentAlive }
        if agents.contains(where: { [.permission, .waitingInput, .rateLimited].contains($0.state) }) {
            return "permission"
        }
        if agents.contains(where: { [.working, .starting].contains($0.state) }) { return "working" }
        if !agents.isEmpty { return "done" }
        return terminals.isEmpty ? "inactive" : "active"
    }

    private static func agent(_ terminal: Terminal) -> OrcaV1.WorktreeProcesses.AgentState {
        .with {
            $0.terminal = terminal.id.text
            switch terminal.state {
            case .starting, .working: $0.state = "working"
            case .permission, .rateLimited: $0.state = "blocked"
            case .waitingInput: $0.state = "waiting"
            case .idle, .exited: $0.state = "done"
            }
            $0.agentType = terminal.kind
            $0.displayName = terminal.shownTitle
            $0.stateStartedAt = ProtoTimestamp(terminal.stateSince)
            $0.updatedAt = ProtoTimestamp(terminal.lastOutputAt ?? terminal.stateSince)
        }
    }
}
