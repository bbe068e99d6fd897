import OrcaAPI
import OrcaDomain
import OrcaSupport

/// One worker: claims a task, carries it out, claims the next.
struct ClaimLoop {
    let context: WorkerContext
    let crew: Crew
    let agent: String

    /// How long the server holds a claim open when nothing is ready; shorter when the end is looked for.
    private static let waitMS: Int32 = 20_000
    private static let waitUntilEmptyMS: Int32 = 1_000
    /// Pause after a refusal that may pass: the agent is draining or has a lease of an earlier life.
    private static let emptyPause = Duration.milliseconds(50)
    private static let refusalPause = Duration.seconds(2)

    private var options: WorkOptions { context.options }

    func run() {
        var key = ProcessTree.newMarker()
        while !crew.halt.isRaised {
            // A worker beside us may have been killed since; its command must not go on without a lease.
            context.abandoned.clean()
            do throws(APIError) {
                let claim = try claim(key)
                key = ProcessTree.newMarker()
                if crew.halt.isRaised { return try giveBack(claim) }
                carryOut(claim)
                if options.untilEmpty { try stopIfNothingIsLeft() }
            } catch {
                // After "not now" the same key finds out whether the claim had succeeded all the same.
                if !error.isTransient { key = ProcessTree.newMarker() }
                handle(error)
            }
        }
    }

    private func claim(_ key: String) throws(APIError) -> WorkClaim {
        var request = OrcaV1.ClaimTaskRequest()
        request.workspace = options.workspace
        request.agent = agent
        request.project = options.project
        request.ttlMs = options.leaseTTLMS
        request.waitMs = options.untilEmpty ? Self.waitUntilEmptyMS : Self.waitMS
        request.host = options.host
        let answer = try context.client.call(Operations.claimTask, request, key: key, giveUp: crew.halt)
        guard let task = answer.task, let attempt = answer.attempt, let lease = answer.lease else {
            throw APIError(
                ErrorCode.internal.rawValue, .internal, "The server answered a claim without task, attempt or lease.")
        }
        return WorkClaim(task: task, attempt: attempt, lease: lease)
    }

    /// The pool ended while the claim was on its way.
    private func giveBack(_ claim: WorkClaim) throws(APIError) {
        var request = OrcaV1.ReleaseTaskRequest()
        request.workspace = options.workspace
        request.task = claim.task.id
        request.token = claim.token
        request.reason = "the worker had stopped"
        _ = try context.client.call(Operations.releaseTask, request, until: .after(AttemptRunner.releaseTimeout))
    }

    private func carryOut(_ claim: WorkClaim) {
        context.observer(.claimed(claim))
        let runner = AttemptRunner(context, claim)
        crew.attempt { runner.run() }
        // Whatever keeps this machine from working would fail the next task just so.
        if let fault = runner.fault { crew.fail(fault) }
    }

    private func handle(_ error: APIError) {
        switch ErrorCode(rawValue: error.code) {
        case .nothingReady:
            do throws(APIError) {
                if options.untilEmpty { try stopIfNothingIsLeft() }
                // The server has waited already; a server that does not must not be asked without end.
                crew.halt.wait(until: .after(Self.emptyPause))
            } catch {
                handleLasting(error)
            }
        case .agentBusy, .agentDraining, .projectFull, .taskHeld, .taskNotReady:
            context.observer(.warning("\(agent): \(error.message)"))
            crew.halt.wait(until: .after(Self.refusalPause))
        default: handleLasting(error)
        }
    }

    /// An outage is waited out; anything else will not get better by asking again.
    private func handleLasting(_ error: APIError) {
        if error.isTransient {
            crew.halt.wait(until: .after(Self.refusalPause))
        } else {
            crew.fail(error)
        }
    }

    private func stopIfNothingIsLeft() throws(APIError) {
        let outlook = Outlook(client: context.client, options: options)
        if try outlook.isNothingLeft(giveUp: crew.halt) { crew.halt.raise() }
    }
}
