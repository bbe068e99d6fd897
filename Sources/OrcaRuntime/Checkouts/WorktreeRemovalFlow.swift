import OrcaAPI
import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Takes one worktree away, and then its row.
struct WorktreeRemovalFlow {
    let desk: CheckoutDesk
    let request: OrcaV1.RemoveWorktreeRequest
    let invocation: Invocation

    func run() async throws -> OrcaV1.RemoveWorktreeResponse {
        let workspace = try await desk.workspace(request.workspace, invocation.actor)
        let view = try Selector.worktree(request.worktree, in: try await desk.views(workspace))
        guard view.row?.state != .creating else {
            throw DomainError(.inUse, "The worktree is being made. Try again when it is there.")
        }
        try await checkTerminals(view)
        let archived = await archive(view)
        let removed = try await desk.perform { (host) throws(CheckoutError) in
            try await host.remove(
                RemovalOrder(
                    repository: view.repo.path, path: view.path, base: base(view),
                    ownsBranch: view.row.map { !$0.branch.isEmpty && $0.branch == view.branch } ?? false,
                    force: request.force, placed: view.row?.placed ?? []))
        }
        let reply = try await invocation.write(request) { tx, context in
            try ForgetWorktree.run(view.id, in: tx, context)
            return .answer(
                OrcaV1.RemoveWorktreeResponse.with {
                    $0.removed = true
                    $0.preservedBranch = removed.preservedBranch ?? ""
                    $0.warning = [archived, removed.warning].compactMap(\.self).joined(separator: " ")
                })
        }
        return try HandlerTable.answer(reply)
    }

    /// A worktree whose terminals live is worked in.
    private func checkTerminals(_ view: WorktreeView) async throws {
        guard !request.force else { return }
        let live = try await desk.runtime.store.read { store in
            try store.terminals.live(in: view.repo.workspace, limit: Limits.liveTerminalsMax)
                .filter { $0.worktree == view.id.text }
        }
        guard let first = live.first else { return }
        throw DomainError(
            .inUse,
            "\(live.count) terminal\(live.count == 1 ? "" : "s") of this worktree \(live.count == 1 ? "is" : "are") alive "
                + "(\(first.id)).",
            details: ["next_steps": "Stop them with 'orca terminal stop --worktree id:\(view.id)', or pass --force."])
    }

    private func base(_ view: WorktreeView) -> String? {
        let row = view.row.map(\.baseRef) ?? ""
        return [row, view.repo.baseRef].first { !$0.isEmpty }
    }

    private func archive(_ view: WorktreeView) async -> String? {
        guard request.runHooks, !view.isMissing else { return nil }
        let order = HookOrder(
            .archive, worktree: view.path, mainWorktree: view.repo.path, name: view.displayName)
        guard case .failed(let why) = await desk.host.setUp(order) else { return nil }
        return why
    }
}
