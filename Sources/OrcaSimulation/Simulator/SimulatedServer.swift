import OrcaDomain
import OrcaEngine
import OrcaStore

/// The server of a simulation: the engine behind idempotent writes, with the clock rules of a real server.
struct SimulatedServer {
    let world: EngineWorld
    let dice: MutantDice

    /// Carries out one request. Refusals are answers; anything else that is thrown is a defect.
    func perform(_ request: SimulatedRequest) throws -> SimulatedAnswer {
        dice.presentedToken = request.operation.token
        defer { dice.presentedToken = nil }
        do {
            return try world.transact(request.operation.name) { tx, context in
                try run(request, in: tx, context)
            }
        } catch let error as DomainError {
            return .refused(error.code)
        }
    }

    /// The same, up to a crash just before the commit.
    func performAndCrash(_ request: SimulatedRequest) throws {
        dice.presentedToken = request.operation.token
        defer { dice.presentedToken = nil }
        try world.transactAndCrash(request.operation.name) { tx, context in try run(request, in: tx, context) }
    }

    private func run(
        _ request: SimulatedRequest, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> SimulatedAnswer {
        if let answer = try mail(request, in: tx, context) { return answer }
        let once = try OnceOnly(
            key: request.key, operation: request.operation.name, requestDigest: "\(request.operation)")
        let reply: Reply<SimulatedAnswer> = try once.run(
            in: tx, context, encode: Self.encode, decode: Self.decode
        ) {
            try apply(request, in: tx, context)
        }
        switch reply {
        case .answer(let answer): return answer
        case .refuse(let error): return .refused(error.code)
        }
    }

    private static func encode(_ answer: SimulatedAnswer) -> [UInt8] {
        guard case .done(let task, let token) = answer else { return [] }
        return Array("\(task) \(token)".utf8)
    }

    private static func decode(_ bytes: [UInt8]) -> SimulatedAnswer {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return words.count == 2 ? .done(task: String(words[0]), token: Int64(words[1]) ?? 0) : .nothing
    }

    private func apply(
        _ request: SimulatedRequest, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Reply<SimulatedAnswer> {
        let lookup = Lookup(tx)
        let home = try lookup.workspace("", for: context.actor).id
        func task(_ ref: String) throws -> WorkTask { try lookup.task(ref, in: home) }
        func answer(_ task: WorkTask) -> Reply<SimulatedAnswer> {
            .answer(.done(task: task.ref, token: task.lastToken))
        }
        switch request.operation {
        case .create: return answer(try create(request.operation, lookup, home, in: tx, context))
        case .claimBest(let agent, let ttl):
            let terms = ClaimTerms(agentName: agent, ttlMS: ttl, session: request.key)
            let claims = try ClaimTasks.run(
                .init(workspace: home, project: nil, terms: terms, count: 1), in: tx, context)
            return claims.first.map { answer($0.task) } ?? .refuse(DomainError(.nothingReady, ""))
        case .claim(let ref, let agent, let ttl):
            let terms = ClaimTerms(agentName: agent, ttlMS: ttl, session: request.key)
            return answer(try ClaimTask.run(.init(task: task(ref), terms: terms), in: tx, context).task)
        case .renew(let ref, let token):
            _ = try RenewLease.run(.init(task: task(ref), token: token), in: tx, context)
            return answer(try task(ref))
        case .progress(let ref, let token, let percent):
            _ = try ReportProgress.run(
                .init(task: task(ref), token: token, message: "step", percent: percent), in: tx, context)
            return answer(try task(ref))
        case .complete(let ref, let token):
            switch try CompleteTask.run(
                .init(task: task(ref), token: token, outcome: WorkOutcome()), in: tx, context)
            {
            case .counted(let done, _): return answer(done)
            case .keptLate(let error): return .refuse(error)
            }
        case .fail(let ref, let token):
            return answer(try FailTask.run(.init(task: task(ref), token: token, error: "simulated"), in: tx, context).0)
        case .release(let ref, let token):
            return answer(
                try ReleaseTask.run(.init(task: task(ref), token: token, reason: "simulated"), in: tx, context).0)
        case .accept(let ref, let token):
            return answer(try AcceptOffer.run(.init(task: task(ref), token: token), in: tx, context).task)
        case .cancel, .retry, .override, .addDependency, .removeDependency, .openGate, .resolveGate, .drain:
            return answer(try decide(request.operation, lookup, home, in: tx, context))
        case .send(let from, let to, let subject, let thread):
            var input = SendMessage.Input(workspace: home, from: from, to: to, subject: subject)
            input.thread = thread
            let sent = try SendMessage.run(input, in: tx, context)
            return .answer(.done(task: subject, token: sent.messages.first?.sequence ?? 0))
        case .take, .mark: preconditionFailure("handled before")
        }
    }

    /// Handing out and marking keep no replies: done again, they do the same.
    private func mail(
        _ request: SimulatedRequest, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> SimulatedAnswer? {
        let home = try Lookup(tx).workspace("", for: context.actor).id
        switch request.operation {
        case .take(let recipient, let delivery):
            let input = TakeMessages.Input(workspace: home, recipient: recipient, delivery: delivery)
            return .mail(try TakeMessages.run(input, in: tx, context).map(\.id.text))
        case .mark(let recipient, let delivery, let messages):
            var input = MarkMessages.Input(
                workspace: home, recipient: recipient, delivery: delivery, isAcknowledged: false)
            input.messages = Set(messages.map { MessageID(stored: $0) })
            return .mail(try MarkMessages.run(input, in: tx, context).map(\.id.text))
        default: return nil
        }
    }

    private func create(
        _ operation: SimulatedRequest.Operation, _ lookup: Lookup, _ home: WorkspaceID, in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws -> WorkTask {
        guard case .create(let title, let key, let waitsFor, let delay, let attemptsMax) = operation else {
            preconditionFailure("only creations are created")
        }
        var draft = TaskDraft(title: title)
        draft.priority = title.utf8.count % 3
        if delay > 0 { draft.notBefore = context.now.adding(milliseconds: delay) }
        draft.retry = RetryPolicy(attemptsMax: attemptsMax, backoffInitialMS: 2_000, backoffMaxMS: 20_000)
        let dependencies = try waitsFor.map {
            (task: try lookup.task($0, in: home), policy: title.utf8.count % 5 == 0 ? .ignore : Dependency.Policy.block)
        }
        let input = CreateTask.Input(
            project: try lookup.project(key, in: home), draft: draft, dependencies: dependencies)
        return try CreateTask.run(input, in: tx, context)
    }

    /// What people do by hand.
    private func decide(
        _ operation: SimulatedRequest.Operation, _ lookup: Lookup, _ home: WorkspaceID, in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws -> WorkTask {
        func task(_ ref: String) throws -> WorkTask { try lookup.task(ref, in: home) }
        switch operation {
        case .cancel(let ref):
            return try CancelTask.run(.init(task: task(ref), reason: "simulated"), in: tx, context)
        case .retry(let ref):
            return try RetryTask.run(task(ref), in: tx, context)
        case .override(let ref, let status):
            return try OverrideTask.run(
                .init(task: task(ref), status: status, reason: "simulated", result: ""), in: tx, context)
        case .addDependency(let ref, let other, let policy):
            return try AddDependency.run(
                .init(task: task(ref), dependsOn: task(other), policy: policy), in: tx, context)
        case .removeDependency(let ref, let other):
            return try RemoveDependency.run(.init(task: task(ref), dependsOn: task(other)), in: tx, context)
        case .openGate(let ref, let timeout):
            var gate = OpenGate.Input(task: try task(ref), question: "simulated?")
            if timeout > 0 {
                gate.timeoutMS = timeout
                gate.fallback = "go on"
            }
            _ = try OpenGate.run(gate, in: tx, context)
            return try task(ref)
        case .resolveGate(let ref):
            let open = try tx.gates.all(of: task(ref).id, limit: 100).first { $0.status == .pending }
            guard let open else { throw DomainError(.gateNotFound, "no gate is open") }
            _ = try ResolveGate.run(.init(gate: open, resolution: "simulated"), in: tx, context)
            return try task(ref)
        case .drain(let agent, let isDraining):
            _ = try UpdateAgent.run(
                .init(agent: try lookup.agent(agent, in: home), draining: isDraining), in: tx, context)
            throw DomainError(.nothingReady, "an agent is no task")
        case .create, .claimBest, .claim, .renew, .progress, .complete, .fail, .release, .accept, .send, .take, .mark:
            preconditionFailure("handled before")
        }
    }
}
