import OrcaDomain
import OrcaEngine
import OrcaSQL
import OrcaStore
import OrcaSupport

/// Many callers that claim one task after the other.
enum ClaimRace {
    /// Claims a second, and claims a commit.
    static func run(
        on store: any Store, callers: Int, claims: Int
    ) async throws -> (rate: Double, group: Double) {
        let chance = Chance(seed: 3)
        let home = try await store.read { try Lookup($0).workspace("", for: .system).id }
        let project = try await store.read { try Lookup($0).project("BENCH", in: home) }
        let before = store.changes.generation
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for _ in 0..<(claims / callers) {
                        try await store.write { try claim(for: caller, home, project, in: $0, chance) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = ContinuousClock.now - start
        let commits = max(1, store.changes.generation - before)
        let done = Double(claims / callers * callers)
        return (rate: done / seconds.inSeconds, group: done / Double(commits))
    }

    static func claim(
        for agent: Int, _ home: WorkspaceID, _ project: Project, in tx: any StoreTransaction, _ chance: Chance
    ) throws {
        let context = CommandContext(
            now: ClaimWorld.now, actor: .system, operation: "ClaimTask", chance: chance)
        let input = ClaimTasks.Input(
            workspace: home, project: project, terms: ClaimTerms(agentName: "agent-\(agent)"), count: 1)
        _ = try ClaimTasks.run(input, in: tx, context)
    }
}
