import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addAttemptsAndLeases() {
        read(Operations.getAttempt) { request, store, context in
            let lookup = Lookup(store)
            let workspace = try lookup.workspace(request.workspace, for: context.actor).id
            let attempt = try lookup.attempt(request.attempt, in: workspace)
            return .with { $0.attempt = OrcaV1.Attempt(attempt) }
        }
        read(Operations.listAttempts) { request, store, context in
            let lookup = Lookup(store)
            let workspace = try lookup.workspace(request.workspace, for: context.actor).id
            var filter = AttemptFilter(workspace: workspace)
            if !request.task.isEmpty { filter.task = try lookup.task(request.task, in: workspace).id }
            if !request.agent.isEmpty { filter.agent = try lookup.agent(request.agent, in: workspace).id }
            filter.outcome = try Words.optional(request.outcome, field: "outcome")
            let page = try store.attempts.page(filter, Cursor.page(limit: request.limit, cursor: request.cursor))
            return .with {
                $0.attempts = page.rows.map { OrcaV1.Attempt($0) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        read(Operations.getLease) { request, store, context in
            let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
            guard let lease = try store.leases.find(LeaseID(stored: request.lease)), lease.workspace == workspace
            else {
                throw DomainError(
                    .leaseNotFound,
                    "There is no live lease '\(request.lease)'. See 'orca lease list'; ended ones are in "
                        + "'orca attempt list'.",
                    details: ["lease": request.lease])
            }
            return .with { $0.lease = OrcaV1.Lease(lease) }
        }
        read(Operations.listLeases) { request, store, context in
            let lookup = Lookup(store)
            let workspace = try lookup.workspace(request.workspace, for: context.actor).id
            var filter = LeaseFilter(workspace: workspace)
            if !request.agent.isEmpty { filter.agent = try lookup.agent(request.agent, in: workspace).id }
            if !request.project.isEmpty { filter.project = try lookup.project(request.project, in: workspace).id }
            filter.onlyOffers = request.offered
            let page = try store.leases.page(filter, Cursor.page(limit: request.limit, cursor: request.cursor))
            return .with {
                $0.leases = page.rows.map { OrcaV1.Lease($0) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.renewLease, need: .attempt) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let input = RenewLease.Input(
                task: task, token: request.token, ttlMS: request.ttlMs.nonZero.map(Int64.init))
            let lease = try RenewLease.run(input, in: tx, context)
            return .with { $0.lease = OrcaV1.Lease(lease) }
        }
    }
}
