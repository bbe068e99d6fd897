package import OrcaAPI
package import OrcaGit

/// Which finished work is merged, and where to.
package struct MergeOptions: Sendable {
    package var workspace = "default"
    package var project: String
    package var repository: String
    /// Branch that is merged into; empty for `orca/<project>/integration`. Made from the base when it is missing.
    package var into = ""
    /// Base of a new integration branch; empty for what is checked out.
    package var base = ""
    /// Make a task of every conflict.
    package var createsTasks = false
    package var environment: [String: String]

    package init(project: String, repository: String, environment: [String: String]) {
        self.project = project
        self.repository = repository
        self.environment = environment
    }

    package var branch: String { into.isEmpty ? "orca/\(project)/integration" : into }
}

/// What became of one finished task in a merge.
package struct MergeRow: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case merged(ObjectID)
        /// It was in the branch before.
        case alreadyMerged
        /// `with`: refs of the merged tasks whose work collides; empty when it is the branch's own.
        /// `resolution`: ref of the task that was made of it.
        case conflict(files: [String], with: [String], resolution: String)
        /// It builds on a task that could not be merged.
        case waitsFor(String)
        /// It was finished without a commit.
        case nothingToMerge
        /// Its commit is not in this repository.
        case missing
    }

    package let task: OrcaV1.Task
    package let outcome: Outcome

    package init(task: OrcaV1.Task, outcome: Outcome) {
        self.task = task
        self.outcome = outcome
    }
}

/// The table a merge ends with.
package struct MergeSummary: Sendable, Hashable {
    package let branch: String
    /// Where the branch stood before; `nil` when it was made.
    package let before: ObjectID?
    package let after: ObjectID
    package let rows: [MergeRow]
    package let warning: String?

    package init(branch: String, before: ObjectID?, after: ObjectID, rows: [MergeRow], warning: String?) {
        self.branch = branch
        self.before = before
        self.after = after
        self.rows = rows
        self.warning = warning
    }

    /// Whether everything that is finished is in the branch.
    package var isComplete: Bool {
        rows.allSatisfy { row in
            switch row.outcome {
            case .merged, .alreadyMerged, .nothingToMerge: true
            case .conflict, .waitsFor, .missing: false
            }
        }
    }

    /// The same merge as seen from the beginning of a run that merged before: what an earlier round of it merged was
    /// merged now, and what was in conflict is merged since its resolution is.
    package func continuing(_ earlier: MergeSummary?) -> MergeSummary {
        guard let earlier, earlier.branch == branch else { return self }
        let outcomes = Dictionary(earlier.rows.map { ($0.task.id, $0.outcome) }) { first, _ in first }
        let rows = rows.map { row in
            guard case .alreadyMerged = row.outcome else { return row }
            switch outcomes[row.task.id] {
            case .merged(let commit): return MergeRow(task: row.task, outcome: .merged(commit))
            case .conflict, .waitsFor: return MergeRow(task: row.task, outcome: .merged(after))
            case .alreadyMerged, .nothingToMerge, .missing, nil: return row
            }
        }
        return MergeSummary(branch: branch, before: earlier.before, after: after, rows: rows, warning: warning)
    }
}
