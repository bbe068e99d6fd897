import OrcaSupport

/// A person's git repository. Every call runs the system's git and blocks; none changes what is checked out in the
/// person's own tree unless its comment says so.
package struct GitRepository: Sendable {
    /// Top of the working tree, or the git directory of a bare repository.
    package let path: String
    /// The git directory that all worktrees share.
    package let commonDirectory: String
    package let isBare: Bool
    let git: GitRunner

    /// Finds the repository that `path` is in.
    package static func open(_ path: String, runner: GitRunner = GitRunner()) throws(GitError) -> GitRepository {
        guard Files.isDirectory(path) else {
            throw GitError(
                .notARepository, "there is no directory \(path); give the path of a git repository")
        }
        let arguments = ["rev-parse", "--path-format=absolute", "--is-bare-repository", "--git-common-dir"]
        let result = try runner.run(arguments, in: path, accepted: [0, 128])
        guard result.status.isSuccess else {
            if result.errorText.contains("dubious ownership") { throw GitError.failed(arguments, result) }
            throw GitError(
                .notARepository,
                "\(path) is not a git repository; run `git init` there and commit something, or name another one")
        }
        let lines = result.outputText.split(separator: "\n").map(String.init)
        guard lines.count == 2 else { throw GitError.failed(arguments, result) }
        let isBare = lines[0] == "true"
        let top = isBare ? lines[1] : try runner.line(["rev-parse", "--show-toplevel"], in: path)
        return GitRepository(path: top, commonDirectory: lines[1], isBare: isBare, git: runner)
    }

    /// Runs the body while no other process of ours changes refs, configuration or worktrees of this repository.
    package func locked<R>(_ body: () throws(GitError) -> R) throws(GitError) -> R {
        let lock: FileLock
        do { lock = try FileLock(commonDirectory + "/orca.lock") } catch { throw GitError(.failed, "\(error)") }
        defer { lock.unlock() }
        return try body()
    }

    /// The commit a name stands for; `nil` when there is none.
    package func commit(_ name: String) throws(GitError) -> ObjectID? {
        let result = try git.run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], in: path,
            accepted: [0, 1, 128])
        return result.status.isSuccess ? ObjectID(result.outputText.prefix { $0 != "\n" }) : nil
    }

    /// The commit at the tip of a local branch; `nil` when there is no such branch.
    package func branchTip(_ name: String) throws(GitError) -> ObjectID? {
        try BranchName.check(name)
        return try commit("refs/heads/" + name)
    }

    /// Local branches, the latest changed first.
    package func branches(limit: Int = 50) throws(GitError) -> [String] {
        let format = ["--format=%(refname:lstrip=2)", "--sort=-committerdate", "--count=\(limit)", "refs/heads/"]
        return try git.run(["for-each-ref"] + format, in: path).outputText.split(separator: "\n").map(String.init)
    }

    /// The branch that is checked out in the person's tree; `nil` when none is.
    package func currentBranch() throws(GitError) -> String? {
        let result = try git.run(["symbolic-ref", "--quiet", "--short", "HEAD"], in: path, accepted: [0, 1])
        return result.status.isSuccess ? String(result.outputText.prefix { $0 != "\n" }) : nil
    }

    /// Paths with changes that are not committed, at most `limit`.
    package func uncommitted(
        in directory: String? = nil, untracked: Bool = true, limit: Int = 20
    ) throws(GitError) -> [String] {
        let result = try git.run(
            [
                "status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=none",
                untracked ? "-unormal" : "-uno",
            ],
            in: directory ?? path, extra: ["GIT_OPTIONAL_LOCKS": "0"])
        return result.output.split(separator: 0).prefix(limit).map { String(decoding: $0.dropFirst(3), as: UTF8.self) }
    }

    /// Whether every commit of `older` is in `newer`.
    package func isAncestor(_ older: ObjectID, of newer: ObjectID) throws(GitError) -> Bool {
        try git.run(["merge-base", "--is-ancestor", older.text, newer.text], in: path, accepted: [0, 1]).status
            .isSuccess
    }
}
