import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Repositories and worktrees in the shape of the contract.
enum CheckoutJSON {
    /// Colours of badges, told from the id.
    private static let colors = [
        "#ef4444", "#f97316", "#eab308", "#22c55e", "#06b6d4", "#3b82f6", "#8b5cf6", "#ec4899",
    ]

    static func repo(_ repo: OrcaV1.Repo) -> JSONValue {
        let hue = repo.id.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        var json: JSONValue = [
            "id": .string(repo.id), "path": .string(repo.path), "displayName": .string(repo.displayName),
            "badgeColor": .string(colors[hue % colors.count]), "addedAt": milliseconds(repo.addedAt), "kind": "git",
        ]
        if !repo.gitUsername.isEmpty { json = json.adding(["gitUsername": .string(repo.gitUsername)]) }
        if !repo.worktreeBaseRef.isEmpty { json = json.adding(["worktreeBaseRef": .string(repo.worktreeBaseRef)]) }
        if !repo.project.isEmpty { json = json.adding(["project": .string(repo.project)]) }
        return json
    }

    static func worktree(_ tree: OrcaV1.Worktree) -> JSONValue {
        [
            "id": .string(tree.id), "instanceId": .text(tree.instanceId), "repoId": .string(tree.repoId),
            "displayName": .string(tree.displayName), "comment": .string(tree.comment), "path": .string(tree.path),
            "head": .string(tree.head), "branch": .string(tree.branch), "isBare": .bool(tree.isBare),
            "isMainWorktree": .bool(tree.isMainWorktree), "isArchived": false, "isUnread": false, "isPinned": false,
            "sortOrder": 0, "lastActivityAt": milliseconds(tree.lastActivityAt), "linkedIssue": issue(tree),
            "linkedPR": nil, "linkedLinearIssue": .text(tree.linkedLinearIssue),
            "workspaceStatus": .string(tree.workspaceStatus), "baseRef": .text(tree.baseRef),
            "parentWorktreeId": .text(tree.parentWorktreeId),
            "childWorktreeIds": .array(tree.childWorktreeIds.map { .string($0) }), "lineage": lineage(tree),
            "workspaceLineage": nil, "isLocked": .bool(tree.isLocked), "isMissing": .bool(tree.isMissing),
            "git": [
                "path": .string(tree.path), "head": .string(tree.head), "branch": .string(tree.branch),
                "isBare": .bool(tree.isBare), "isMainWorktree": .bool(tree.isMainWorktree),
            ],
        ]
    }

    static func lineage(_ tree: OrcaV1.Worktree) -> JSONValue {
        guard let lineage = tree.lineage else { return nil }
        return [
            "worktreeId": .string(tree.id), "worktreeInstanceId": .string(tree.instanceId),
            "parentWorktreeId": .string(lineage.parentWorktreeId),
            "parentWorktreeInstanceId": .string(lineage.parentInstanceId), "origin": .string(lineage.origin),
            "capture": [
                "source": .string(lineage.captureSource), "confidence": .string(lineage.captureConfidence),
            ],
            "orchestrationRunId": .text(lineage.run), "taskId": .text(lineage.task),
            "coordinatorHandle": .text(lineage.coordinatorHandle), "createdAt": milliseconds(tree.createdAt),
        ]
    }

    static func warning(_ warning: OrcaV1.CheckoutWarning) -> JSONValue {
        let details = warning.details.sorted { $0.key < $1.key }
        return [
            "code": .string(warning.code), "message": .string(warning.message),
            "details": .object(details.map { .init($0.key, .string($0.value)) }),
        ]
    }

    static func processes(_ row: OrcaV1.WorktreeProcesses) -> JSONValue {
        let tree = row.worktree ?? .init()
        return [
            "workspaceKind": "worktree", "worktreeId": .string(tree.id), "repoId": .string(tree.repoId),
            "repo": .string(row.repo), "path": .string(tree.path), "branch": .string(tree.branch), "isArchived": false,
            "isMainWorktree": .bool(tree.isMainWorktree), "parentWorktreeId": .text(tree.parentWorktreeId),
            "childWorktreeIds": .array(tree.childWorktreeIds.map { .string($0) }),
            "displayName": .string(tree.displayName), "workspaceStatus": .string(tree.workspaceStatus),
            "linkedIssue": issue(tree), "linkedPR": nil, "comment": .string(tree.comment), "isPinned": false,
            "isActive": .bool(row.liveTerminalCount > 0), "unread": false,
            "liveTerminalCount": .whole(row.liveTerminalCount),
            "hasAttachedPty": .bool(row.liveTerminalCount > 0),
            "lastOutputAt": row.lastOutputAt.map { .integer($0.milliseconds) } ?? nil, "preview": "",
            "status": .string(row.status), "agents": .array(row.agents.map(agent)),
        ]
    }

    private static func agent(_ agent: OrcaV1.WorktreeProcesses.AgentState) -> JSONValue {
        [
            "paneKey": .string(agent.terminal), "parentPaneKey": nil, "state": .string(agent.state),
            "agentType": .string(agent.agentType), "prompt": "", "taskTitle": nil,
            "displayName": .text(agent.displayName), "lastAssistantMessage": nil, "toolName": nil, "toolInput": nil,
            "interrupted": false, "stateStartedAt": milliseconds(agent.stateStartedAt),
            "updatedAt": milliseconds(agent.updatedAt),
        ]
    }

    private static func issue(_ tree: OrcaV1.Worktree) -> JSONValue {
        tree.linkedIssue == 0 ? nil : .whole(tree.linkedIssue)
    }

    /// Milliseconds since 1970, as the contract has its times here; 0 for none.
    private static func milliseconds(_ time: ProtoTimestamp?) -> JSONValue { .integer(time?.milliseconds ?? 0) }
}
