import OrcaDomain
package import OrcaStore

/// Puts tasks into the claim queue whose backoff or start time has come. Answers how many.
package enum PromoteDueTasks: Command {
    package static let batchMax = 500

    package static func run(_ limit: Int, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let limit = min(limit, batchMax)
        let ledger = Ledger(tx, context)
        let rested = try tx.tasks.backoffEnded(at: context.now, limit: limit)
        for id in rested {
            guard let before = try tx.tasks.find(id) else { continue }
            var task = before
            task.backoffUntil = nil
            try ledger.save(&task, before: before)
            try ledger.record(.taskReady, task, ["because": .text("backoff ended")])
        }
        let due = try tx.tasks.startDue(at: context.now, limit: limit)
        for id in due {
            guard let before = try tx.tasks.find(id) else { continue }
            var task = before
            guard let event = try ledger.recompute(&task) else { continue }
            try ledger.save(&task, before: before)
            try ledger.record(event, task, ["because": .text("start time came")])
        }
        return rested.count + due.count
    }
}
