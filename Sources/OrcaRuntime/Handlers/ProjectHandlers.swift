import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addProjects() {
        write(Operations.createProject) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor)
            let settings = try request.settings?.applied(to: ProjectSettings()) ?? ProjectSettings()
            let input = CreateProject.Input(
                workspace: workspace.id, key: request.key, name: request.name, repository: request.repository,
                baseBranch: request.baseBranch, settings: settings)
            let made = try CreateProject.run(input, in: tx, context)
            return try .with { $0.project = try Self.message(made, tx) }
        }
        read(Operations.getProject) { request, store, context in
            let (_, project) = try Self.find(request.workspace, request.project, store, context)
            return try .with { $0.project = try Self.message(project, store) }
        }
        read(Operations.listProjects) { request, store, context in
            let workspace = try Lookup(store).workspace(request.workspace, for: context.actor)
            let page = try store.projects.page(
                in: workspace.id, Cursor.page(limit: request.limit, cursor: request.cursor))
            return try .with {
                $0.projects = try page.rows.map { try Self.message($0, store) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.updateProject) { request, tx, context in
            let (_, project) = try Self.find(request.workspace, request.project, tx, context)
            var wanted = project
            wanted.name = request.name ?? project.name
            wanted.repository = request.repository ?? project.repository
            wanted.baseBranch = request.baseBranch ?? project.baseBranch
            wanted.settings = try request.settings?.applied(to: project.settings) ?? project.settings
            let input = UpdateProject.Input(
                project: project, wanted: wanted, expectedVersion: request.expectedVersion.nonZero)
            let changed = try UpdateProject.run(input, in: tx, context)
            return try .with { $0.project = try Self.message(changed, tx) }
        }
        write(Operations.deleteProject) { request, tx, context in
            let (_, project) = try Self.find(request.workspace, request.project, tx, context)
            try DeleteProject.run(DeleteProject.Input(project: project, force: request.force), in: tx, context)
            return OrcaV1.DeleteProjectResponse()
        }
    }

    static func find(
        _ workspaceWord: String, _ projectWord: String, _ store: any StoreReader, _ context: CommandContext
    ) throws -> (Workspace, Project) {
        let lookup = Lookup(store)
        let workspace = try lookup.workspace(workspaceWord, for: context.actor)
        return (workspace, try lookup.project(projectWord, in: workspace.id))
    }

    private static func message(_ project: Project, _ store: any StoreReader) throws -> OrcaV1.Project {
        OrcaV1.Project(project, counts: try store.projects.counts(project.id))
    }
}
