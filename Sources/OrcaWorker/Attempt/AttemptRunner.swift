import OrcaAPI
import OrcaDomain
import OrcaGit
import OrcaSupport

/// Carries one attempt from the claim to its end: worktree, command, commit, contract, report, clean-up.
/// Runs on one thread; its lease is kept by another.
final class AttemptRunner {
    /// How the work went, before anybody was told.
    enum Ending {
        case succeeded([OrcaV1.ContractCheck])
        case failed(String, [OrcaV1.ContractCheck])
        case lost
        case stopped
        /// This machine cannot work on anything: not the task's fault, and not counted against it.
        case faulty
    }

    let context: WorkerContext
    let claim: WorkClaim
    let place: AttemptDirectory
    let transcript: Transcript
    let marker = ProcessTree.newMarker()
    let supervisor = SupervisedRun()
    private(set) var checkout: Checkout?
    /// The commit at the end of the attempt's branch.
    private(set) var commit: ObjectID?
    /// What is wrong with this machine, if something is.
    private(set) var fault: APIError?
    /// The worktree has work that could not be committed, so it stays.
    private var keepsTree = false

    var options: WorkOptions { context.options }

    init(_ context: WorkerContext, _ claim: WorkClaim) {
        self.context = context
        self.claim = claim
        place = AttemptDirectory(state: context.options.stateDirectory, attempt: claim.attempt.id)
        transcript = Transcript(state: context.options.stateDirectory, attempt: claim.attempt.id)
    }

    func run() -> AttemptReport {
        let began = ContinuousClock.now
        let outcome: AttemptOutcome
        do throws(SystemError) {
            let (observer, claim, supervisor) = (context.observer, claim, supervisor)
            let keeper = try LeaseKeeper(
                client: context.client, lease: claim.lease, workspace: options.workspace, state: { supervisor.state },
                onStopped: { observer(.commandStopped(claim)) })
            context.watcher.add(keeper, task: claim.task.id)
            defer {
                context.watcher.remove(task: claim.task.id)
                keeper.finish()
            }
            let ending = work(keeper)
            keepWork(ending)
            outcome = report(ending, keeper)
        } catch {
            outcome = report(.failed(error.description, []), nil)
        }
        let branch = cleanUp(outcome)
        let report = AttemptReport(
            claim: claim, outcome: outcome, duration: ContinuousClock.now - began, branch: branch,
            commit: branch.isEmpty ? "" : commit?.text ?? "", transcript: transcript.path)
        context.observer(.ended(report))
        return report
    }

    private func work(_ keeper: LeaseKeeper) -> Ending {
        do throws(APIError) {
            let checkout = try blamingTheMachine { () throws(APIError) in try prepare() }
            self.checkout = checkout
            if let warning = checkout.warning { context.observer(.warning("\(claim.ref): \(warning)")) }
            context.observer(
                .commandStarted(claim, branch: checkout.branch, directory: place.tree, transcript: transcript.path))
            let end = try blamingTheMachine { () throws(APIError) in try runCommand(checkout, keeper) }
            switch end {
            case .lost: return .lost
            case .stopped: return .stopped
            case .timedOut:
                let seconds = (options.timeout?.milliseconds ?? 0) / 1000
                return .failed(withLastWords("the command did not end within \(seconds) s and was stopped"), [])
            case .exited(let status) where !status.isSuccess:
                return .failed(withLastWords("the command ended with \(status)"), [])
            case .exited: return try conclude(keeper)
            }
        } catch {
            if keeper.lost.isRaised { return .lost }
            return fault == nil ? .failed(error.message, []) : .faulty
        }
    }

    /// Before the command has run, nothing that goes wrong can be its work.
    private func blamingTheMachine<R>(_ body: () throws(APIError) -> R) throws(APIError) -> R {
        do throws(APIError) { return try body() } catch {
            let isTheTasks = error.code == "dependency_conflict" || error.isTransient
            if !isTheTasks { fault = error }
            throw error
        }
    }

    private func prepare() throws(APIError) -> Checkout {
        let owner = AttemptDirectory.Owner(
            process: AttemptDirectory.ourselves, boot: AttemptDirectory.bootID, repository: context.repository.path,
            ref: claim.ref, marker: marker)
        do throws(SystemError) {
            try place.create(owner, token: claim.token)
        } catch {
            throw APIError(
                "state_unwritable", .internal, "\(error). Free some room or set ORCA_HOME to a directory of yours.")
        }
        let maker = CheckoutMaker(
            repository: context.repository, client: context.client, workspace: options.workspace, base: options.base,
            stop: context.stop)
        return try maker.make(claim, at: place.tree)
    }

    private func runCommand(_ checkout: Checkout, _ keeper: LeaseKeeper) throws(APIError) -> SupervisedRun.End {
        let command = SubprocessCommand(
            options.command[0], Array(options.command.dropFirst()), environment: environment, directory: place.tree)
        let brief = TaskBrief.text(claim, inputs: checkout.inputs, lastError: claim.task.error)
        do throws(SubprocessError) {
            return try supervisor.run(
                command, input: .bytes(Array(brief.utf8)), marker: marker, timeout: options.timeout,
                grace: options.grace,
                lost: keeper.lost, stop: context.stop
            ) { transcript.append($0) }
        } catch {
            throw APIError("command_not_started", .invalidArgument, "The command cannot be started: \(error).")
        }
    }

    /// The command succeeded: commit what it left, then look whether the contract holds.
    private func conclude(_ keeper: LeaseKeeper) throws(APIError) -> Ending {
        do throws(GitError) {
            _ = try context.repository.commitAll(in: place.tree, message: "\(claim.ref): \(claim.task.title)\n")
        } catch {
            if isDiskFull { fault = error.apiError }
            throw error.apiError
        }
        let checker = ContractChecker(
            directory: place.tree, environment: environment, marker: marker, lost: keeper.lost, stop: context.stop)
        guard let checks = checker.check(claim.task.contract, supervisor: supervisor) else {
            return keeper.lost.isRaised ? .lost : .stopped
        }
        let failures = checks.failures
        return failures.isEmpty
            ? .succeeded(checks) : .failed("the completion contract does not hold: \(failures)", checks)
    }

    /// Whatever the end, work that was done is not thrown away: it is on the branch of the attempt.
    private func keepWork(_ ending: Ending) {
        guard let checkout else { return }
        do throws(GitError) {
            if case .succeeded = ending {
            } else {
                _ = try context.repository.commitAll(
                    in: place.tree, message: "\(claim.ref): unfinished work of attempt \(claim.attempt.number)\n")
            }
            let head = try context.repository.head(of: place.tree)
            commit = head
            // A command that left its branch behind: ours goes along when that loses nothing.
            if let tip = try context.repository.branchTip(checkout.branch), tip != head,
                try context.repository.isAncestor(tip, of: head)
            {
                try context.repository.moveBranch(checkout.branch, from: tip, to: head)
            }
        } catch {
            keepsTree = true
            context.observer(.warning("\(claim.ref): \(error.message). The work is still in \(place.tree)."))
        }
    }

    private var isDiskFull: Bool {
        [context.repository.commonDirectory, place.path].contains { path in
            // A file system that cannot even be asked is as good as full.
            ((try? Files.freeSpace(path)) ?? 0) < Self.freeBytesMin
        }
    }

    private static let freeBytesMin: UInt64 = 1 << 20

    private func withLastWords(_ text: String) -> String {
        let words = transcript.lastWords(limit: 3000)
        return words.isEmpty ? text : "\(text):\n\(words)"
    }

    /// Takes the worktree away. Returns the branch if it is worth keeping.
    private func cleanUp(_ outcome: AttemptOutcome) -> String {
        guard !keepsTree else { return checkout?.branch ?? "" }
        do throws(GitError) {
            try context.repository.removeWorktree(place.tree)
            // A directory that stays is found by the next worker that starts here.
            try? place.remove()
            guard let checkout else { return "" }
            if outcome != .completed, commit == checkout.start {
                try context.repository.deleteBranch(checkout.branch, at: checkout.start)
                return ""
            }
        } catch {
            context.observer(.warning("\(claim.ref): \(error.message)"))
        }
        return checkout?.branch ?? ""
    }
}
