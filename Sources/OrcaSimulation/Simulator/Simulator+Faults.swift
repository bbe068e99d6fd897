import OrcaDomain
import OrcaEngine
import OrcaStore

// The network and the crashes.
extension Simulator {
    mutating func send(_ operation: SimulatedRequest.Operation, from agent: Int? = nil) {
        nextKey += 1
        let request = SimulatedRequest(
            key: "key-\(nextKey)", operation: operation, agent: agent, sentAt: world.now)
        if let agent { agents[agent].outstanding = request }
        post(request)
    }

    /// Puts a request on its way: mostly at once, sometimes late (and so out of order), twice, or not at all.
    mutating func post(_ request: SimulatedRequest) {
        requests += 1
        if isHealed {
            network.append((world.now, request))
            return
        }
        if chance(oneIn: 12) { return log("lost: \(request.operation)") }
        let delay = chance(oneIn: 5) ? Int64(roll(15_000)) : Int64(roll(300))
        network.append((world.now.adding(milliseconds: delay), request))
        if chance(oneIn: 8) {
            network.append((world.now.adding(milliseconds: delay + Int64(roll(20_000))), request))
        }
    }

    mutating func deliver() throws {
        let due = network.filter { $0.at <= world.now }
        network.removeAll { $0.at <= world.now }
        for (_, request) in due { try handle(request) }
    }

    private mutating func handle(_ request: SimulatedRequest) throws {
        noteReopening(request.operation)
        if !isHealed, chance(oneIn: 40) {
            // The server dies with the transaction open: nothing happened, nobody answers.
            try server.performAndCrash(request)
            log("crash before commit: \(request.operation)")
            return try restart()
        }
        if mutant == .commitLost, !request.operation.isMail, dice.roll(oneIn: 20) {
            // The bug: an answer is made up for a transaction that never was.
            try server.performAndCrash(request)
            if case .create(let title, _, _, _, _) = request.operation { ledger.created(title) }
            return
        }
        let answer = try server.perform(request)
        try mail.saw(request.operation, answer, world)
        log("\(request.key) \(request.operation) → \(answer)")
        if !isHealed, chance(oneIn: 40) {
            log("crash after commit, before the answer")
            return try restart()
        }
        if !isHealed, chance(oneIn: 15) { return log("answer lost") }
        try receive(answer, to: request)
    }

    private mutating func noteReopening(_ operation: SimulatedRequest.Operation) {
        switch operation {
        case .override(let ref, _), .retry(let ref), .cancel(let ref):
            // A canceled task may have been failed before; both are asked for by name.
            if let workspace = try? world.workspace.id,
                let task = try? world.session.tasks.find(ref: ref, in: workspace)
            {
                mayReopen.insert(task.id)
            }
        case .addDependency(let ref, _, _):
            // A ref that cannot be looked up names no task that was edited.
            if let workspace = try? world.workspace.id,
                let task = try? world.session.tasks.find(ref: ref, in: workspace)
            {
                edited.insert(task.id)
            }
        case .create, .claimBest, .claim, .renew, .progress, .complete, .fail, .release, .accept,
            .removeDependency, .openGate, .resolveGate, .drain, .send, .take, .mark:
            break
        }
    }

    mutating func crash() throws {
        log("crash while idle")
        try restart()
    }

    /// The server was away for a while, and the machine's clock may have jumped a day either way. A real server's
    /// clock does not begin before the newest thing it has stored.
    private mutating func restart() throws {
        crashes += 1
        network.removeAll()
        let day: Int64 = 86_400_000
        var wall = world.now.adding(milliseconds: Int64(roll(120_000)))
        if chance(oneIn: 6) { wall = wall.adding(milliseconds: chance(oneIn: 2) ? day : -day) }
        let workspace = try world.workspace.id
        let newest = try world.session.events.newest(
            EventFilter(workspace: workspace), before: .max, limit: 1
        ).first?.at
        world.now = max(wall, newest ?? wall)
        try world.transact("Start") { tx, context in _ = try GrantRestartGrace.run((), in: tx, context) }
        graceUntil = world.now.adding(milliseconds: 10_000)
        let leases = try world.session.leases.page(
            LeaseFilter(workspace: workspace), PageRequest(limit: 10_000)
        ).rows
        for lease in leases where lease.expiresAt < world.now.adding(milliseconds: lease.ttlMS) {
            throw Violation(3, "after a restart the lease on \(lease.taskRef) has less than its time to live")
        }
        log("restarted")
    }
}
