import OrcaAPI

/// What whoever resolves a conflict is told.
enum ConflictSpec {
    static func text(_ task: OrcaV1.Task, others: [OrcaV1.Task], branch: String, files: [String]) -> String {
        let names = others.map { "\($0.ref) (\($0.title))" }.joined(separator: ", ")
        let against = others.isEmpty ? "what is in `\(branch)`" : names
        let merges = (others.map(\.branch) + [task.branch]).map { "    git merge --no-edit \($0)" }
        return """
            The work of \(task.ref) (\(task.title)) and \(against) changes the same places:

            \(files.map { "- `\($0)`" }.joined(separator: "\n"))

            Bring both together so that neither loses what it was made for:

            \(merges.joined(separator: "\n"))

            Resolve the conflicts in the files above, check that the result still works, and commit the merge.
            """
    }
}
