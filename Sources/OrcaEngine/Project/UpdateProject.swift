package import OrcaDomain
package import OrcaStore

/// Changes a project's name, repository or settings.
package enum UpdateProject: Command {
    package struct Input: Sendable {
        package var project: Project
        /// The project as it shall be; key and counters are taken from `project`.
        package var wanted: Project
        package var expectedVersion: Int?

        package init(project: Project, wanted: Project, expectedVersion: Int?) {
            self.project = project
            self.wanted = wanted
            self.expectedVersion = expectedVersion
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Project {
        try VersionCheck.check(input.project.version, expected: input.expectedVersion, what: input.project.key)
        try ProjectRules.check(input.wanted)
        guard input.wanted != input.project else { return input.project }
        var project = input.wanted
        project.version = input.project.version + 1
        project.updatedAt = context.now
        try tx.save(project)
        try Ledger(tx, context).record(
            .projectUpdated, workspace: project.workspace, entity: project.id.text,
            ["key": .text(project.key), "version": .number(Int64(project.version))])
        return project
    }
}

/// Deletes a project; with `force`, its tasks and their history too.
package enum DeleteProject: Command {
    package struct Input: Sendable {
        package var project: Project
        package var force: Bool

        package init(project: Project, force: Bool) {
            self.project = project
            self.force = force
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws {
        let project = input.project
        var filter = TaskFilter(workspace: project.workspace)
        filter.project = project.id
        let first = try tx.tasks.page(filter, PageRequest(limit: 1)).rows.first
        guard input.force || first == nil else {
            throw DomainError(
                .notEmpty,
                "\(project.key) still has tasks. 'orca project delete \(project.key) --force' deletes them and their "
                    + "history too.",
                details: ["project": project.key])
        }
        guard try tx.projects.counts(project.id)[.dispatched] == 0 else {
            throw DomainError(
                .inUse,
                "Agents are working on tasks of \(project.key). Cancel those tasks first; see "
                    + "'orca lease list --project \(project.key)'.",
                details: ["project": project.key])
        }
        try tx.delete(project.id)
        try Ledger(tx, context).record(
            .projectDeleted, workspace: project.workspace, entity: project.id.text, ["key": .text(project.key)])
    }
}
