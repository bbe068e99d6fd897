import OrcaCheckout
import OrcaSupport
import OrcaTestKit
import Testing

/// A remote with its clone, and a folder for worktrees: real git, nobody's configuration.
final class Grove: Sendable {
    let folder = TemporaryDirectory("grove")
    let environment: [String: String]
    let root: String
    let host: GitCheckoutHost

    var trees: String { folder.path("trees") }

    init(remote: Bool = true) throws {
        environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_GLOBAL": folder.path("gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        ]
        root = folder.path("app")
        host = GitCheckoutHost(environment: environment)
        try folder.file(
            "gitconfig", "[user]\n\tname = Test Person\n\temail = person@example.com\n[init]\n\tdefaultBranch = main\n")
        guard remote else {
            try git("init", "--quiet", root, directory: folder.path)
            return
        }
        try git("init", "--quiet", "--bare", folder.path("upstream.git"), directory: folder.path)
        try git("clone", "--quiet", folder.path("upstream.git"), folder.path("other"), directory: folder.path)
        try upstream(["a.txt": "1\n", ".gitignore": ".env\nnode_modules\n"])
        try git("clone", "--quiet", folder.path("upstream.git"), root, directory: folder.path)
    }

    @discardableResult
    func git(_ arguments: String..., directory: String? = nil) throws -> String {
        let result = try Subprocess.run(
            SubprocessCommand("git", arguments, environment: environment, directory: directory ?? root),
            timeout: .seconds(60))
        #expect(result.status.isSuccess, "git \(arguments): \(result.errorText)")
        var text = result.outputText
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    @discardableResult
    func commit(_ files: [String: String], in directory: String) throws -> String {
        for (name, text) in files { try Files.write(text, to: directory + "/" + name) }
        try git("add", "--all", directory: directory)
        try git("commit", "--quiet", "-m", "with \(files.keys.sorted().joined(separator: " "))", directory: directory)
        return try git("rev-parse", "HEAD", directory: directory)
    }

    /// Somebody else pushes a commit. Answers it.
    @discardableResult
    func upstream(_ files: [String: String]) throws -> String {
        let head = try commit(files, in: folder.path("other"))
        try git("push", "--quiet", "origin", "HEAD", directory: folder.path("other"))
        return head
    }

    func order(_ name: String) -> WorktreeOrder { WorktreeOrder(repository: root, name: name, folder: trees) }

    func make(_ name: String, base: String? = nil) async throws -> (place: WorktreePlace, built: BuiltWorktree) {
        let fresh = try await host.freshBase(root, name: base)
        let place = try await host.reserve(order(name))
        return (place, try await host.build(place, at: fresh, of: root))
    }

    func remove(_ path: String, force: Bool = false, placed: [String] = []) async throws -> RemovedWorktree {
        try await host.remove(
            RemovalOrder(repository: root, path: path, base: "origin/main", force: force, placed: placed))
    }
}

/// The error that the body throws.
func checkoutError(_ body: () async throws -> Void) async -> CheckoutError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? CheckoutError
    }
}
