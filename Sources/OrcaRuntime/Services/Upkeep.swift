import OrcaDomain
import OrcaEngine
import OrcaStore

/// What must happen by itself: leases expire, backoffs and start times end, offers are made, old history goes. Looks at
/// the store every tick and writes only when something is due.
package struct Upkeep: Sendable {
    /// How long it can take until something due is noticed.
    package static let tickMS: Int64 = 500
    private static let historyEveryMS: Int64 = 60_000

    private let runtime: Runtime
    private let eventsKept: Int64

    /// - Parameter eventsKept: how many events of a workspace are kept.
    package init(_ runtime: Runtime, eventsKept: Int64) {
        self.runtime = runtime
        self.eventsKept = eventsKept
    }

    /// Ticks until the calling task is cancelled.
    package func run() async {
        var historyAt = runtime.clock.now.adding(milliseconds: Self.historyEveryMS)
        while !Task.isCancelled {
            do {
                try await tick()
                if runtime.clock.now >= historyAt {
                    try await forgetHistory()
                    historyAt = runtime.clock.now.adding(milliseconds: Self.historyEveryMS)
                }
            } catch is LeadLost {
                // Another server does it now.
            } catch {
                // The next tick looks again; until then the log says what is wrong.
                runtime.server.note("upkeep failed: \(String(reflecting: error))")
            }
            await runtime.clock.sleep(milliseconds: Self.tickMS)
        }
    }

    /// One look: does everything that is due now.
    package func tick() async throws {
        guard runtime.leads else { return }
        let now = runtime.clock.now
        let due = try await runtime.store.read { store in
            (
                leases: try store.leases.nextExpiry().map { $0 <= now } ?? false,
                tasks: try store.tasks.nextDue().map { $0 <= now } ?? false,
                gates: try store.gates.nextTimeout().map { $0 <= now } ?? false,
                offers: try !store.projects.withOffersToMake(limit: 1).isEmpty
            )
        }
        if due.leases { try await repeatedly("ExpireLeases", batch: ExpireLeases.batchMax, ExpireLeases.run) }
        if due.tasks { try await repeatedly("PromoteDueTasks", batch: PromoteDueTasks.batchMax, PromoteDueTasks.run) }
        if due.gates { try await repeatedly("TimeOutGates", batch: TimeOutGates.batchMax, TimeOutGates.run) }
        if due.offers { try await repeatedly("OfferTasks", batch: OfferTasks.batchMax, OfferTasks.run) }
    }

    /// In batches, so that callers get their turn in between.
    private func repeatedly(
        _ name: String, batch: Int,
        _ run: @escaping @Sendable (Int, any StoreTransaction, CommandContext) throws -> Int
    ) async throws {
        while true {
            let done = try await runtime.writeAsLeader(name) { tx, context in try run(batch, tx, context) }
            if done < batch { return }
        }
    }

    private func forgetHistory() async throws {
        guard runtime.leads else { return }
        if let membership = runtime.membership {
            let input = ForgetServers.Input(givenUpAfterMS: membership.givenUpAfterMS)
            _ = try await runtime.writeAsLeader("ForgetServers") { tx, context in
                try ForgetServers.run(input, in: tx, context)
            }
        }
        while true {
            let input = ForgetHistory.Input(eventsKept: eventsKept)
            let gone = try await runtime.writeAsLeader("ForgetHistory") { tx, context in
                try ForgetHistory.run(input, in: tx, context)
            }
            if gone < input.rowsMax { return }
        }
    }
}

extension Runtime {
    /// The context of what the server does by itself.
    func systemContext(_ operation: String) -> CommandContext {
        CommandContext(now: clock.now, actor: .system, operation: operation, chance: chance, node: node)
    }
}
