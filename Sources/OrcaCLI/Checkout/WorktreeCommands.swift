import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca worktree …`
enum WorktreeCommands {
    static var command: Command {
        ContractCommand.group(
            "worktree", "Worktrees that agents work in.",
            discussion: """
                A worktree starts from its base as it is now: a base that comes from a remote is fetched first, and when that \
                fails nothing is made. What a repository's orca.yaml asks for is done in it: `copy` and `link` (files of the \
                main worktree), `scripts.setup` (with --setup run), `scripts.archive` (rm --run-hooks), `branchPrefix`, \
                `setupTimeoutSeconds`. A script is a line for /bin/sh or a list of words.
                """,
            examples: [
                .init(
                    "orca worktree create --name fix-login --agent claude --prompt 'Fix it' --json", "An agent at work."
                ),
                .init("orca worktree rm --worktree name:fix-login", "Take it away when nothing is lost."),
            ],
            children: {
                [
                    WorktreeCreate.command, list, show, current, WorktreeSet.command, WorktreeRemove.command, processes,
                ]
            })
    }

    private static var list: Command {
        ContractCommand.verb(
            "list", "List all worktrees of the repositories known.", aliases: ["ls"],
            flags: [.value("repo", .text, "SELECTOR", "Only those of this repository."), WorktreeHere.limitFlag]
        ) { (call) throws(APIError) in
            var request = OrcaV1.ListWorktreesRequest()
            request.workspace = call.workspace
            request.repo = call.text("repo") ?? ""
            request.limit = try WorktreeHere.limit(call)
            let found = try call.call(Operations.listWorktrees, request)
            let lines = found.worktrees.map { "\($0.displayName)  \(shortBranch($0))  \($0.path)" }
            return ContractAnswer(
                [
                    "worktrees": .array(found.worktrees.map(CheckoutJSON.worktree)),
                    "totalCount": .whole(found.totalCount), "truncated": .bool(found.truncated),
                ],
                lines.isEmpty ? "No worktrees." : lines.joined(separator: "\n"))
        }
    }

    private static var show: Command {
        ContractCommand.verb(
            "show", "Show one worktree: what is not committed, and how it stands to its base.",
            flags: [WorktreeHere.selectorFlag]
        ) { (call) throws(APIError) in
            try one(WorktreeHere.resolve(try call.required("worktree"), call), call)
        }
    }

    private static var current: Command {
        ContractCommand.verb("current", "Show the worktree around the working directory.") { (call) throws(APIError) in
            try one(WorktreeHere.resolve("current", call), call)
        }
    }

    private static func one(_ selector: String, _ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.GetWorktreeRequest()
        request.workspace = call.workspace
        request.worktree = selector
        request.status = true
        let found = try call.call(Operations.getWorktree, request)
        let tree = found.worktree ?? .init()
        var json = CheckoutJSON.worktree(tree)
        var text = summary(tree)
        if let status = found.status {
            json = json.adding([
                "status": [
                    "uncommitted": .array(status.uncommitted.map { .string($0) }), "ahead": .whole(status.ahead),
                    "behind": .whole(status.behind), "missing": .array(status.missing.map { .string($0) }),
                ]
            ])
            text += "\nahead: \(status.ahead)\nbehind: \(status.behind)\nuncommitted: \(status.uncommitted.count)"
        }
        return ContractAnswer(["worktree": json], text)
    }

    private static var processes: Command {
        ContractCommand.verb(
            "ps", "Say what goes on in the worktrees.", flags: [WorktreeHere.limitFlag]
        ) { (call) throws(APIError) in
            var request = OrcaV1.ListWorktreeProcessesRequest()
            request.workspace = call.workspace
            request.limit = try WorktreeHere.limit(call)
            let found = try call.call(Operations.listWorktreeProcesses, request)
            let lines = found.worktrees.map { row in
                "\(row.status)  \(row.worktree?.displayName ?? "")  \(row.repo)  terminals: \(row.liveTerminalCount)"
            }
            return ContractAnswer(
                [
                    "worktrees": .array(found.worktrees.map(CheckoutJSON.processes)),
                    "totalCount": .whole(found.totalCount), "truncated": .bool(found.truncated),
                ],
                lines.isEmpty ? "No worktrees." : lines.joined(separator: "\n"))
        }
    }

    static func summary(_ tree: OrcaV1.Worktree) -> String {
        var lines = [tree.displayName, "id: \(tree.id)", "path: \(tree.path)", "branch: \(shortBranch(tree))"]
        if !tree.baseRef.isEmpty { lines.append("base: \(tree.baseRef)") }
        if !tree.parentWorktreeId.isEmpty { lines.append("parent: \(tree.parentWorktreeId)") }
        if !tree.comment.isEmpty { lines.append("comment: \(tree.comment)") }
        return lines.joined(separator: "\n")
    }

    private static func shortBranch(_ tree: OrcaV1.Worktree) -> String {
        if tree.branch.isEmpty { return tree.isBare ? "(bare)" : "(detached)" }
        return tree.branch.hasPrefix("refs/heads/") ? String(tree.branch.dropFirst("refs/heads/".count)) : tree.branch
    }
}
