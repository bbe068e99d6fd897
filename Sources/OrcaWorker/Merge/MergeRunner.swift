package import OrcaAPI
package import OrcaConnect
import OrcaDomain
import OrcaGit

/// Merges the branches of a project's finished tasks into one branch, without a checkout and without force: each
/// merge is tried dry first, and the branch moves once, at the end.
package struct MergeRunner: Sendable {
    private let options: MergeOptions
    private let client: any OrcaClient
    private let repository: GitRepository

    /// How often the branch may be moved by somebody else before we give up.
    private static let triesMax = 3

    package init(_ options: MergeOptions, client: any OrcaClient) throws(APIError) {
        self.options = options
        self.client = client
        repository = try translating { () throws(GitError) in
            try BranchName.check(options.branch)
            let repository = try GitRepository.open(
                options.repository, runner: GitRunner(environment: options.environment))
            try repository.requireIdentity()
            return repository
        }
    }

    /// Merges what can be merged. Conflicts are rows of the answer, not errors.
    package func run() throws(APIError) -> MergeSummary {
        var request = OrcaV1.GetTaskGraphRequest()
        request.workspace = options.workspace
        request.project = options.project
        let graph = try client.call(Operations.getTaskGraph, request)
        let tasks = MergeOrder.of(graph.tasks)
        var summary: MergeSummary?
        for attempt in 1... {
            do throws(GitError) {
                summary = try merge(tasks)
                break
            } catch {
                guard error.code == .staleBranch, attempt < Self.triesMax else { throw error.apiError }
            }
        }
        guard let summary else { preconditionFailure("the loop ends with a summary or an error") }
        return options.createsTasks ? try makeTasks(summary) : summary
    }

    private func merge(_ tasks: [OrcaV1.Task]) throws(GitError) -> MergeSummary {
        let before = try repository.branchTip(options.branch)
        let start: GitBase
        if let before {
            start = GitBase(branch: options.branch, commit: before)
        } else {
            start = try repository.freshBase(options.base)
        }
        var merge = BranchMerge(repository: repository, tip: start.commit, isNew: before == nil)
        // A conflict may be resolved by the branch of another task: go on while that changes anything.
        var isChanged = true
        while isChanged {
            isChanged = false
            for task in tasks where merge.isOpen(task.id) {
                isChanged = try merge.add(task) || isChanged
            }
        }
        try repository.moveBranch(options.branch, from: before, to: merge.tip)
        return MergeSummary(
            branch: options.branch, before: before, after: merge.tip,
            rows: tasks.map { MergeRow(task: $0, outcome: merge.outcomes[$0.id] ?? .missing) }, warning: start.warning)
    }

    /// A task for every conflict. The key is made of both commits, so that the same conflict makes one task only.
    private func makeTasks(_ summary: MergeSummary) throws(APIError) -> MergeSummary {
        var rows: [MergeRow] = []
        for row in summary.rows {
            guard case .conflict(let files, let with, _) = row.outcome else {
                rows.append(row)
                continue
            }
            let others = summary.rows.map(\.task).filter { with.contains($0.ref) }
            var request = OrcaV1.CreateTaskRequest()
            request.workspace = options.workspace
            request.project = options.project
            request.title = "Merge \(row.task.ref)\(with.isEmpty ? "" : " with \(with.joined(separator: ", "))")"
            request.spec = ConflictSpec.text(row.task, others: others, branch: summary.branch, files: files)
            request.labels = ["merge-conflict"]
            request.priority = row.task.priority
            let key = "merge-\(row.task.commit)-\(others.map(\.commit).joined(separator: "-"))"
            let task = try client.call(
                Operations.createTask, request, idempotencyKey: String(key.prefix(Self.keyBytesMax))
            ).task
            rows.append(
                MergeRow(task: row.task, outcome: .conflict(files: files, with: with, resolution: task?.ref ?? "")))
        }
        return MergeSummary(
            branch: summary.branch, before: summary.before, after: summary.after, rows: rows, warning: summary.warning)
    }

    private static let keyBytesMax = 128
}
