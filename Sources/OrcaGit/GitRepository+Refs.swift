import OrcaSupport

/// A branch or tag, as a search finds it.
package struct GitRef: Sendable, Hashable {
    /// `main`, `origin/main`, `v1.0`.
    package let name: String
    /// `refs/heads/main`.
    package let full: String
    package let commit: String
}

/// How two lines of history stand to each other.
package struct GitDivergence: Sendable, Hashable {
    package let ahead: Int
    package let behind: Int
}

extension GitRepository {
    package func remotes() throws(GitError) -> [String] {
        try git.run(["remote"], in: path).outputText.split(separator: "\n").map(String.init)
    }

    /// The branch that new work starts from when nobody says: the remote's default branch, else `main` or `master` of
    /// the remote or here, else what is checked out. `nil` when there is none of them.
    package func defaultBase() throws(GitError) -> String? {
        let remotes = try remotes().filter { !$0.hasPrefix("-") }
        let remote = remotes.contains("origin") ? "origin" : remotes.first
        if let remote {
            let head = try git.run(
                ["symbolic-ref", "--quiet", "--short", "refs/remotes/\(remote)/HEAD"], in: path, accepted: [0, 1, 128])
            let name = String(head.outputText.prefix { $0 != "\n" })
            if head.status.isSuccess, try commit("refs/remotes/" + name) != nil { return name }
            for branch in ["main", "master"] where try commit("refs/remotes/\(remote)/\(branch)") != nil {
                return "\(remote)/\(branch)"
            }
        }
        for branch in ["main", "master"] where try branchTip(branch) != nil { return branch }
        guard let current = try currentBranch(), try commit("HEAD") != nil else { return nil }
        return current
    }

    /// The base as it is now. A branch that comes from a remote is fetched first, and a fetch that fails is an error: work
    /// must not begin on yesterday's base. A base without a remote, a tag or a commit is taken as it is.
    package func strictBase(_ name: String) throws(GitError) -> GitBase {
        let prefix = ["refs/heads/", "refs/remotes/", "refs/tags/"].first { name.hasPrefix($0) } ?? ""
        let short = String(name.dropFirst(prefix.count))
        guard name == "HEAD" || BranchName.isValid(short) else {
            throw GitError(
                .invalidName, "`\(name)` cannot be the name of a base; give a branch such as `main`, a tag or a commit")
        }
        let remotes = try remotes()
        if !name.hasPrefix("refs/heads/"), let (remote, branch) = split(short, remotes) {
            if try branchTip(orNil: short) == nil {
                return GitBase(branch: short, commit: try fetch(branch, from: remote))
            }
        }
        if try branchTip(orNil: short) != nil { return try freshLocalBase(short, remotes) }
        if let commit = try commit(name) { return GitBase(branch: name, commit: commit) }
        if remotes.contains("origin"), BranchName.isValid(short) {
            return GitBase(branch: "origin/" + short, commit: try fetch(short, from: "origin"))
        }
        let there = try branches(limit: 10)
        if there.isEmpty, try commit("HEAD") == nil {
            throw GitError(.emptyRepository, "\(path) has no commit yet; commit something first (`git commit`)")
        }
        throw GitError(
            .branchNotFound,
            "there is no branch, tag or commit `\(name)` in \(path); there are: \(there.joined(separator: ", "))")
    }

    /// Brings one branch of a remote up to date and answers where it is.
    package func fetch(_ branch: String, from remote: String) throws(GitError) -> ObjectID {
        try BranchName.check(branch)
        let tracking = "refs/remotes/\(remote)/\(branch)"
        let arguments = [
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--end-of-options",
            remote,
            "+refs/heads/\(branch):\(tracking)",
        ]
        let result = try locked { () throws(GitError) in
            try git.run(arguments, in: path, accepted: [0, 1, 128], timeout: GitRunner.remoteTimeout)
        }
        if result.status.isSuccess, let found = try commit(tracking) { return found }
        if result.errorText.contains("couldn't find remote ref") {
            throw GitError(.branchNotFound, "the remote \(remote) has no branch `\(branch)`; give another base")
        }
        throw GitError(
            .fetchFailed,
            "\(GitError.failed(arguments, result).message); without it the base `\(remote)/\(branch)` could be old. Mend the "
                + "remote (`git fetch \(remote)`), then try again")
    }

    /// Branches, branches of remotes and tags whose name has the text in it, the latest changed first.
    package func searchRefs(_ text: String, limit: Int) throws(GitError) -> [GitRef] {
        let result = try git.run(
            [
                "for-each-ref", "--sort=-committerdate", "--format=%(refname)%00%(refname:short)%00%(objectname)",
                "refs/heads/", "refs/remotes/", "refs/tags/",
            ],
            in: path)
        let wanted = text.lowercased()
        var found: [GitRef] = []
        for line in result.outputText.split(separator: "\n") where found.count < limit {
            let fields = line.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, !fields[0].hasSuffix("/HEAD") else { continue }
            if wanted.isEmpty || fields[1].lowercased().contains(wanted) {
                found.append(GitRef(name: fields[1], full: fields[0], commit: fields[2]))
            }
        }
        return found
    }

    /// How many commits `tip` has that `base` has not, and the other way round.
    package func divergence(of tip: ObjectID, from base: ObjectID) throws(GitError) -> GitDivergence {
        let line = try git.line(["rev-list", "--left-right", "--count", "\(tip.text)...\(base.text)"], in: path)
        let numbers = line.split(separator: "\t").compactMap { Int($0) }
        guard numbers.count == 2 else { throw GitError(.failed, "git rev-list gave no two numbers") }
        return GitDivergence(ahead: numbers[0], behind: numbers[1])
    }

    /// Commits of `tip` that are neither in `base` nor on any other branch or remote, newest first.
    package func unmerged(
        _ tip: ObjectID, branch: String?, base: ObjectID?, limit: Int = 100
    ) throws(GitError) -> [GitCommit] {
        let own = branch.map { ["--exclude=\($0)"] } ?? []
        let result = try git.run(
            [
                "log", "-z", "--max-count=\(limit)", "--no-show-signature", "--format=%H%x1f%an%x1f%s", tip.text,
                "--not",
            ] + (base.map { [$0.text] } ?? []) + own + ["--branches", "--remotes"],
            in: path)
        return GitCommit.list(result.outputText)
    }

    private func freshLocalBase(_ branch: String, _ remotes: [String]) throws(GitError) -> GitBase {
        let local = try base(branch)
        guard let remote = try remote(of: branch) else { return local }
        let theirs: ObjectID
        do {
            theirs = try fetch(branch, from: remote)
        } catch  where error.code == .branchNotFound {
            return local
        }
        if try isAncestor(theirs, of: local.commit) { return local }
        if try isAncestor(local.commit, of: theirs) { return GitBase(branch: branch, commit: theirs) }
        return GitBase(
            branch: branch, commit: local.commit,
            warning: "the local \(branch) and \(remote)/\(branch) have both gone on; the local one is the base")
    }

    private func split(_ name: String, _ remotes: [String]) -> (remote: String, branch: String)? {
        for remote in remotes where !remote.hasPrefix("-") && name.hasPrefix(remote + "/") {
            let branch = String(name.dropFirst(remote.count + 1))
            if BranchName.isValid(branch) { return (remote, branch) }
        }
        return nil
    }

    private func branchTip(orNil name: String) throws(GitError) -> ObjectID? {
        BranchName.isValid(name) ? try branchTip(name) : nil
    }
}

extension GitRepository {
    /// The name git puts on commits here; `nil` when it has none.
    package func userName() throws(GitError) -> String? {
        let result = try git.run(["config", "--get", "user.name"], in: path, accepted: [0, 1])
        let name = String(result.outputText.prefix { $0 != "\n" })
        return name.isEmpty ? nil : name
    }

    /// The branches that are checked out in some worktree.
    package func checkedOutBranches() throws(GitError) -> Set<String> { Set(try worktrees().compactMap(\.branch)) }
}
