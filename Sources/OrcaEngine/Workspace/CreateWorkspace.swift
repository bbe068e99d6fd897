package import OrcaDomain
package import OrcaStore

/// Makes a workspace with a name of its own.
package enum CreateWorkspace: Command {
    package struct Input: Sendable {
        package var name: String
        package var about: String

        package init(name: String, about: String = "") {
            self.name = name
            self.about = about
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Workspace {
        try Names.checkWorkspace(input.name)
        try Names.checkLength(input.about, max: Limits.textBytesMax, field: "description")
        guard try tx.workspaces.find(name: input.name) == nil else {
            throw DomainError(
                .alreadyExists, "There is already a workspace '\(input.name)'. Use it, or take another name.",
                details: ["workspace": input.name])
        }
        let workspace = Workspace(id: context.newID(), name: input.name, about: input.about, at: context.now)
        try tx.insert(workspace)
        try Ledger(tx, context).record(
            .workspaceCreated, workspace: workspace.id, entity: workspace.id.text, ["name": .text(input.name)])
        return workspace
    }

    /// Makes the workspace that always exists, at the first start.
    package static func ensureDefault(in tx: any StoreTransaction, _ context: CommandContext) throws {
        guard try tx.workspaces.find(name: Workspace.defaultName) == nil else { return }
        _ = try run(Input(name: Workspace.defaultName), in: tx, context)
    }
}

/// Changes a workspace's description.
package enum UpdateWorkspace: Command {
    package struct Input: Sendable {
        package var workspace: Workspace
        package var about: String?
        package var expectedVersion: Int?

        package init(workspace: Workspace, about: String?, expectedVersion: Int?) {
            self.workspace = workspace
            self.about = about
            self.expectedVersion = expectedVersion
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Workspace {
        var workspace = input.workspace
        try VersionCheck.check(workspace.version, expected: input.expectedVersion, what: workspace.name)
        guard let about = input.about, about != workspace.about else { return workspace }
        try Names.checkLength(about, max: Limits.textBytesMax, field: "description")
        workspace.about = about
        workspace.version += 1
        workspace.updatedAt = context.now
        try tx.save(workspace)
        try Ledger(tx, context).record(
            .workspaceUpdated, workspace: workspace.id, entity: workspace.id.text, ["description": .text(about)])
        return workspace
    }
}

/// Deletes a workspace that has no projects.
package enum DeleteWorkspace: Command {
    package static func run(_ workspace: Workspace, in tx: any StoreTransaction, _ context: CommandContext) throws {
        guard workspace.name != Workspace.defaultName else {
            throw DomainError(.inUse, "The workspace '\(workspace.name)' always exists and cannot be deleted.")
        }
        guard try tx.projects.page(in: workspace.id, PageRequest(limit: 1)).rows.isEmpty else {
            throw DomainError(
                .notEmpty,
                "The workspace '\(workspace.name)' still has projects. Delete them first; see "
                    + "'orca project list -w \(workspace.name)'.",
                details: ["workspace": workspace.name])
        }
        try tx.delete(workspace.id)
    }
}
