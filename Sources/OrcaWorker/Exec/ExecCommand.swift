import Glibc
package import OrcaAPI
package import OrcaConnect
import OrcaDomain
import OrcaGit
package import OrcaSupport

/// `orca exec`: claims one task, runs a program in the current directory with our terminal, and reports how it ended.
package struct ExecCommand: Sendable {
    package var workspace = "default"
    package var task: String
    package var agent: String
    package var command: [String]
    package var leaseTTLMS: Int32 = 0
    package var directory: String
    package var environment: [String: String]
    package var stateDirectory: String
    package var host: String
    package var grace = Duration.seconds(5)

    package init(
        task: String, agent: String, command: [String], directory: String, environment: [String: String],
        stateDirectory: String, host: String
    ) {
        self.task = task
        self.agent = agent
        self.command = command
        self.directory = directory
        self.environment = environment
        self.stateDirectory = stateDirectory
        self.host = host
    }

    /// What happened: how the program ended, and what became of the task.
    package struct Result: Sendable {
        package let claim: WorkClaim
        /// `nil` when it was ended because the lease was lost or `stop` was raised.
        package let status: ExitStatus?
        package let outcome: AttemptOutcome
    }

    /// Runs the program to its end. `stop` ends it and gives the task back.
    package func run(
        client: any OrcaClient, stop: StopSignal, observer: @escaping WorkObserver
    ) throws(APIError) -> Result {
        let patient = PatientClient(client, observer: observer)
        var spawn = SubprocessCommand(
            command[0], Array(command.dropFirst()), environment: environment, directory: directory)
        spawn.keepsTerminal = true
        do throws(SubprocessError) { try spawn.check() } catch {
            throw APIError("command_not_found", .invalidArgument, "The command cannot be run: \(error).")
        }
        let claim = try claim(client)
        observer(.claimed(claim))
        let marker = ProcessTree.newMarker()
        let place = AttemptDirectory(state: stateDirectory, attempt: claim.attempt.id)
        defer { try? place.remove() }  // the token in it is dead by then
        do throws(SystemError) {
            let owner = AttemptDirectory.Owner(
                process: AttemptDirectory.ourselves, boot: AttemptDirectory.bootID, repository: "", ref: claim.ref,
                marker: marker)
            try place.create(owner, token: claim.token)
        } catch {
            _ = ExecReport(client: patient, claim: claim, workspace: workspace, directory: directory).release()
            throw APIError(
                "state_unwritable", .internal, "\(error). Free some room or set ORCA_HOME to a directory of yours.")
        }
        spawn.environment = AttemptEnvironment.make(environment, claim, workspace: workspace)
        spawn.environment["ORCA_LEASE_TOKEN_FILE"] = place.tokenFile
        spawn.environment[ProcessTree.markerName] = marker
        return try supervise(spawn, claim, patient, stop, observer)
    }

    private func claim(_ client: any OrcaClient) throws(APIError) -> WorkClaim {
        var request = OrcaV1.ClaimTaskRequest()
        request.workspace = workspace
        request.task = task
        request.agent = agent
        request.ttlMs = leaseTTLMS
        request.host = host
        let answer = try client.call(Operations.claimTask, request)
        guard let task = answer.task, let attempt = answer.attempt, let lease = answer.lease else {
            throw APIError(
                ErrorCode.internal.rawValue, .internal, "The server answered a claim without task, attempt or lease.")
        }
        return WorkClaim(task: task, attempt: attempt, lease: lease)
    }

    private func supervise(
        _ spawn: SubprocessCommand, _ claim: WorkClaim, _ client: PatientClient, _ stop: StopSignal,
        _ observer: @escaping WorkObserver
    ) throws(APIError) -> Result {
        let report = ExecReport(client: client, claim: claim, workspace: workspace, directory: directory)
        do {
            let child = try ChildProcess.spawn(spawn, input: 0, output: 1, error: 2)
            // Without a session of its own the tree is the marker's and its descendants'.
            let tree = ProcessTree(
                root: child.pid, marker: "\(ProcessTree.markerName)=\(spawn.environment[ProcessTree.markerName] ?? "")")
            let keeper = try LeaseKeeper(
                client: client, lease: claim.lease, workspace: workspace,
                state: { child.status == nil ? tree.state() : .running },
                onStopped: { observer(.commandStopped(claim)) })
            let watcher = try LossWatcher(client: client, workspace: workspace)
            watcher.add(keeper, task: claim.task.id)
            defer {
                watcher.finish()
                keeper.finish()
            }
            let ready = Poll.readable([child.descriptor, keeper.lost.descriptor, stop.descriptor], until: .never)
            if ready.contains(0) {
                let status = child.reap()
                return Result(
                    claim: claim, status: status,
                    outcome: report.finish(status, environment: spawn.environment, keeper: keeper, stop: stop))
            }
            tree.kill(grace: grace)
            child.reap()
            let outcome: AttemptOutcome =
                keeper.lost.isRaised ? .lost(reason: keeper.loss?.message ?? "the lease was lost") : report.release()
            return Result(claim: claim, status: nil, outcome: outcome)
        } catch {
            _ = report.release()
            throw APIError("command_not_started", .invalidArgument, "The command cannot be started: \(error).")
        }
    }
}
