package import OrcaCheckout
package import OrcaDomain
import OrcaEngine
package import OrcaStore
import Synchronization

extension Runtime {
    /// Takes away what creations left that a server's end cut off. Answers how many those were. To be called before the
    /// first request is answered.
    package func recoverCheckouts() async throws -> Int {
        guard let host = checkoutHost else { return 0 }
        let half = try await store.read { [node] store in
            try store.worktrees.halfMade(limit: Limits.worktreesMax).filter { $0.node == node }.map { row in
                (row: row, repo: try store.repos.find(row.repo))
            }
        }
        for (row, repo) in half {
            if let repo {
                let name = row.path.split(separator: "/").last.map(String.init) ?? ""
                do throws(CheckoutError) {
                    try await host.discard(
                        WorktreePlace(path: row.path, name: name, branch: row.branch), of: repo.path)
                } catch {
                    // It stays in the list as what it is; the next start tries again.
                    server.note("the half-made worktree \(row.path) cannot be taken away: \(error)")
                    continue
                }
            }
            try await store.write { [self] tx in
                try ForgetWorktree.run(row.id, in: tx, systemContext("RecoverCheckouts"))
            }
        }
        return half.count
    }
}

/// Answers how far a checkout is behind, from what is known about it; fetches at most every half minute.
package final class HostCheckoutProbe: CheckoutProbe {
    private let host: any CheckoutHost
    private let store: any Store
    private let node: String
    /// When each repository's base was fetched last.
    private let fetched = Mutex<[String: ContinuousClock.Instant]>([:])

    static let fetchEvery = Duration.seconds(30)

    package init(host: any CheckoutHost, store: any Store, node: String = "") {
        self.node = node
        self.host = host
        self.store = store
    }

    package func drift(of directory: String) async -> WorkerPreamble.Drift? {
        do {
            let facts = try await host.inspect(directory)
            guard let base = try await base(of: directory, in: facts) else { return nil }
            if isDue("\(facts.path)\n\(base)") { _ = try await host.freshBase(facts.path, name: base) }
            guard let drift = try await host.drift(of: directory, base: base), drift.behind > 0 else { return nil }
            return WorkerPreamble.Drift(base: base, commitsBehind: drift.behind, subjects: drift.missing)
        } catch {
            // No reason to hold work back.
            return nil
        }
    }

    private func base(of directory: String, in facts: RepositoryFacts) async throws -> String? {
        let known = try await store.read { [node] store in
            for workspace in try store.workspaces.page(PageRequest(limit: Limits.pageRowsMax)).rows {
                guard let repo = try store.repos.find(path: facts.path, in: workspace.id, on: node)
                else { continue }
                let row = try store.worktrees.find(Worktree.id(repo: repo.id, path: directory))
                let names = [row?.baseRef ?? "", repo.baseRef].filter { !$0.isEmpty }
                if let name = names.first { return name }
            }
            return ""
        }
        return known.isEmpty ? facts.defaultBase : known
    }

    private func isDue(_ key: String) -> Bool {
        let now = ContinuousClock.now
        return fetched.withLock { times in
            if let last = times[key], now - last < Self.fetchEvery { return false }
            times[key] = now
            return true
        }
    }
}
