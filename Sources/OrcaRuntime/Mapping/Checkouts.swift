import OrcaAPI
import OrcaCheckout
import OrcaDomain
import OrcaProtobuf

extension OrcaV1.Repo {
    init(_ repo: Repo, project: String = "", user: String? = nil) {
        self.init()
        id = repo.id.text
        workspace = repo.workspace.text
        path = repo.path
        displayName = repo.name
        addedAt = ProtoTimestamp(repo.createdAt)
        worktreeBaseRef = repo.baseRef
        gitUsername = user ?? ""
        self.project = project
        version = Int32(repo.version)
    }
}

extension OrcaV1.Worktree {
    /// - Parameter parent: the row of its parent, if there still is one.
    init(_ view: WorktreeView, parent: Worktree?, children: [WorktreeID], lastOutput: Timestamp? = nil) {
        self.init()
        id = view.id.text
        repoId = view.repo.id.text
        workspace = view.repo.workspace.text
        path = view.path
        displayName = view.displayName
        head = view.facts?.head ?? view.row?.baseCommit ?? ""
        branch = view.branch.map { "refs/heads/" + $0 } ?? ""
        isBare = view.facts?.isBare ?? false
        isMainWorktree = view.facts?.isMain ?? false
        isLocked = view.facts?.isLocked ?? false
        isMissing = view.isMissing
        isCreating = view.row?.state == .creating
        childWorktreeIds = children.map(\.text)
        workspaceStatus = Worktree.workspaceStatusDefault
        let activity = [lastOutput, view.row?.updatedAt].compactMap(\.self).max()
        lastActivityAt = activity.map { ProtoTimestamp($0) }
        if let row = view.row { fill(row, parent: parent) }
    }

    private mutating func fill(_ row: Worktree, parent: Worktree?) {
        instanceId = row.instance
        comment = row.comment
        baseRef = row.baseRef
        baseCommit = row.baseCommit
        linkedIssue = Int32(clamping: row.linkedIssue ?? 0)
        linkedLinearIssue = row.linkedLinearIssue
        workspaceStatus = row.workspaceStatus
        createdAt = ProtoTimestamp(row.createdAt)
        version = Int32(row.version)
        // A path that was used again is another worktree.
        guard let named = row.parent, parent?.id == named.worktree, parent?.instance == named.instance else { return }
        parentWorktreeId = named.worktree.text
        lineage = .with {
            $0.parentWorktreeId = named.worktree.text
            $0.parentInstanceId = named.instance
            $0.origin = row.origin
            $0.captureSource = row.capture.rawValue
            $0.captureConfidence = row.capture.confidence
            $0.run = row.run
            $0.task = row.task
            $0.coordinatorHandle = row.coordinator
        }
    }
}

/// Maps all worktrees of a list, so that each knows its parent and its children.
struct WorktreeFamily {
    private let rows: [WorktreeID: Worktree]
    private let children: [WorktreeID: [WorktreeID]]

    init(_ views: [WorktreeView]) {
        let rows = Dictionary(
            views.compactMap { view in view.row.map { (view.id, $0) } }, uniquingKeysWith: { first, _ in first })
        self.rows = rows
        children = rows.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.reduce(into: [:]) {
            found, row in
            guard let parent = row.parent, rows[parent.worktree]?.instance == parent.instance else { return }
            found[parent.worktree, default: []].append(row.id)
        }
    }

    func message(_ view: WorktreeView, lastOutput: Timestamp? = nil) -> OrcaV1.Worktree {
        OrcaV1.Worktree(
            view, parent: view.row?.parent.flatMap { rows[$0.worktree] }, children: children[view.id] ?? [],
            lastOutput: lastOutput)
    }
}
