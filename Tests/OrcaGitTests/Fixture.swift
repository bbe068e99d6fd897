import OrcaGit
import OrcaSupport
import OrcaTestKit
import Testing

/// A real repository in a directory of its own, with an identity of its own and nobody's configuration.
final class Fixture: Sendable {
    let folder = TemporaryDirectory("git")
    let environment: [String: String]
    let root: String

    init(identity: Bool = true, name: String = "repo") throws {
        var environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_GLOBAL": folder.path("gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        ]
        environment["TMPDIR"] = folder.path
        self.environment = environment
        root = folder.path(name)
        let person = identity ? "[user]\n\tname = Test Person\n\temail = person@example.com\n" : ""
        try folder.file("gitconfig", person + "[init]\n\tdefaultBranch = main\n")
        try Files.makeDirectories(root)
        try git("init", "--quiet")
    }

    /// With one commit: `a.txt` of three lines.
    static func seeded() throws -> Fixture {
        let fixture = try Fixture()
        try fixture.commit(["a.txt": "1\n2\n3\n"], "first")
        return fixture
    }

    var runner: GitRunner { GitRunner(environment: environment) }

    func repository() throws -> GitRepository { try GitRepository.open(root, runner: runner) }

    @discardableResult
    func git(_ arguments: String..., directory: String? = nil) throws -> String {
        let result = try Subprocess.run(
            SubprocessCommand("git", arguments, environment: environment, directory: directory ?? root))
        #expect(result.status.isSuccess, "git \(arguments): \(result.errorText)")
        return String(result.outputText.trimmed)
    }

    @discardableResult
    func commit(_ files: [String: String], _ message: String, directory: String? = nil) throws -> ObjectID {
        for (name, text) in files {
            let path = (directory ?? root) + "/" + name
            try Files.makeDirectories(Files.split(path).folder)
            try Files.write(text, to: path)
        }
        try git("add", "--all", directory: directory)
        try git("commit", "--quiet", "-m", message, directory: directory)
        return try #require(ObjectID(try git("rev-parse", "HEAD", directory: directory)))
    }

    /// A branch with changed files, made from `main` without leaving it.
    @discardableResult
    func branch(_ name: String, _ files: [String: String], from start: String = "main") throws -> ObjectID {
        try git("checkout", "--quiet", "-b", name, start)
        defer { _ = try? git("checkout", "--quiet", "main") }
        return try commit(files, "on \(name)")
    }
}

extension String {
    var trimmed: Substring {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

/// The code of the error that the body throws.
func gitError(_ body: () throws -> Void) -> GitError? {
    do {
        try body()
        return nil
    } catch {
        return error as? GitError
    }
}
