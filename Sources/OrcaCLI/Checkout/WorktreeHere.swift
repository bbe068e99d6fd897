import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// `active` and `current`: the worktree around the working directory. The server knows no such words.
enum WorktreeHere {
    /// The selector for the server: `active` and `current` become `id:…`, everything else stays.
    static func resolve(_ selector: String, _ call: ContractCall) throws(APIError) -> String {
        guard selector == "active" || selector == "current" else { return selector }
        return "id:" + (try find(call)).id
    }

    /// The deepest worktree around the working directory.
    static func find(_ call: ContractCall) throws(APIError) -> OrcaV1.Worktree {
        let here = call.base.context.workingDirectory
        var request = OrcaV1.ListWorktreesRequest()
        request.workspace = call.workspace
        request.limit = Int32(Limits.worktreesMax)
        let all = try call.call(Operations.listWorktrees, request).worktrees
        let around = all.filter { here == $0.path || here.hasPrefix($0.path == "/" ? "/" : $0.path + "/") }
        if let deepest = around.max(by: { $0.path.utf8.count < $1.path.utf8.count }) { return deepest }
        throw .contract(
            "selector_not_found", .notFound, "selector_not_found",
            next: [
                "\(here) is in no worktree that Orca knows: 'orca repo add --path .' makes its repository known.",
                "'orca worktree list' shows the worktrees.",
            ])
    }

    /// The limit of a list; `nil` when none was given.
    static func limit(_ call: ContractCall) throws(APIError) -> Int32 {
        guard let text = call.text("limit") else { return 0 }
        guard let limit = Int32(text), limit > 0 else {
            throw .contract(
                "invalid_limit", .invalidArgument, "invalid_limit",
                next: ["Give --limit a whole number greater than zero."])
        }
        return limit
    }

    static let limitFlag = Flag.value("limit", .text, "N", "At most this many; 200.")
    static let selectorFlag = Flag.value(
        "worktree", .text, "SELECTOR",
        "The worktree: active, id:<id>, path:<path>, branch:<branch>, name:<name>, issue:<number>.", required: true)
}
