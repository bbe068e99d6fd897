import OrcaSupport

/// One working tree of a repository.
package struct GitWorktree: Sendable, Hashable {
    package let path: String
    /// `nil` when no branch is checked out there.
    package var branch: String?
    /// `nil` in a repository without a commit.
    package var head: ObjectID?
    package var isBare = false
    /// Somebody asked git to keep it.
    package var isLocked = false
    /// Its directory is gone.
    package var isPrunable = false

    init(path: String) { self.path = path }
}

extension GitRepository {
    /// Makes a worktree with a new branch at a commit. The branch follows no other: its name must be free.
    package func addWorktree(_ directory: String, branch: String, at commit: ObjectID) throws(GitError) {
        try BranchName.check(branch)
        try locked { () throws(GitError) in
            if try branchTip(branch) != nil {
                throw GitError(
                    .branchExists, "there is already a branch `\(branch)`; delete it with `git branch -D \(branch)`")
            }
            // Only this part takes locks that others could be holding; filling the tree does not.
            _ = try git.run(
                [
                    "worktree", "add", "--quiet", "--no-track", "--no-checkout", "-b", branch, "--end-of-options",
                    directory,
                    commit.text,
                ],
                in: path)
        }
        _ = try git.run(["reset", "--quiet", "--hard"], in: directory)
    }

    /// Takes the worktree away with everything in it that is not committed. Its branch stays. Nothing there is fine.
    package func removeWorktree(_ directory: String) throws(GitError) {
        try locked { () throws(GitError) in
            let removed = try git.run(
                ["worktree", "remove", "--force", "--force", "--end-of-options", directory], in: path,
                accepted: [0, 1, 128])
            if removed.status.isSuccess && Files.kind(directory) == nil { return }
            do { try Files.removeTree(directory) } catch { throw GitError(.failed, "\(error)") }
            _ = try git.run(["worktree", "prune"], in: path)
        }
    }

    /// Forgets worktrees whose directory is gone.
    package func pruneWorktrees() throws(GitError) {
        try locked { () throws(GitError) in _ = try git.run(["worktree", "prune"], in: path) }
    }

    /// All worktrees, the person's own first.
    package func worktrees() throws(GitError) -> [GitWorktree] {
        let output = try git.run(["worktree", "list", "--porcelain", "-z"], in: path).outputText
        var found: [GitWorktree] = []
        for field in output.split(separator: "\0") {
            if field.hasPrefix("worktree ") {
                found.append(GitWorktree(path: String(field.dropFirst("worktree ".count))))
            } else if !found.isEmpty {
                found[found.count - 1].read(field)
            }
        }
        return found
    }

    /// Deletes a branch if it still points at `commit`.
    package func deleteBranch(_ name: String, at commit: ObjectID) throws(GitError) {
        try BranchName.check(name)
        try locked { () throws(GitError) in
            _ = try git.run(["update-ref", "-d", "refs/heads/" + name, commit.text], in: path)
        }
    }
}

extension GitWorktree {
    /// One line of `git worktree list --porcelain`.
    fileprivate mutating func read(_ field: Substring) {
        if field.hasPrefix("branch refs/heads/") {
            branch = String(field.dropFirst("branch refs/heads/".count))
        } else if field.hasPrefix("HEAD ") {
            // Zeros stand for no commit.
            head =
                field.dropFirst("HEAD ".count).allSatisfy { $0 == "0" } ? nil : ObjectID(field.dropFirst("HEAD ".count))
        } else if field == "bare" {
            isBare = true
        } else if field.hasPrefix("locked") {
            isLocked = true
        } else if field.hasPrefix("prunable") {
            isPrunable = true
        }
    }
}
