import Glibc
import OrcaGit
import OrcaSupport

/// Makes worktrees of one repository.
struct WorktreeMaker {
    private let runner: GitRunner
    private let path: String

    /// Names that are tried: the one that was asked for, then with 2, 3, ….
    static let namesMax = 100
    /// Bytes of a file that is copied.
    static let copyBytesMax = 16 << 20

    init(runner: GitRunner, repository: String) {
        self.runner = runner
        path = repository
    }

    func reserve(_ order: WorktreeOrder) throws(CheckoutError) -> WorktreePlace {
        let wanted = try WorktreeName.sanitised(order.name)
        let repository = try open()
        let prefix = try prefix(order, repository)
        try onGit { () throws(GitError) in try BranchName.check(prefix + wanted) }
        let folder = try madeFolder(order.folder)
        for number in 1...Self.namesMax {
            let name = number == 1 ? wanted : "\(wanted)-\(number)"
            let branch = prefix + name
            let isTaken = try onGit { () throws(GitError) in try repository.branchTip(branch) != nil }
            if !isTaken, try take(folder + "/" + name) {
                return WorktreePlace(path: folder + "/" + name, name: name, branch: branch)
            }
        }
        throw CheckoutError(
            .nameTaken,
            "\"\(wanted)\" and \(Self.namesMax - 1) names after it are taken in \(folder) or by branches. Give another name, or "
                + "remove old worktrees with 'orca worktree rm'.")
    }

    func build(_ place: WorktreePlace, at base: ResolvedBase) throws(CheckoutError) -> BuiltWorktree {
        let repository = try open()
        guard let commit = ObjectID(base.commit) else {
            throw CheckoutError(.baseNotFound, "\"\(base.commit)\" is no commit. Give another base.")
        }
        do throws(CheckoutError) {
            try onGit { () throws(GitError) in
                try repository.addWorktree(place.path, branch: place.branch, at: commit)
            }
        } catch {
            // The branch may be somebody else's by now: only the directory was ours.
            rmdir(place.path)
            throw error
        }
        var warnings = base.warning.map { [$0] } ?? []
        var placed: [String] = []
        var hasSetup = false
        do throws(CheckoutError) {
            let configuration = try CheckoutConfiguration.read(in: place.path)
            hasSetup = configuration.setup != nil
            placed = furnish(configuration, from: repository, in: place.path, &warnings)
        } catch {
            warnings.append(error.message)
        }
        return BuiltWorktree(head: commit.text, placed: placed, warnings: warnings, hasSetup: hasSetup)
    }

    /// A creation that was cut off leaves no work: its branch goes when it is still where it began or nowhere else.
    func discard(_ place: WorktreePlace) throws(CheckoutError) {
        let repository = try open()
        let known = try onGit { () throws(GitError) in try repository.worktrees() }
        let isOurs = known.contains { $0.path == place.path && $0.branch == place.branch }
        guard isOurs else {
            rmdir(place.path)
            return
        }
        try onGit { () throws(GitError) in
            try repository.removeWorktree(place.path)
            guard let tip = try repository.branchTip(place.branch) else { return }
            if try repository.unmerged(tip, branch: place.branch, base: nil, limit: 1).isEmpty {
                try repository.deleteBranch(place.branch, at: tip)
            }
        }
    }

    // MARK: Steps

    private func open() throws(CheckoutError) -> GitRepository {
        try onGit { () throws(GitError) in try GitRepository.open(path, runner: runner) }
    }

    /// From the order, else from the `orca.yaml` of the person's own tree.
    private func prefix(_ order: WorktreeOrder, _ repository: GitRepository) throws(CheckoutError) -> String {
        guard order.branchPrefix.isEmpty, !repository.isBare else { return order.branchPrefix }
        // A file that cannot be used is told about when the worktree is built.
        return (try? CheckoutConfiguration.read(in: repository.path).branchPrefix) ?? ""
    }

    private func madeFolder(_ folder: String) throws(CheckoutError) -> String {
        do throws(SystemError) {
            try Files.makeDirectories(folder)
            return try Paths.resolved(folder)
        } catch {
            throw CheckoutError(.unavailable, "\(error.description). Worktrees go there; mend its permissions.")
        }
    }

    /// Whether the directory could be made: whoever makes it has the name.
    private func take(_ path: String) throws(CheckoutError) -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        let error = SystemError.last("make directory", path)
        if error.code == EEXIST { return false }
        throw CheckoutError(.unavailable, "\(error.description). Worktrees go there; mend it, then try again.")
    }

    /// Copies and links what the configuration asks for from the main worktree; what is not there is left out.
    private func furnish(
        _ configuration: CheckoutConfiguration, from repository: GitRepository, in directory: String,
        _ warnings: inout [String]
    ) -> [String] {
        // Without a main worktree there is nothing to take it from.
        guard let main = (try? repository.worktrees())?.first, !main.isBare else { return [] }
        var placed: [String] = []
        let wanted = configuration.copy.map { ($0, true) } + configuration.link.map { ($0, false) }
        for (name, isCopy) in wanted {
            guard Files.kind(main.path + "/" + name) != nil, Files.kind(directory + "/" + name) == nil else { continue }
            do throws(SystemError) {
                let source = try Paths.resolve(name, under: main.path)
                let parent = Files.split(directory + "/" + name).folder
                try Files.makeDirectories(parent)
                _ = try Paths.resolve(parent, under: directory)
                try isCopy ? copy(source, to: directory + "/" + name) : link(source, at: directory + "/" + name)
                placed.append(name)
            } catch {
                warnings.append("\(CheckoutConfiguration.fileName): \(error.description)")
            }
        }
        return placed
    }

    private func copy(_ source: String, to target: String) throws(SystemError) {
        guard Files.kind(source) == .file else { throw SystemError(EINVAL, "copy what is no plain file:", source) }
        let bytes = try Files.read(source, limit: Self.copyBytesMax)
        try Files.write(bytes, to: target, mode: Files.mode(source) ?? 0o600)
    }

    private func link(_ source: String, at target: String) throws(SystemError) {
        guard symlink(source, target) == 0 else { throw .last("link", target) }
    }
}
