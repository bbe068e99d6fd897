import OrcaGit
import OrcaSupport
import Synchronization

/// Cleans up after workers of this machine that ended without a chance to do it themselves: their commands are ended,
/// what they left is committed to the attempt's branch, their worktrees go. Their leases lapse on the server.
package final class AbandonedAttempts: Sendable {
    /// A directory without an owner may be in the making for so long.
    private static let unownedAge = Duration.seconds(60)

    private let state: String
    private let runner: GitRunner
    private let observer: WorkObserver
    /// Directories whose clean-up failed and was complained about: once is enough.
    private let complaints = Mutex<Set<String>>([])

    package init(state: String, environment: [String: String], observer: @escaping WorkObserver) {
        self.state = state
        runner = GitRunner(environment: environment)
        self.observer = observer
    }

    /// Cleans up every attempt whose worker is dead. Somebody else who does so at the same time is left to it.
    package func clean() {
        let root = AttemptDirectory.root(state)
        // Nothing there, nothing to do.
        guard let names = try? Files.list(root), !names.isEmpty else { return }
        guard let lock = try? FileLock(root + "/.cleaning", wait: false) else { return }
        defer { lock.unlock() }
        for name in names where !name.hasPrefix(".") {
            let place = AttemptDirectory(state: state, attempt: name)
            if let owner = place.owner() {
                if !owner.isAlive { clean(place, owner) }
            } else if let age = Files.age(place.path), age > Self.unownedAge {
                // Its worker died while it was made; nothing can be in it. What stays is tried again next time.
                try? place.remove()
            }
        }
    }

    private func clean(_ place: AttemptDirectory, _ owner: AttemptDirectory.Owner) {
        ProcessTree(root: 0, marker: "\(ProcessTree.markerName)=\(owner.marker)").kill()
        var branch = ""
        do {
            if Files.isDirectory(place.tree) {
                let repository = try GitRepository.open(owner.repository, runner: runner)
                // git names worktrees by their resolved path.
                let tree = try Paths.resolved(place.tree)
                branch = try repository.worktrees().first { $0.path == tree }?.branch ?? ""
                // A worktree that git does not know was never finished and holds no work.
                if !branch.isEmpty {
                    _ = try repository.commitAll(
                        in: place.tree, message: "\(owner.ref): work of a worker that did not come to its end\n")
                }
                try repository.removeWorktree(place.tree)
            }
            try place.remove()
            observer(.cleaned(ref: owner.ref, branch: branch))
        } catch {
            guard complaints.withLock({ $0.insert(place.path).inserted }) else { return }
            observer(.warning("the abandoned attempt in \(place.path) could not be cleaned up: \(error)"))
        }
    }
}
