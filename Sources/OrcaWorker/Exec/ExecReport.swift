import OrcaAPI
import OrcaDomain
import OrcaGit
import OrcaSupport

/// Tells the server how a program of `orca exec` ended.
struct ExecReport {
    let client: PatientClient
    let claim: WorkClaim
    let workspace: String
    let directory: String

    /// Completes the task when the program succeeded and the contract holds, else fails it.
    func finish(
        _ status: ExitStatus, environment: [String: String], keeper: LeaseKeeper, stop: StopSignal
    ) -> AttemptOutcome {
        do throws(APIError) {
            guard status.isSuccess else { return try fail("the command ended with \(status)", [], stop) }
            let checker = ContractChecker(
                directory: directory, environment: environment, marker: ProcessTree.newMarker(), lost: keeper.lost,
                stop: stop)
            guard let checks = checker.check(claim.task.contract, supervisor: SupervisedRun()) else {
                return keeper.lost.isRaised ? .lost(reason: keeper.loss?.message ?? "the lease was lost") : release()
            }
            let failures = checks.failures
            if !failures.isEmpty { return try fail("the completion contract does not hold: \(failures)", checks, stop) }
            return try complete(checks, stop)
        } catch {
            return .lost(reason: error.message)
        }
    }

    /// Gives the task back.
    func release() -> AttemptOutcome {
        var request = OrcaV1.ReleaseTaskRequest()
        request.workspace = workspace
        request.task = claim.task.id
        request.token = claim.token
        request.reason = "the command was stopped"
        do throws(APIError) {
            _ = try client.call(
                Operations.releaseTask, request, key: "release-\(claim.attempt.id)",
                until: .after(AttemptRunner.releaseTimeout))
            return .released
        } catch {
            return .lost(reason: error.message)
        }
    }

    private func complete(_ checks: [OrcaV1.ContractCheck], _ stop: StopSignal) throws(APIError) -> AttemptOutcome {
        var request = OrcaV1.CompleteTaskRequest()
        request.workspace = workspace
        request.task = claim.task.id
        request.token = claim.token
        request.checks = checks
        // Outside of a repository there is no branch to name; that is fine.
        if let repository = try? GitRepository.open(directory), let head = try? repository.head(of: directory) {
            request.commit = head.text
            request.branch = (try? repository.currentBranch()) ?? ""
        }
        _ = try client.call(Operations.completeTask, request, key: "complete-\(claim.attempt.id)", giveUp: stop)
        return .completed
    }

    private func fail(
        _ error: String, _ checks: [OrcaV1.ContractCheck], _ stop: StopSignal
    ) throws(APIError) -> AttemptOutcome {
        var request = OrcaV1.FailTaskRequest()
        request.workspace = workspace
        request.task = claim.task.id
        request.token = claim.token
        request.error = AttemptRunner.cut(error, to: AttemptRunner.errorBytesMax)
        request.checks = checks
        let answer = try client.call(Operations.failTask, request, key: "fail-\(claim.attempt.id)", giveUp: stop)
        return .failed(error: error, isFinal: answer.task?.status == .failed)
    }
}
