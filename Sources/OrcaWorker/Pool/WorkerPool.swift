import Glibc
package import OrcaAPI
package import OrcaConnect
import OrcaDomain
import OrcaGit
package import OrcaSupport
import Synchronization

/// N workers that claim tasks of a project and carry them out, each in a worktree of its own, until they are told to
/// stop or nothing is left.
package final class WorkerPool: Sendable {
    private let options: WorkOptions
    private let client: PatientClient
    private let repository: GitRepository
    private let observer: WorkObserver

    /// Checks everything that would make each attempt fail in the same way: the repository, its base, the person's
    /// identity, the command.
    package init(
        _ options: WorkOptions, client: any OrcaClient, observer: @escaping WorkObserver
    ) throws(APIError) {
        precondition((1...WorkOptions.agentsMax).contains(options.agents))
        self.options = options
        self.observer = observer
        self.client = PatientClient(client, observer: observer)
        let runner = GitRunner(environment: options.environment)
        repository = try translating { () throws(GitError) in
            let repository = try GitRepository.open(options.repository, runner: runner)
            _ = try repository.base(options.base)
            try repository.requireIdentity()
            return repository
        }
        try Self.checkCommand(options)
    }

    /// Works until `stop` is raised or, if asked, nothing is left to do. Attempts that run when it is raised are given
    /// back.
    package func run(stop: StopSignal) -> WorkSummary {
        let crew = Crew(options)
        do throws(APIError) {
            try begin(crew, stop)
        } catch {
            crew.fail(error)
            return crew.summary
        }
        return crew.summary
    }

    private func begin(_ crew: Crew, _ stop: StopSignal) throws(APIError) {
        Transcript.prune(state: options.stateDirectory)
        let abandoned = AbandonedAttempts(
            state: options.stateDirectory, environment: options.environment, observer: observer)
        abandoned.clean()
        try translating { () throws(GitError) in
            try repository.pruneWorktrees()
            if !repository.isBare, try !repository.uncommitted(untracked: false, limit: 1).isEmpty {
                observer(.warning("\(repository.path) has uncommitted changes; work starts from what is committed"))
            }
        }
        try register(stop)
        do throws(SystemError) {
            let watcher = try LossWatcher(client: client, workspace: options.workspace)
            defer { watcher.finish() }
            let context = WorkerContext(
                options: options, client: client, repository: repository, watcher: watcher, abandoned: abandoned,
                observer: observer, stop: stop)
            try crew.start(context)
            crew.waitUntilDone(stop)
        } catch {
            throw APIError("threads_exhausted", .internal, "\(error). Run fewer agents at once.")
        }
    }

    private func register(_ stop: StopSignal) throws(APIError) {
        for name in options.agentNames {
            var request = OrcaV1.RegisterAgentRequest()
            request.workspace = options.workspace
            request.name = name
            request.kind = .runner
            request.tool = options.tool
            request.tags = options.tags
            request.capabilities = options.capabilities
            request.capacity = 1
            request.host = options.host
            _ = try client.call(Operations.registerAgent, request, giveUp: stop)
            observer(.agentStarted(name: name))
        }
    }

    /// A relative path is looked up in each worktree and cannot be checked here.
    private static func checkCommand(_ options: WorkOptions) throws(APIError) {
        guard let program = options.command.first, !program.isEmpty else {
            throw APIError(
                "command_missing", .invalidArgument, "Say what to run: 'orca work … -- COMMAND', or --agent claude.")
        }
        if program.contains("/") && !program.hasPrefix("/") { return }
        do throws(SubprocessError) {
            try SubprocessCommand(program, environment: options.environment).check()
        } catch {
            throw APIError("command_not_found", .invalidArgument, "The command cannot be run: \(error).")
        }
    }
}
