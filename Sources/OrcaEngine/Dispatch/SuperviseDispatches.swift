package import OrcaDomain
package import OrcaStore

/// Keeps the leases of dispatched work for as long as the worker's program lives, so that no agent has to remember a
/// heartbeat. Answers how many leases were renewed.
package enum SuperviseDispatches: Command {
    package static func run(
        _ alive: Set<TerminalID>, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Int {
        var renewed = 0
        for record in try tx.dispatches.live(limit: Limits.liveTerminalsMax) where alive.contains(record.terminal) {
            guard var lease = try tx.leases.live(record.task), lease.attempt == record.attempt else { continue }
            guard lease.renewAfter <= context.now else { continue }
            lease.renew(at: context.now, ttlMS: nil)
            try tx.save(lease)
            try tx.touch(lease.agent, at: context.now, leases: 0)
            renewed += 1
        }
        return renewed
    }
}

/// Ends the live attempt of a terminal whose program has ended: the task is ready again at once, or failed when that
/// was the last try. Answers what was lost, so that whoever dispatched it can be told.
package enum LoseWorker: Command {
    package struct Input: Sendable {
        package var terminal: TerminalID
        package var reason: String

        package init(terminal: TerminalID, reason: String) {
            self.terminal = terminal
            self.reason = reason
        }
    }

    package struct Lost: Sendable {
        package var task: WorkTask
        package var attempt: Attempt
        package var record: DispatchRecord
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Lost? {
        guard let record = try tx.dispatches.live(in: input.terminal), let task = try tx.tasks.find(record.task),
            let lease = try tx.leases.live(task.id), lease.attempt == record.attempt
        else { return nil }
        let (after, attempt) = try FailTask.run(
            FailTask.Input(task: task, token: lease.token, error: input.reason), in: tx, context)
        _ = try AdvancePrompt.run(AdvancePrompt.Input(attempt: record.attempt, trigger: .lost), in: tx, context)
        return Lost(task: after, attempt: attempt, record: record)
    }
}
