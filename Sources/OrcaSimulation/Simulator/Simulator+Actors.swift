import OrcaDomain
import OrcaEngine
import OrcaStore

// What agents and people do.
extension Simulator {
    mutating func act(_ index: Int) {
        var agent = agents[index]
        defer { agents[index] = agent }
        guard agent.asleepUntil <= world.now else { return }
        if !isHealed, chance(oneIn: 50) {
            // Stopped, swapped out, or gone for lunch; longer than any lease.
            agent.asleepUntil = world.now.adding(milliseconds: 20_000 + Int64(roll(60_000)))
            return log("\(agent.name) falls asleep")
        }
        if let waiting = agent.outstanding {
            guard world.now.milliseconds - waiting.sentAt.milliseconds > 5_000 else { return }
            // No answer: the same request again, with the same key.
            agent.outstanding?.sentAt = world.now
            return post(waiting)
        }
        guard let work = agent.work else {
            if chance(oneIn: 2) { agents[index] = agent; ask(index); agent = agents[index] }
            return
        }
        agents[index] = agent
        if work.doneAt <= world.now {
            finishWork(index, work)
        } else if work.renewAt <= world.now {
            agents[index].work?.renewAt = world.now.adding(milliseconds: agent.ttlMS / 3)
            send(
                chance(oneIn: 3)
                    ? .progress(ref: work.ref, token: work.token, percent: roll(101))
                    : .renew(ref: work.ref, token: work.token), from: index)
        }
        agent = agents[index]
    }

    private mutating func ask(_ index: Int) {
        let agent = agents[index]
        // Offers first: they are for this agent alone.
        if let workspace = try? world.workspace.id,
            let me = try? world.session.agents.find(name: agent.name, in: workspace),
            let offer = (try? world.session.leases.held(by: me.id, limit: 10))?.first(where: \.isOffer),
            isHealed || !chance(oneIn: 4)
        {
            return send(.accept(ref: offer.taskRef, token: offer.token), from: index)
        }
        if chance(oneIn: 3), let ref = anyRef() {
            return send(.claim(ref: ref, agent: agent.name, ttlMS: agent.ttlMS), from: index)
        }
        send(.claimBest(agent: agent.name, ttlMS: agent.ttlMS), from: index)
    }

    private mutating func finishWork(_ index: Int, _ work: SimulatedAgent.Work) {
        if isHealed { return send(.complete(ref: work.ref, token: work.token), from: index) }
        switch roll(8) {
        case 0, 1: send(.fail(ref: work.ref, token: work.token), from: index)
        case 2: send(.release(ref: work.ref, token: work.token), from: index)
        default: send(.complete(ref: work.ref, token: work.token), from: index)
        }
    }

    mutating func receive(_ answer: SimulatedAnswer, to request: SimulatedRequest) throws {
        if case .create(let title, _, _, _, _) = request.operation, case .done(let ref, _) = answer {
            if !refs.contains(ref) { refs.append(ref) }
            ledger.created(title)
        }
        if case .complete(let ref, let token) = request.operation, case .done = answer {
            ledger.completed(ref, token: token)
        }
        if let reader = request.reader { return receiveMail(answer, to: request, reader) }
        guard let index = request.agent, agents[index].outstanding?.key == request.key else { return }
        agents[index].outstanding = nil
        switch (request.operation, answer) {
        case (.claimBest, .done(let ref, let token)), (.claim, .done(let ref, let token)),
            (.accept, .done(let ref, let token)):
            let takes = Int64(roll(40_000))
            agents[index].work = SimulatedAgent.Work(
                ref: ref, token: token, doneAt: world.now.adding(milliseconds: takes),
                renewAt: world.now.adding(milliseconds: agents[index].ttlMS / 3))
        case (.complete, _), (.fail, _), (.release, _):
            agents[index].work = nil
        case (.renew, .refused), (.progress, .refused):
            // A good worker stops here; a stubborn one delivers all the same.
            if chance(oneIn: 2) { agents[index].work = nil }
        default: break
        }
    }

    mutating func createTask() {
        let projects = ["ONE", "ONE", "TWO", "PUSH"]
        var waitsFor: [String] = []
        for _ in 0..<roll(3) {
            if let ref = anyRef(), !waitsFor.contains(ref) { waitsFor.append(ref) }
        }
        send(
            .create(
                title: "task \(nextKey + 1)", project: projects[roll(4)], waitsFor: waitsFor,
                delayMS: chance(oneIn: 6) ? Int64(roll(30_000)) : 0,
                attemptsMax: 1 + roll(4)))
    }

    mutating func decideByHand() {
        guard let ref = anyRef(), let other = anyRef() else { return }
        switch roll(16) {
        case 12, 13: send(.openGate(ref: ref, timeoutMS: chance(oneIn: 2) ? 1 + Int64(roll(30_000)) : 0))
        case 14, 15: send(.resolveGate(ref: other))
        case 0: send(.cancel(ref: ref))
        case 1, 2: send(.retry(ref: ref))
        case 3: send(.override(ref: ref, to: .completed))
        case 4: send(.override(ref: ref, to: .pending))
        case 5: send(.override(ref: ref, to: .failed))
        case 6, 7: send(.addDependency(ref: ref, on: other, policy: .block))
        case 8: send(.addDependency(ref: ref, on: other, policy: .cancel))
        case 9: send(.removeDependency(ref: ref, on: other))
        case 10: send(.drain(agent: agents[roll(agents.count)].name, isDraining: true))
        default: send(.drain(agent: agents[roll(agents.count)].name, isDraining: false))
        }
    }

    private mutating func anyRef() -> String? {
        refs.isEmpty ? nil : refs[roll(refs.count)]
    }
}
