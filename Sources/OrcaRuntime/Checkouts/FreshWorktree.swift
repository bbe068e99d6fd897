import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaStore

/// Makes a worktree: its row before anything is there, then what git does, so that a server that ends in between knows
/// what to take away. Whoever makes it writes `finishing` when nothing more can go wrong.
struct FreshWorktree: Sendable {
    let desk: CheckoutDesk
    let repo: Repo
    let base: ResolvedBase
    let context: @Sendable () -> CommandContext

    struct Made: Sendable {
        let row: Worktree
        let place: WorktreePlace
        let built: BuiltWorktree

        var finishing: FinishWorktree.Input {
            FinishWorktree.Input(id: row.id, instance: row.instance, placed: built.placed)
        }
    }

    /// - Parameter fill: writes what is known about the worktree into its row.
    func make(
        _ name: String,
        _ fill: @escaping @Sendable (inout Worktree, any StoreTransaction, CommandContext) throws -> Void
    ) async throws -> Made {
        let order = WorktreeOrder(repository: repo.path, name: name, folder: folder)
        let place = try await desk.perform { (host) throws(CheckoutError) in try await host.reserve(order) }
        let row = try await begin(place, fill)
        do {
            let built = try await desk.perform { (host) throws(CheckoutError) in
                try await host.build(place, at: base, of: repo.path)
            }
            return Made(row: row, place: place, built: built)
        } catch {
            try await desk.runtime.store.write { tx in try ForgetWorktree.run(row.id, in: tx, context()) }
            throw error
        }
    }

    /// Runs the repository's own setup in it. Answers what went wrong.
    func setUp(_ made: Made) async -> String? {
        let order = HookOrder(
            .setup, worktree: made.place.path, mainWorktree: repo.path, name: made.place.name)
        guard case .failed(let why) = await desk.host.setUp(order) else { return nil }
        return why
    }

    private var folder: String {
        // A name of which nothing is left is replaced by the repository's id.
        let name = (try? WorktreeName.sanitised(repo.name)) ?? repo.id.text
        return desk.runtime.worktreeFolder + "/" + name
    }

    private func begin(
        _ place: WorktreePlace,
        _ fill: @escaping @Sendable (inout Worktree, any StoreTransaction, CommandContext) throws -> Void
    ) async throws -> Worktree {
        do {
            return try await desk.runtime.store.write { tx in
                let context = context()
                var row = Worktree(
                    id: Worktree.id(repo: repo.id, path: place.path), instance: context.chance.uuid(), repo: repo.id,
                    workspace: repo.workspace, path: place.path, createdBy: context.actor.name, at: context.now)
                row.displayName = place.name
                row.branch = place.branch
                row.baseRef = base.name
                row.baseCommit = base.commit
                try fill(&row, tx, context)
                return try BeginWorktree.run(row, in: tx, context)
            }
        } catch {
            try await desk.perform { (host) throws(CheckoutError) in try await host.discard(place, of: repo.path) }
            throw error
        }
    }
}
