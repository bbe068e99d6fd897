import OrcaAPI
import OrcaGit

/// A branch that grows by one finished task after the other, in memory only.
struct BranchMerge {
    let repository: GitRepository
    private(set) var tip: ObjectID
    private(set) var outcomes: [String: MergeRow.Outcome] = [:]
    /// What was merged or found merged, with its commit.
    private var inside: [(task: OrcaV1.Task, commit: ObjectID)] = []

    /// A new branch has had nothing merged: what its base has is no work of a task.
    private let newBase: ObjectID?

    init(repository: GitRepository, tip: ObjectID, isNew: Bool) {
        self.repository = repository
        self.tip = tip
        newBase = isNew ? tip : nil
    }

    /// Whether the task's outcome could still change for the better.
    func isOpen(_ id: String) -> Bool {
        switch outcomes[id] {
        case nil, .conflict, .waitsFor: true
        case .merged, .alreadyMerged, .nothingToMerge, .missing: false
        }
    }

    /// Tries to merge one task. True when that moved the tip.
    mutating func add(_ task: OrcaV1.Task) throws(GitError) -> Bool {
        if task.commit.isEmpty && task.branch.isEmpty {
            outcomes[task.id] = .nothingToMerge
            return false
        }
        guard let commit = try commit(of: task) else {
            outcomes[task.id] = .missing
            return false
        }
        if let newBase, try repository.isAncestor(commit, of: newBase) {
            outcomes[task.id] = .nothingToMerge
            return false
        }
        if try repository.isAncestor(commit, of: tip) {
            outcomes[task.id] = .alreadyMerged
            inside.append((task, commit))
            return false
        }
        for dependency in task.dependencies where isHeldUp(dependency.task) {
            outcomes[task.id] = .waitsFor(dependency.ref)
            return false
        }
        switch try repository.mergeTree(tip, commit) {
        case .conflict(let files):
            outcomes[task.id] = .conflict(files: files, with: try opponents(commit, files), resolution: "")
            return false
        case .clean(let tree):
            tip = try repository.commitTree(
                tree, parents: [tip, commit], message: "Merge \(task.ref): \(task.title)\n\nOrca-Task: \(task.ref)\n")
            outcomes[task.id] = .merged(tip)
            inside.append((task, commit))
            return true
        }
    }

    private func isHeldUp(_ id: String) -> Bool {
        switch outcomes[id] {
        case .conflict, .waitsFor: true
        case .merged, .alreadyMerged, .nothingToMerge, .missing, nil: false
        }
    }

    private func commit(of task: OrcaV1.Task) throws(GitError) -> ObjectID? {
        if let id = ObjectID(task.commit), let found = try repository.commit(id.text) { return found }
        return task.branch.isEmpty ? nil : try repository.branchTip(task.branch)
    }

    /// Merged tasks that alone already collide with this commit.
    private func opponents(_ commit: ObjectID, _ files: [String]) throws(GitError) -> [String] {
        var refs: [String] = []
        for other in inside {
            guard case .conflict(let theirs) = try repository.mergeTree(other.commit, commit) else { continue }
            if !Set(theirs).isDisjoint(with: files) { refs.append(other.task.ref) }
        }
        return refs
    }
}
