package import OrcaDomain
package import OrcaStore

/// Writes down that a worktree is being made, before anything of it is there.
package enum BeginWorktree: Command {
    package static func run(
        _ wanted: Worktree, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Worktree {
        try WorktreeRules.check(wanted)
        guard try tx.worktrees.list(in: wanted.workspace, limit: Limits.worktreesMax).count < Limits.worktreesMax else {
            throw DomainError(
                .limitExceeded,
                "A workspace has at most \(Limits.worktreesMax) worktrees. Remove some with 'orca worktree rm'.")
        }
        // What was known about an earlier worktree at that path went with it.
        if let old = try tx.worktrees.find(wanted.id) { try tx.delete(old) }
        var worktree = wanted
        worktree.state = .creating
        worktree.node = context.node
        try tx.insert(worktree)
        return worktree
    }
}

/// The worktree is there.
package enum FinishWorktree: Command {
    package struct Input: Sendable {
        package var id: WorktreeID
        package var instance: String
        package var placed: [String]

        package init(id: WorktreeID, instance: String, placed: [String]) {
            self.id = id
            self.instance = instance
            self.placed = placed
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Worktree {
        guard var worktree = try tx.worktrees.find(input.id), worktree.instance == input.instance else {
            throw DomainError(
                .selectorNotFound, "The worktree was removed while it was made. Make it again.",
                details: ["worktree": input.id.text])
        }
        worktree.state = .ready
        worktree.placed = input.placed
        worktree.updatedAt = context.now
        worktree.version += 1
        try tx.save(worktree)
        try WorktreeRules.record(.worktreeCreated, worktree, tx, context)
        return worktree
    }
}

/// Writes down that a worktree is gone, or that nothing came of making it.
package enum ForgetWorktree: Command {
    package static func run(_ id: WorktreeID, in tx: any StoreTransaction, _ context: CommandContext) throws {
        guard let worktree = try tx.worktrees.find(id) else { return }
        try tx.delete(worktree)
        if worktree.state == .ready { try WorktreeRules.record(.worktreeRemoved, worktree, tx, context) }
    }
}

/// Changes what Orca knows about a worktree.
package enum ChangeWorktree: Command {
    package struct Input: Sendable {
        /// As it is, or as it would be when Orca knew something about it: then it is written down now.
        package var worktree: Worktree
        package var displayName: String?
        package var issue: Int??
        package var linearIssue: String?
        package var comment: String?
        package var workspaceStatus: String?
        package var parent: Worktree.Parent??

        package init(_ worktree: Worktree) { self.worktree = worktree }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Worktree {
        let known = try tx.worktrees.find(input.worktree.id)
        var worktree = known ?? input.worktree
        worktree.displayName = input.displayName ?? worktree.displayName
        worktree.linkedIssue = input.issue ?? worktree.linkedIssue
        worktree.linkedLinearIssue = input.linearIssue ?? worktree.linkedLinearIssue
        worktree.comment = input.comment ?? worktree.comment
        worktree.workspaceStatus = input.workspaceStatus ?? worktree.workspaceStatus
        if let parent = input.parent {
            worktree.parent = parent
            worktree.capture = parent == nil ? .none : .flag
        }
        try WorktreeRules.check(worktree)
        try WorktreeRules.checkParent(worktree, tx)
        if worktree == known { return worktree }
        worktree.updatedAt = context.now
        if known == nil {
            worktree.node = context.node
            try tx.insert(worktree)
        } else {
            worktree.version += 1
            try tx.save(worktree)
        }
        try WorktreeRules.record(.worktreeUpdated, worktree, tx, context)
        return worktree
    }
}

package enum WorktreeRules {
    static func check(_ worktree: Worktree) throws {
        try Names.checkLength(worktree.path, max: Limits.pathBytesMax, field: "path")
        try Names.checkLength(worktree.displayName, max: Limits.titleBytesMax, field: "display_name")
        try Names.checkLength(worktree.comment, max: Limits.commentBytesMax, field: "comment")
        try Names.checkLength(worktree.linkedLinearIssue, max: Limits.nameBytesMax, field: "linear_issue")
        try Names.checkLength(worktree.workspaceStatus, max: Limits.nameBytesMax, field: "workspace_status")
    }

    /// No worktree may stand above itself.
    static func checkParent(_ worktree: Worktree, _ tx: any StoreTransaction) throws {
        guard let parent = worktree.parent?.worktree else { return }
        let all = try tx.worktrees.list(in: worktree.workspace, limit: Limits.worktreesMax)
        let parents = Dictionary(
            all.compactMap { row in row.parent.map { (row.id, $0.worktree) } }, uniquingKeysWith: { first, _ in first })
        guard Lineage.isCycle(worktree.id, under: parent, parents: parents) else { return }
        throw DomainError(
            .lineageParentCycle, "A worktree cannot belong to itself or to one below it.",
            details: ["next_steps": "Choose another --parent-worktree, or pass --no-parent."])
    }

    static func record(
        _ type: EventType, _ worktree: Worktree, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws {
        try Ledger(tx, context).record(
            type, workspace: worktree.workspace, entity: worktree.id.text,
            [
                "path": .text(worktree.path), "branch": .text(worktree.branch), "name": .text(worktree.displayName),
                "status": .text(worktree.workspaceStatus), "parent": .text(worktree.parent?.worktree.text ?? ""),
            ])
    }
}
