import OrcaAPI
import OrcaSupport
import OrcaWorker

/// `orca merge`
enum MergeCommand {
    static let flags: [Flag] = [
        .value(
            "into", .text, "BRANCH",
            "The branch that is merged into; orca/PROJECT/integration, made when it is missing."),
        .toggle("conflict-tasks", "Make a task of every conflict."),
    ]

    static var command: Command {
        Command(
            "merge", "Merge the branches of finished tasks into one, in dependency order.", section: .workers,
            flags: [
                .value("repo", .directory, "PATH", "The git repository; here."),
                .value("base", .text, "BRANCH", "Where a new integration branch begins; what is checked out."),
            ] + flags,
            discussion: """
                Every merge is tried dry first; nothing is checked out and nothing is ever forced. A conflict is shown with \
                its files and both tasks; it stays for you, or becomes a task with --conflict-tasks. The exit code is 1 when \
                finished work could not be merged.
                """,
            examples: [.init("orca merge -p API --repo .", "Into orca/API/integration.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let summary = try merge(call, project: try call.requiredProject(), repository: WorkFlags.repository(call))
        if call.isJSON {
            call.context.out.write(
                bytes: JSONValue.object([.init("merge", MergeView.json(summary))]).jsonBytes() + [0x0A])
        } else {
            call.context.out.write(MergeView.table(summary, call))
        }
        if !summary.isComplete { call.exitCode = 1 }
    }

    /// Merges with the flags of the command.
    static func merge(_ call: Invocation, project: String, repository: String) throws(APIError) -> MergeSummary {
        var options = MergeOptions(
            project: project, repository: repository, environment: try WorkFlags.environment(call))
        options.workspace = call.workspace
        options.into = call.text("into") ?? ""
        options.base = call.text("base") ?? ""
        options.createsTasks = call.isOn("conflict-tasks")
        let summary = try MergeRunner(options, client: try call.client()).run()
        if let warning = summary.warning { call.note("warning: \(warning)") }
        return summary
    }
}
