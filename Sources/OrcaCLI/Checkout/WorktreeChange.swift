import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca worktree set`
enum WorktreeSet {
    static var command: Command {
        ContractCommand.verb(
            "set", "Change what Orca knows about a worktree.", changes: true,
            flags: [
                WorktreeHere.selectorFlag, .value("display-name", .text, "NAME", "What lists show."),
                .value("issue", .text, "N", "Number of the issue it is about, or null."),
                .value("linear-issue", .text, "ID", "Linear issue it is about, or null."),
                .value("comment", .text, "TEXT", "A remark."),
                .value("workspace-status", .text, "STATUS", "Where the work stands: in-progress, done and so on."),
                .value("parent-worktree", .text, "SELECTOR", "The worktree it belongs to."),
                .toggle("no-parent", "It belongs to none."),
            ],
            examples: [.init("orca worktree set --worktree active --comment 'waits for review' --json", "")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.SetWorktreeRequest()
        request.workspace = call.workspace
        request.worktree = try WorktreeHere.resolve(try call.required("worktree"), call)
        request.displayName = call.text("display-name")
        if call.text("issue") == "null" {
            request.issue = 0
        } else if let issue = try call.positiveInteger("issue") {
            request.issue = Int32(clamping: issue)
        }
        request.linearIssue = call.text("linear-issue").map { $0 == "null" ? "" : $0 }
        // An empty remark takes the old one away.
        request.comment = call.base.text("comment")
        request.workspaceStatus = call.text("workspace-status")
        guard call.text("parent-worktree") == nil || !call.isOn("no-parent") else {
            throw .invalid("Choose one of --parent-worktree, --no-parent.")
        }
        if let parent = call.text("parent-worktree") { request.parentWorktree = try WorktreeHere.resolve(parent, call) }
        request.noParent = call.isOn("no-parent")
        let tree = try call.call(Operations.setWorktree, request).worktree ?? .init()
        return ContractAnswer(["worktree": CheckoutJSON.worktree(tree)], WorktreeCommands.summary(tree))
    }
}

/// `orca worktree rm`
enum WorktreeRemove {
    /// Milliseconds an archive script may take.
    private static let patienceMS: Int64 = 65 * 60_000

    static var command: Command {
        ContractCommand.verb(
            "rm", "Take a worktree away; refused while work in it would be lost.", aliases: ["remove"], changes: true,
            flags: [
                WorktreeHere.selectorFlag,
                .toggle(
                    "force",
                    "Lose what is not committed. Commits that are nowhere else stay on their branch, which is kept."),
                .toggle("run-hooks", "Run the archive script of orca.yaml first."),
            ],
            examples: [.init("orca worktree rm --worktree name:fix-login --json", "")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.RemoveWorktreeRequest()
        request.workspace = call.workspace
        request.worktree = try WorktreeHere.resolve(try call.required("worktree"), call)
        request.force = call.isOn("force")
        request.runHooks = call.isOn("run-hooks")
        let done = try call.callPatiently(Operations.removeWorktree, request, atMost: patienceMS)
        var result: JSONValue = ["removed": .bool(done.removed)]
        var text = "Removed."
        if !done.preservedBranch.isEmpty {
            result = result.adding(["preservedBranch": .string(done.preservedBranch)])
            text += " The branch \(done.preservedBranch) is kept."
        }
        if !done.warning.isEmpty { result = result.adding(["warning": .string(done.warning)]) }
        var answer = ContractAnswer(result, text)
        if !done.warning.isEmpty { answer.notes = ["warning: \(done.warning)"] }
        return answer
    }
}
