import OrcaDomain
package import OrcaStore

/// Gives up servers that were not heard of for a day: their terminals count as ended, their runs as given up. Their
/// leases expired long before, like those of every worker that is not heard of. Answers how many servers those are.
package enum ForgetServers: Command {
    package static let forgottenAfterMS: Int64 = 86_400_000
    private static let serversMax = 1_000

    package static func run(_: Void, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let cutoff = context.now.adding(milliseconds: -forgottenAfterMS)
        let lost = try Set(tx.servers.all(limit: serversMax).filter { $0.seenAt < cutoff }.map(\.node))
        guard !lost.isEmpty else { return 0 }
        let ended = try tx.terminals.allLive(limit: Limits.liveTerminalsMax).filter { lost.contains($0.node) }
        _ = try RecordTerminals.run(
            ended.map { RecordTerminals.Observation(id: $0.id, state: .exited, stateSince: context.now) }, in: tx,
            context)
        for run in try tx.runs.allLive(limit: Limits.runsLiveMax) where lost.contains(run.node) {
            let input = EndRun.Input(run: run, trigger: .gaveUp, report: "its server was not heard of for a day")
            _ = try EndRun.run(input, in: tx, context)
        }
        return try tx.forgetServers(seenBefore: cutoff)
    }
}
