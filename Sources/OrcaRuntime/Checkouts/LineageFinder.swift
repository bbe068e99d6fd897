import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Finds out which worktree a new one belongs to, from what was said and from where it was said.
struct LineageFinder {
    let desk: CheckoutDesk
    let request: OrcaV1.CreateWorktreeRequest
    let views: [WorktreeView]

    /// What was found, to be written down with the worktree.
    struct Found: Sendable {
        var parent: WorktreeView?
        var capture = Worktree.Capture.none
        var task = ""
        var run = ""
        var coordinator = ""

        /// A parent that Orca knew nothing more about gets its row, and with it the instance that the child refers to.
        func write(into row: inout Worktree, _ tx: any StoreTransaction, _ context: CommandContext) throws {
            (row.capture, row.task, row.run, row.coordinator) = (capture, task, run, coordinator)
            row.origin = task.isEmpty && run.isEmpty ? "cli" : "orchestration"
            guard let parent else { return }
            var known = try tx.worktrees.find(parent.id)
            if known == nil {
                let fresh = parent.rowOrBlank(
                    at: context.now, by: context.actor.name, instance: context.chance.uuid())
                try tx.insert(fresh)
                known = fresh
            }
            row.parent = known.map { Worktree.Parent(worktree: $0.id, instance: $0.instance) }
        }
    }

    /// What the caller's terminal says.
    private struct Setting: Sendable {
        var worktree: String?
        var dispatch: DispatchRecord?
        var commented: [Lineage.Candidate] = []
    }

    func find(_ warnings: inout [OrcaV1.CheckoutWarning]) async throws -> Found {
        let setting = try await setting()
        var found = Found()
        found.task = setting.dispatch?.task.text ?? ""
        found.run = setting.dispatch?.run?.text ?? ""
        found.coordinator = setting.dispatch?.coordinator ?? ""
        if request.noParent {
            guard request.parentWorktree.isEmpty else {
                throw DomainError(.invalidArgument, "Pass --parent-worktree or --no-parent, not both.")
            }
            return found
        }
        if !request.parentWorktree.isEmpty {
            found.parent = try explicit(request.parentWorktree)
            found.capture = .flag
            return found
        }
        switch Lineage.decide(hints(setting), directory: CheckoutDesk.enclosing(request.directory, views)?.id) {
        case .parent(let id, let source):
            found.parent = views.first { $0.id == id }
            found.capture = source
        case .none: break
        case .conflict(let candidates):
            warnings.append(
                .with(
                    "LINEAGE_PARENT_CONTEXT_CONFLICT",
                    "The hints around this request lead to different worktrees, so the new one has no parent. Pass "
                        + "--parent-worktree or --no-parent.", Self.details(candidates)))
        case .missing(let candidates):
            warnings.append(
                .with(
                    "LINEAGE_PARENT_CONTEXT_MISSING",
                    "What this request refers to is in no worktree that is known, so the new one has no parent. Pass "
                        + "--parent-worktree or --no-parent.", Self.details(candidates)))
        }
        return found
    }

    func explicit(_ selector: String) throws(DomainError) -> WorktreeView {
        do throws(DomainError) {
            return try Selector.worktree(selector, in: views)
        } catch {
            guard error.code == .selectorNotFound else { throw error }
            throw DomainError(
                .lineageParentNotFound, "There is no worktree '\(selector)' for --parent-worktree.",
                details: [
                    "next_steps":
                        "'orca worktree list' shows the worktrees.\nPass --no-parent for one without a parent."
                ])
        }
    }

    private func hints(_ setting: Setting) -> [Lineage.Candidate] {
        var hints: [Lineage.Candidate] = []
        if !request.environmentWorktree.isEmpty {
            hints.append(.init(.environment, known(request.environmentWorktree)))
        }
        if let worktree = setting.worktree {
            hints.append(.init(setting.dispatch == nil ? .terminal : .dispatch, known(worktree)))
        }
        return hints + setting.commented
    }

    private func known(_ id: String) -> WorktreeID? { views.first { $0.id.text == id }?.id }

    private func setting() async throws -> Setting {
        let handle = TerminalID(stored: request.callerTerminal)
        let (comment, ids) = (request.comment, Set(views.map(\.id)))
        return try await desk.runtime.store.read { store in
            var setting = Setting()
            if let terminal = try store.terminals.find(handle) {
                setting.worktree = terminal.worktree.isEmpty ? nil : terminal.worktree
                setting.dispatch = try store.dispatches.live(in: handle)
            }
            for id in Lineage.tasks(in: comment) {
                let task = try store.tasks.find(id)
                let creator = try task.flatMap { try store.terminals.find(TerminalID(stored: $0.createdBy)) }
                let tree = creator.map { WorktreeID(stored: $0.worktree) }
                setting.commented.append(.init(.comment, tree.flatMap { ids.contains($0) ? $0 : nil }))
            }
            return setting
        }
    }

    private static func details(_ candidates: [Lineage.Candidate]) -> [String: String] {
        Dictionary(
            candidates.map { ($0.source.rawValue, $0.worktree?.text ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
