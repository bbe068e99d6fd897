import OrcaAPI
import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addWorktrees() {
        custom(Operations.createWorktree, need: .change) { request, invocation in
            let desk = try CheckoutDesk(invocation.runtime)
            var response = try await invocation.onceOnly(request) {
                try await WorktreeCreation(desk: desk, request: request, invocation: invocation).run()
            }
            if let startup = response.startupTerminal {
                response.startupTerminal = try await WorktreeStartup.seen(startup, request, invocation)
            }
            return response
        }
        custom(Operations.listWorktrees, need: .read) { request, invocation in
            try await Self.list(request, invocation)
        }
        custom(Operations.getWorktree, need: .read) { request, invocation in
            try await Self.show(request, invocation)
        }
        custom(Operations.setWorktree, need: .change) { request, invocation in
            try await Self.change(request, invocation)
        }
        custom(Operations.removeWorktree, need: .change) { request, invocation in
            let desk = try CheckoutDesk(invocation.runtime)
            return try await invocation.onceOnly(request) {
                try await WorktreeRemovalFlow(desk: desk, request: request, invocation: invocation).run()
            }
        }
        custom(Operations.listWorktreeProcesses, need: .read) { request, invocation in
            try await WorktreeActivity(desk: try CheckoutDesk(invocation.runtime)).answer(request, invocation.actor)
        }
    }

    private static func list(
        _ request: OrcaV1.ListWorktreesRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.ListWorktreesResponse {
        let limit = try CheckoutLimits.list(request.limit)
        let desk = try CheckoutDesk(invocation.runtime)
        let workspace = try await desk.workspace(request.workspace, invocation.actor)
        var only: RepoID?
        if !request.repo.isEmpty { only = try Selector.repo(request.repo, in: try await desk.repos(workspace)).id }
        let views = try await desk.views(workspace)
        let family = WorktreeFamily(views)
        let shown = views.filter { only == nil || $0.repo.id == only }
        return .with {
            $0.worktrees = shown.prefix(limit).map { family.message($0) }
            $0.totalCount = Int32(clamping: shown.count)
            $0.truncated = shown.count > limit
        }
    }

    private static func show(
        _ request: OrcaV1.GetWorktreeRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.GetWorktreeResponse {
        let desk = try CheckoutDesk(invocation.runtime)
        let views = try await desk.views(try await desk.workspace(request.workspace, invocation.actor))
        let view = try Selector.worktree(request.worktree, in: views)
        var response = OrcaV1.GetWorktreeResponse()
        response.worktree = WorktreeFamily(views).message(view)
        guard request.status, !view.isMissing, view.facts?.isBare != true else { return response }
        let base = view.row.flatMap { $0.baseRef.isEmpty ? nil : $0.baseRef }
        let status = try await desk.perform { (host) throws(CheckoutError) in
            try await host.status(of: view.path, base: base)
        }
        var drift: BaseDrift?
        if let base {
            drift = try await desk.perform { (host) throws(CheckoutError) in
                try await host.drift(of: view.path, base: base)
            }
        }
        response.status = .with {
            $0.uncommitted = status.uncommitted
            $0.ahead = Int32(clamping: status.ahead ?? 0)
            $0.behind = Int32(clamping: status.behind ?? 0)
            $0.missing = drift?.missing ?? []
        }
        return response
    }

    private static func change(
        _ request: OrcaV1.SetWorktreeRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.SetWorktreeResponse {
        let desk = try CheckoutDesk(invocation.runtime)
        let views = try await desk.views(try await desk.workspace(request.workspace, invocation.actor))
        let view = try Selector.worktree(request.worktree, in: views)
        guard view.row?.state != .creating else {
            throw DomainError(.inUse, "The worktree is being made. Try again when it is there.")
        }
        guard request.parentWorktree == nil || !request.noParent else {
            throw DomainError(.invalidArgument, "Pass --parent-worktree or --no-parent, not both.")
        }
        var found = LineageFinder.Found()
        if let word = request.parentWorktree {
            found.parent = try LineageFinder(desk: desk, request: .init(), views: views).explicit(word)
        }
        let parent = found
        return try answer(
            try await invocation.write(request) { tx, context in
                var row = view.rowOrBlank(at: context.now, by: context.actor.name, instance: context.chance.uuid())
                try parent.write(into: &row, tx, context)
                var input = ChangeWorktree.Input(
                    view.row ?? view.rowOrBlank(at: context.now, by: context.actor.name, instance: row.instance))
                input.displayName = request.displayName.flatMap { $0.isEmpty ? nil : $0 }
                input.issue = request.issue.map { $0 == 0 ? nil : Int($0) }
                input.linearIssue = request.linearIssue
                input.comment = request.comment
                input.workspaceStatus = request.workspaceStatus
                if request.parentWorktree != nil { input.parent = .some(row.parent) }
                if request.noParent { input.parent = .some(nil) }
                let changed = try ChangeWorktree.run(input, in: tx, context)
                var now = view
                now.row = changed
                let others = views.map { $0.id == now.id ? now : $0 }
                return .answer(OrcaV1.SetWorktreeResponse.with { $0.worktree = WorktreeFamily(others).message(now) })
            })
    }
}
