package import OrcaDomain
package import OrcaStore

/// Makes a repository known. One that is known at that path already is answered as it is.
package enum AddRepo: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var path: String
        package var name: String

        package init(workspace: WorkspaceID, path: String, name: String) {
            self.workspace = workspace
            self.path = path
            self.name = name
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Repo {
        if let known = try tx.repos.find(path: input.path, in: input.workspace, on: context.node) { return known }
        try Names.checkLength(input.path, max: Limits.pathBytesMax, field: "path")
        guard try tx.repos.list(in: input.workspace, limit: Limits.reposMax).count < Limits.reposMax else {
            throw DomainError(
                .limitExceeded, "A workspace has at most \(Limits.reposMax) repositories. Use another one.")
        }
        var repo = Repo(
            id: RepoID(stored: context.chance.uuid()), workspace: input.workspace, path: input.path, name: input.name,
            at: context.now)
        repo.node = context.node
        try tx.insert(repo)
        try Ledger(tx, context).record(
            .repoAdded, workspace: repo.workspace, entity: repo.id.text,
            ["path": .text(repo.path), "name": .text(repo.name)])
        return repo
    }
}

/// Says what new worktrees of a repository start from.
package enum SetRepoBase: Command {
    package struct Input: Sendable {
        package var repo: RepoID
        package var ref: String

        package init(repo: RepoID, ref: String) {
            self.repo = repo
            self.ref = ref
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Repo {
        guard var repo = try tx.repos.find(input.repo) else {
            throw DomainError(.repoNotFound, "The repository is not known any more. See 'orca repo list'.")
        }
        guard repo.baseRef != input.ref else { return repo }
        repo.baseRef = input.ref
        repo.version += 1
        try tx.save(repo)
        try Ledger(tx, context).record(
            .repoUpdated, workspace: repo.workspace, entity: repo.id.text, ["base_ref": .text(repo.baseRef)])
        return repo
    }
}
