/// Which worktree a new one belongs to.
package enum Lineage {
    /// One hint and what it leads to; `nil` when what it names is not there.
    package struct Candidate: Sendable, Hashable {
        package var source: Worktree.Capture
        package var worktree: WorktreeID?

        package init(_ source: Worktree.Capture, _ worktree: WorktreeID?) {
            self.source = source
            self.worktree = worktree
        }
    }

    package enum Decision: Sendable, Hashable {
        case parent(WorktreeID, from: Worktree.Capture)
        case none
        /// The hints lead to different worktrees.
        case conflict([Candidate])
        /// None of the hints leads anywhere.
        case missing([Candidate])
    }

    /// What the hints around a request say: all of them must agree. `directory` counts only when there are no others.
    package static func decide(_ hints: [Candidate], directory: WorktreeID?) -> Decision {
        if hints.isEmpty { return directory.map { .parent($0, from: .directory) } ?? .none }
        let found = hints.filter { $0.worktree != nil }
        guard let first = found.first, let parent = first.worktree else { return .missing(hints) }
        guard found.allSatisfy({ $0.worktree == parent }) else { return .conflict(found) }
        return .parent(parent, from: first.source)
    }

    /// Whether `child` would be above itself with that parent. `parents` leads from a worktree to its parent.
    package static func isCycle(
        _ child: WorktreeID, under parent: WorktreeID, parents: [WorktreeID: WorktreeID]
    ) -> Bool {
        var next: WorktreeID? = parent
        var steps = 0
        while let current = next, steps <= parents.count {
            if current == child { return true }
            next = parents[current]
            steps += 1
        }
        return false
    }

    /// The ids of tasks that a text names.
    package static func tasks(in text: String) -> [TaskID] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
            .filter { $0.hasPrefix(TaskKind.prefix) && $0.utf8.count > TaskKind.prefix.utf8.count }
            .map { TaskID(stored: String($0)) }
    }
}
