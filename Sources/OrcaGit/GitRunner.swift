import OrcaSupport

/// Runs the system's git so that neither the caller's environment nor a repository written by an agent can make it
/// do more than was asked: no hooks, no fsmonitor, no external diff, no prompts, no transports but the plain ones.
package struct GitRunner: Sendable {
    private let environment: [String: String]

    /// How long a command may take that talks to nobody, and one that talks to a remote.
    package static let localTimeout = Duration.seconds(300)
    package static let remoteTimeout = Duration.seconds(120)

    /// `environment` is the person's; from its `GIT_` variables only identity, configuration files and the choice of
    /// ssh are taken over.
    package init(environment: [String: String] = ProcessEnvironment.current) {
        var clean = environment.filter { !$0.key.hasPrefix("GIT_") || Self.kept.contains($0.key) }
        clean["GIT_TERMINAL_PROMPT"] = "0"
        clean["GIT_ALLOW_PROTOCOL"] = "file:https:ssh"
        clean["GIT_LITERAL_PATHSPECS"] = "1"
        clean["GIT_EDITOR"] = "true"
        clean["LC_ALL"] = "C.UTF-8"
        self.environment = clean
    }

    private static let kept: Set<String> = [
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO",
    ]

    /// Nobody is there to type a passphrase, so commits are not signed; collection of garbage is left to the person.
    private static let settings = [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.ext.allow=never", "commit.gpgSign=false",
        "gc.auto=0", "maintenance.auto=false", "user.useConfigOnly=true", "core.quotePath=false",
        "advice.detachedHead=false",
    ].flatMap { ["-c", $0] }

    /// Runs `git <arguments>` in `directory`. Exit codes other than those in `accepted` throw.
    func run(
        _ arguments: [String], in directory: String, input: [UInt8]? = nil, accepted: Set<Int32> = [0],
        timeout: Duration = localTimeout, extra: [String: String] = [:]
    ) throws(GitError) -> Subprocess.Result {
        let command = SubprocessCommand(
            "git", Self.settings + arguments, environment: environment.merging(extra) { $1 }, directory: directory)
        do {
            let result = try Subprocess.run(command, input: input.map { .bytes($0) } ?? .null, timeout: timeout)
            guard case .exited(let code) = result.status, accepted.contains(code) else {
                throw GitError.failed(arguments, result)
            }
            return result
        } catch let error as GitError {
            throw error
        } catch let error as SubprocessError {
            throw Self.translate(error, arguments)
        } catch {
            preconditionFailure("running git threw \(error)")
        }
    }

    /// The first line of what git printed.
    func line(_ arguments: [String], in directory: String) throws(GitError) -> String {
        let text = try run(arguments, in: directory).outputText
        return String(text.prefix { $0 != "\n" })
    }

    private static func translate(_ error: SubprocessError, _ arguments: [String]) -> GitError {
        switch error {
        case .executableNotFound, .notExecutable:
            GitError(.gitMissing, "git is not installed or not on PATH; install it (`apt install git`)")
        case .directoryNotFound(let path):
            GitError(.notARepository, "there is no directory \(path); give the path of a git repository")
        case .timedOut(_, let limit):
            GitError(
                .timedOut,
                "git \(arguments.first ?? "") did not end within \(limit.milliseconds / 1000) s and was stopped")
        case .system(let error):
            GitError(.failed, "git could not be run: \(error)")
        }
    }
}
