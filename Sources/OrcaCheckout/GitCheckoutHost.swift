import OrcaGit
import OrcaSupport

/// Working copies made by the system's git.
package final class GitCheckoutHost: CheckoutHost {
    private let runner: GitRunner
    private let environment: [String: String]
    private let work = BlockingWork()

    /// - Parameter environment: the person's; git and setup scripts run with it.
    package init(environment: [String: String] = ProcessEnvironment.current) {
        self.environment = environment
        runner = GitRunner(environment: environment)
    }

    package func inspect(_ path: String) async throws(CheckoutError) -> RepositoryFacts {
        try await work.run { [runner] () throws(CheckoutError) in
            let repository = try onGit { () throws(GitError) in try GitRepository.open(path, runner: runner) }
            return try onGit { () throws(GitError) in try RepositoryFacts(repository) }
        }
    }

    package func searchRefs(_ repository: String, query: String, limit: Int) async throws(CheckoutError) -> RefSearch {
        try await work.run { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                let found = try GitRepository.open(repository, runner: runner).searchRefs(query, limit: limit + 1)
                let refs = found.prefix(limit).map { RefSearch.Ref(name: $0.name, full: $0.full, commit: $0.commit) }
                return RefSearch(refs: refs, isTruncated: found.count > limit)
            }
        }
    }

    package func freshBase(_ repository: String, name: String?) async throws(CheckoutError) -> ResolvedBase {
        try await work.run(alone: repository) { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                let repository = try GitRepository.open(repository, runner: runner)
                let wanted = name.flatMap { $0.isEmpty ? nil : $0 }
                var base = wanted
                if base == nil { base = try repository.defaultBase() }
                guard let base else {
                    throw GitError(
                        .emptyRepository,
                        "no base was given and \(repository.path) has no branch to start from; commit something there, or "
                            + "name one with --base-branch")
                }
                let fresh = try repository.strictBase(base)
                return ResolvedBase(name: fresh.branch, commit: fresh.commit.text, warning: fresh.warning)
            }
        }
    }

    package func combine(
        _ work: [FinishedWork], onto base: ResolvedBase, of repository: String
    ) async throws(CheckoutError) -> ResolvedBase {
        try await self.work.run(alone: repository) { [runner] () throws(CheckoutError) in
            let repository = try onGit { () throws(GitError) in try GitRepository.open(repository, runner: runner) }
            return try WorkCombination(repository: repository, base: base).adding(work)
        }
    }

    package func collect(_ path: String, message: String) async throws(CheckoutError) -> CollectedWork {
        try await work.run(alone: path) { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                let repository = try GitRepository.open(path, runner: runner)
                _ = try repository.commitAll(in: path, message: message)
                return CollectedWork(
                    branch: try repository.currentBranch() ?? "", commit: try repository.head(of: path).text)
            }
        }
    }

    package func reserve(_ order: WorktreeOrder) async throws(CheckoutError) -> WorktreePlace {
        try await work.run(alone: order.repository) { [runner] () throws(CheckoutError) in
            try WorktreeMaker(runner: runner, repository: order.repository).reserve(order)
        }
    }

    package func build(
        _ place: WorktreePlace, at base: ResolvedBase, of repository: String
    ) async throws(CheckoutError) -> BuiltWorktree {
        try await work.run(alone: repository) { [runner] () throws(CheckoutError) in
            try WorktreeMaker(runner: runner, repository: repository).build(place, at: base)
        }
    }

    package func setUp(_ order: HookOrder) async -> HookOutcome {
        do throws(CheckoutError) {
            return try await work.run { [environment] () throws(CheckoutError) in
                try WorktreeScript(order: order, environment: environment).run()
            }
        } catch {
            return .failed(error.message)
        }
    }

    package func worktrees(of repository: String) async throws(CheckoutError) -> [WorktreeFacts] {
        try await work.run { [runner] () throws(CheckoutError) in
            let found = try onGit { () throws(GitError) in
                try GitRepository.open(repository, runner: runner).worktrees()
            }
            return found.enumerated().map { WorktreeFacts($1, isMain: $0 == 0) }
        }
    }

    package func status(of path: String, base: String?) async throws(CheckoutError) -> WorktreeStatus {
        try await work.run { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                let repository = try GitRepository.open(path, runner: runner)
                let head = try repository.commit("HEAD")
                let base = try base.flatMap { (name) throws(GitError) in try repository.commit(name) }
                let apart = try divergence(repository, head, base)
                return WorktreeStatus(
                    branch: try repository.currentBranch(), head: head?.text,
                    uncommitted: try repository.uncommitted(limit: WorktreeStatus.uncommittedMax),
                    ahead: apart?.ahead, behind: apart?.behind)
            }
        }
    }

    package func drift(of path: String, base: String) async throws(CheckoutError) -> BaseDrift? {
        try await work.run { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                let repository = try GitRepository.open(path, runner: runner)
                guard let head = try repository.commit("HEAD"), let tip = try repository.commit(base) else {
                    return nil
                }
                let behind = try repository.divergence(of: head, from: tip).behind
                let missing = try repository.commits(from: head, to: tip, limit: BaseDrift.missingMax)
                return BaseDrift(base: base, behind: behind, missing: missing.map(\.subject))
            }
        }
    }

    package func remove(_ order: RemovalOrder) async throws(CheckoutError) -> RemovedWorktree {
        try await work.run(alone: order.repository) { [runner] () throws(CheckoutError) in
            try WorktreeRemoval(runner: runner, order: order).run()
        }
    }

    package func discard(_ place: WorktreePlace, of repository: String) async throws(CheckoutError) {
        try await work.run(alone: repository) { [runner] () throws(CheckoutError) in
            try WorktreeMaker(runner: runner, repository: repository).discard(place)
        }
    }

    package func prune(_ repository: String) async throws(CheckoutError) {
        try await work.run(alone: repository) { [runner] () throws(CheckoutError) in
            try onGit { () throws(GitError) in
                try GitRepository.open(repository, runner: runner).pruneWorktrees()
            }
        }
    }
}

private func divergence(
    _ repository: GitRepository, _ head: ObjectID?, _ base: ObjectID?
) throws(GitError) -> GitDivergence? {
    guard let head, let base else { return nil }
    return try repository.divergence(of: head, from: base)
}

/// Runs git work whose errors are those of the port.
func onGit<R>(_ body: () throws(GitError) -> R) throws(CheckoutError) -> R {
    do throws(GitError) { return try body() } catch { throw CheckoutError(error) }
}

extension RepositoryFacts {
    fileprivate init(_ repository: GitRepository) throws(GitError) {
        let main = try repository.worktrees().first?.path ?? repository.path
        var last = Files.split(main).name
        // `project/.git` as a bare repository is known by its folder.
        if last == ".git" { last = Files.split(Files.split(main).folder).name }
        if last.hasSuffix(".git"), last.count > 4 { last.removeLast(4) }
        self.init(
            path: main, name: last, isBare: repository.isBare, defaultBase: try repository.defaultBase(),
            userName: try repository.userName())
    }
}

extension WorktreeFacts {
    fileprivate init(_ tree: GitWorktree, isMain: Bool) {
        self.init(
            path: tree.path, branch: tree.branch, head: tree.head?.text, isBare: tree.isBare, isMain: isMain,
            isLocked: tree.isLocked, isMissing: tree.isPrunable)
    }
}
