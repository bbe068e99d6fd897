import OrcaSupport

/// One commit, as a list shows it.
package struct GitCommit: Sendable, Hashable {
    package let id: ObjectID
    package let author: String
    package let subject: String

    /// Reads what `git log -z --format=%H%x1f%an%x1f%s` printed.
    static func list(_ text: String) -> [GitCommit] {
        text.split(separator: "\0").compactMap { entry in
            let fields = entry.split(separator: "\u{1f}", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let id = ObjectID(fields[0]) else { return nil }
            return GitCommit(id: id, author: String(fields[1]), subject: String(fields[2]))
        }
    }
}

/// How much a file was changed. `nil` counts mean a binary file.
package struct GitFileChange: Sendable, Hashable {
    package let path: String
    package let added: Int?
    package let deleted: Int?
}

extension GitRepository {
    /// Fails unless git knows who commits. A made-up identity is never used.
    package func requireIdentity(in directory: String? = nil) throws(GitError) {
        for name in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
            let result = try git.run(["var", name], in: directory ?? path, accepted: [0, 1, 128])
            if !result.status.isSuccess {
                throw GitError(
                    .noIdentity,
                    "git does not know who you are; set it with `git config --global user.name \"Your Name\"` and "
                        + "`git config --global user.email you@example.com`")
            }
        }
    }

    /// Commits everything that was left uncommitted in a worktree, under the person's own identity, without hooks.
    /// Returns the new commit; `nil` when there was nothing.
    package func commitAll(in directory: String, message: String) throws(GitError) -> ObjectID? {
        if try uncommitted(in: directory, limit: 1).isEmpty { return nil }
        try requireIdentity(in: directory)
        _ = try git.run(["add", "--all"], in: directory)
        // What is left may be nothing that git keeps, for example an empty directory of another repository.
        let staged = try git.run(["diff", "--cached", "--quiet", "--no-ext-diff"], in: directory, accepted: [0, 1])
        if staged.status.isSuccess { return nil }
        _ = try git.run(
            ["commit", "--quiet", "--no-verify", "--cleanup=whitespace", "--file=-"], in: directory,
            input: Array(message.utf8))
        return try head(of: directory)
    }

    /// The commit that is checked out in a worktree.
    package func head(of directory: String) throws(GitError) -> ObjectID {
        let text = try git.line(["rev-parse", "--verify", "HEAD^{commit}"], in: directory)
        guard let id = ObjectID(text) else { throw GitError(.failed, "git gave no commit for HEAD in \(directory)") }
        return id
    }

    /// Commits that are in `tip` and not in `base`, newest first.
    package func commits(from base: ObjectID, to tip: ObjectID, limit: Int = 100) throws(GitError) -> [GitCommit] {
        let result = try git.run(
            [
                "log", "-z", "--max-count=\(limit)", "--no-show-signature", "--format=%H%x1f%an%x1f%s",
                "\(base.text)..\(tip.text)",
            ],
            in: path)
        return GitCommit.list(result.outputText)
    }

    /// Files that differ between two commits.
    package func changes(from base: ObjectID, to tip: ObjectID) throws(GitError) -> [GitFileChange] {
        let result = try git.run(
            ["diff", "--numstat", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", base.text, tip.text], in: path
        )
        return result.outputText.split(separator: "\0").compactMap { entry in
            let fields = entry.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            return GitFileChange(path: String(fields[2]), added: Int(fields[0]), deleted: Int(fields[1]))
        }
    }
}
