import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addWorkspaces() {
        write(Operations.createWorkspace, need: .administer) { request, tx, context in
            let input = CreateWorkspace.Input(name: request.name, about: request.description)
            let made = try CreateWorkspace.run(input, in: tx, context)
            return .with { $0.workspace = OrcaV1.Workspace(made) }
        }
        read(Operations.getWorkspace) { request, store, context in
            let found = try Lookup(store).workspace(request.workspace, for: context.actor)
            return .with { $0.workspace = OrcaV1.Workspace(found) }
        }
        read(Operations.listWorkspaces) { request, store, context in
            let page = try store.workspaces.page(Cursor.page(limit: request.limit, cursor: request.cursor))
            return .with {
                $0.workspaces = page.rows.filter { context.actor.workspace == nil || context.actor.workspace == $0.id }
                    .map { OrcaV1.Workspace($0) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.updateWorkspace, need: .administer) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor)
            let input = UpdateWorkspace.Input(
                workspace: workspace, about: request.description, expectedVersion: request.expectedVersion.nonZero)
            let changed = try UpdateWorkspace.run(input, in: tx, context)
            return .with { $0.workspace = OrcaV1.Workspace(changed) }
        }
        write(Operations.deleteWorkspace, need: .administer) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor)
            try DeleteWorkspace.run(workspace, in: tx, context)
            return OrcaV1.DeleteWorkspaceResponse()
        }
    }
}
