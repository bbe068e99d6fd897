import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addClaims() {
        let claimNow = {
            @Sendable
            (
                request: OrcaV1.ClaimTaskRequest, tx: any StoreTransaction, invocation: Invocation,
                context: CommandContext
            ) throws -> OrcaV1.ClaimTaskResponse in
            // Within a transaction nothing can be waited for.
            try Self.answer(invocation.write(request, in: tx, context) { try Self.claimReply(request, tx, context) })
        }
        custom(Operations.claimTask, need: .change, inBatch: claimNow) { request, invocation in
            try await Self.claim(request, invocation)
        }
        write(Operations.claimTasks) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor).id
            let project = request.project.isEmpty ? nil : try Lookup(tx).project(request.project, in: workspace)
            let terms = ClaimTerms(
                agentName: request.agent, ttlMS: request.ttlMs.nonZero.map(Int64.init), session: request.session,
                host: request.host)
            let input = ClaimTasks.Input(
                workspace: workspace, project: project, terms: terms, count: request.count.nonZero ?? 1)
            let claims = try ClaimTasks.run(input, in: tx, context)
            return try .with {
                $0.claims = try claims.map { claim in
                    try .with {
                        $0.task = try TaskMapping(tx).message(claim.task)
                        $0.attempt = OrcaV1.Attempt(claim.attempt)
                        $0.lease = OrcaV1.Lease(claim.lease)
                    }
                }
            }
        }
        write(Operations.acceptOffer, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let claim = try AcceptOffer.run(.init(task: task, token: request.token), in: tx, context)
            return try .with {
                $0.task = try TaskMapping(tx).message(claim.task)
                $0.attempt = OrcaV1.Attempt(claim.attempt)
                $0.lease = OrcaV1.Lease(claim.lease)
            }
        }
    }

    /// What can make a task claimable that was not, or give somebody room for one.
    private static let hopefulEvents: Set<EventType> = [
        .taskCreated, .taskReady, .taskUpdated, .taskReleased, .taskRetried, .taskOverridden, .taskCompleted,
        .taskCanceled, .taskFailed, .taskAttemptFailed, .leaseExpired, .offerLapsed, .agentUpdated,
        .agentRegistered, .projectUpdated,
    ]

    private static func claim(
        _ request: OrcaV1.ClaimTaskRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.ClaimTaskResponse {
        if request.task.isEmpty, request.waitMs > 0 {
            let actor = invocation.actor
            let workspace = try await invocation.runtime.store.read { store in
                try Lookup(store).workspace(request.workspace, for: actor).id
            }
            var filter = EventFilter(workspace: workspace)
            filter.types = hopefulEvents
            let poll = LongPoll(runtime: invocation.runtime, filter: filter, waitMS: Int64(request.waitMs))
            let claimed = try await poll.answer { try await claimOnce(request, invocation) }
            if let claimed { return claimed }
        } else if let claimed = try await claimOnce(request, invocation) {
            return claimed
        }
        throw nothingReady(for: request)
    }

    private static func nothingReady(for request: OrcaV1.ClaimTaskRequest) -> DomainError {
        DomainError(
            .nothingReady,
            "Nothing that \(request.agent) may claim is ready. See 'orca ready' and 'orca task list'; "
                + "'orca claim --wait SECONDS' waits for work.",
            details: request.project.isEmpty ? [:] : ["project": request.project])
    }

    /// A refusal when nothing is ready.
    private static func claimReply(
        _ request: OrcaV1.ClaimTaskRequest, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Reply<OrcaV1.ClaimTaskResponse> {
        guard let claim = try claim(request, tx, context) else { return .refuse(nothingReady(for: request)) }
        return try .answer(
            .with {
                $0.task = try TaskMapping(tx).message(claim.task)
                $0.attempt = OrcaV1.Attempt(claim.attempt)
                $0.lease = OrcaV1.Lease(claim.lease)
            })
    }

    /// `nil` when nothing is ready. That is no reply to remember: asked again, it may be another.
    private static func claimOnce(
        _ request: OrcaV1.ClaimTaskRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.ClaimTaskResponse? {
        let reply: Reply<OrcaV1.ClaimTaskResponse>
        do {
            reply = try await invocation.write(request) { tx, context in
                try claimReply(request, tx, context)
            }
        } catch let error as DomainError
            where error.code == .agentBusy && request.task.isEmpty && request.waitMs > 0
        {
            return nil  // the agent may finish something while we wait
        }
        switch reply {
        case .answer(let response): return response
        case .refuse: return nil
        }
    }

    private static func claim(
        _ request: OrcaV1.ClaimTaskRequest, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Claim? {
        let lookup = Lookup(tx)
        let workspace = try lookup.workspace(request.workspace, for: context.actor).id
        let terms = ClaimTerms(
            agentName: request.agent, ttlMS: request.ttlMs.nonZero.map(Int64.init), session: request.session,
            host: request.host)
        if !request.task.isEmpty {
            let task = try lookup.task(request.task, in: workspace)
            return try ClaimTask.run(ClaimTask.Input(task: task, terms: terms), in: tx, context)
        }
        let project = request.project.isEmpty ? nil : try lookup.project(request.project, in: workspace)
        let input = ClaimTasks.Input(workspace: workspace, project: project, terms: terms, count: 1)
        return try ClaimTasks.run(input, in: tx, context).first
    }
}
