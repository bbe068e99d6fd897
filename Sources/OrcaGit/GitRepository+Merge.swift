import OrcaSupport

/// What a merge would give.
package enum GitMergeOutcome: Sendable, Hashable {
    /// The tree of the merge.
    case clean(tree: ObjectID)
    /// The files that both sides changed in ways that do not fit together.
    case conflict(files: [String])
}

extension GitRepository {
    /// Merges two commits without any checkout and without changing a branch.
    package func mergeTree(_ ours: ObjectID, _ theirs: ObjectID) throws(GitError) -> GitMergeOutcome {
        let result = try git.run(
            ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours.text, theirs.text], in: path,
            accepted: [0, 1])
        let fields = result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let first = fields.first, let tree = ObjectID(first) else {
            throw GitError.failed(["merge-tree"], result)
        }
        return result.status.isSuccess ? .clean(tree: tree) : .conflict(files: Array(fields.dropFirst()))
    }

    /// Makes a commit of a tree, under the person's own identity.
    package func commitTree(_ tree: ObjectID, parents: [ObjectID], message: String) throws(GitError) -> ObjectID {
        try requireIdentity()
        let arguments = ["commit-tree", tree.text] + parents.flatMap { ["-p", $0.text] } + ["-F", "-"]
        let output = try git.run(arguments, in: path, input: Array(message.utf8)).outputText
        guard let id = ObjectID(output.prefix { $0 != "\n" }) else {
            throw GitError(.failed, "git commit-tree gave no commit")
        }
        return id
    }

    /// `ours` with `theirs` merged in: one of the two when it contains the other, else a new commit on no branch.
    package func merged(_ ours: ObjectID, _ theirs: ObjectID, message: String) throws(GitError) -> ObjectID {
        if try isAncestor(theirs, of: ours) { return ours }
        if try isAncestor(ours, of: theirs) { return theirs }
        switch try mergeTree(ours, theirs) {
        case .clean(let tree): return try commitTree(tree, parents: [ours, theirs], message: message)
        case .conflict(let files):
            throw GitError(
                .mergeConflict, "\(message): conflict in \(files.prefix(10).joined(separator: ", "))", files: files)
        }
    }

    /// Moves a branch from `old` to `new`, or makes it when `old` is `nil`. Fails with `staleBranch` when the branch
    /// stands elsewhere. Where it is checked out, that tree goes along by a fast-forward if it has no uncommitted
    /// changes; otherwise nothing happens but an error.
    package func moveBranch(_ name: String, from old: ObjectID?, to new: ObjectID) throws(GitError) {
        try BranchName.check(name)
        try locked { () throws(GitError) in
            guard try branchTip(name) == old else {
                throw GitError(.staleBranch, "the branch `\(name)` was moved by somebody else; run the command again")
            }
            if old == new { return }
            if let tree = try worktrees().first(where: { $0.branch == name }) {
                try fastForward(tree, to: new)
                return
            }
            let expected = old?.text ?? String(repeating: "0", count: new.text.count)
            _ = try git.run(
                ["update-ref", "-m", "orca: merge", "refs/heads/" + name, new.text, expected], in: path)
        }
    }

    private func fastForward(_ tree: GitWorktree, to new: ObjectID) throws(GitError) {
        let changed = try uncommitted(in: tree.path, untracked: false)
        if !changed.isEmpty {
            throw GitError(
                .checkedOut,
                "the branch `\(tree.branch ?? "")` is checked out in \(tree.path) with uncommitted changes; commit or stash "
                    + "them, or merge into another branch with --into", files: changed)
        }
        _ = try git.run(["merge", "--ff-only", "--quiet", new.text], in: tree.path)
    }
}
