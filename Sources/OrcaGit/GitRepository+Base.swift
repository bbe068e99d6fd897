import OrcaSupport

/// The branch that work starts from, and where it stands now.
package struct GitBase: Sendable, Hashable {
    package let branch: String
    package let commit: ObjectID
    /// Something the person should know: the remote could not be asked, or has gone another way.
    package let warning: String?

    package init(branch: String, commit: ObjectID, warning: String? = nil) {
        self.branch = branch
        self.commit = commit
        self.warning = warning
    }
}

extension GitRepository {
    /// The base branch: `name`, or what is checked out. Fails with the branches there are when it is missing.
    package func base(_ name: String?) throws(GitError) -> GitBase {
        let existing = try branches()
        let named = name ?? ""
        guard let branch = named.isEmpty ? try currentBranch() : named else {
            throw GitError(
                .branchNotFound,
                "no branch is checked out in \(path); name the base with --base (there are: \(Self.list(existing)))")
        }
        if let commit = try branchTip(branch) { return GitBase(branch: branch, commit: commit) }
        if let commit = try commit("refs/remotes/origin/" + branch) { return GitBase(branch: branch, commit: commit) }
        if existing.isEmpty {
            throw GitError(.emptyRepository, "\(path) has no commit yet; commit something first (`git commit`)")
        }
        throw GitError(
            .branchNotFound,
            "there is no branch `\(branch)` in \(path); name one with --base (there are: \(Self.list(existing)))")
    }

    /// The base as it is now: fetched when the branch has a remote. The remote's commit is taken when it is ahead of
    /// the local branch; a remote that cannot be reached or has gone another way leaves the local one and a warning.
    package func freshBase(_ name: String?) throws(GitError) -> GitBase {
        let base = try base(name)
        guard let remote = try remote(of: base.branch) else { return base }
        let tracking = "refs/remotes/\(remote)/\(base.branch)"
        let fetched = try locked { () throws(GitError) in
            try git.run(
                [
                    "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
                    "--end-of-options",
                    remote, "+refs/heads/\(base.branch):\(tracking)",
                ],
                in: path, accepted: [0, 1, 128], timeout: GitRunner.remoteTimeout)
        }
        if fetched.errorText.contains("couldn't find remote ref") { return base }
        guard fetched.status.isSuccess, let theirs = try commit(tracking) else {
            let words = GitError.failed(["fetch"], fetched).message
            return GitBase(
                branch: base.branch, commit: base.commit, warning: "\(words); going on with the local \(base.branch)")
        }
        if try isAncestor(theirs, of: base.commit) { return base }
        if try isAncestor(base.commit, of: theirs) { return GitBase(branch: base.branch, commit: theirs) }
        return GitBase(
            branch: base.branch, commit: base.commit,
            warning:
                "the local \(base.branch) and \(remote)/\(base.branch) have both gone on; going on with the local one")
    }

    /// The remote a branch comes from: its own, or `origin`.
    func remote(of branch: String) throws(GitError) -> String? {
        let own = try git.run(
            ["config", "--get", "--end-of-options", "branch.\(branch).remote"], in: path, accepted: [0, 1, 129])
        let remotes = try git.run(["remote"], in: path).outputText.split(separator: "\n").map(String.init)
        let named = own.status.isSuccess ? String(own.outputText.prefix { $0 != "\n" }) : "origin"
        return remotes.contains(named) && !named.hasPrefix("-") ? named : nil
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    }
}
