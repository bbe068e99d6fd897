import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import OrcaSupport
import Testing

/// Leases of dispatched work, which nobody but the server keeps.
@Suite struct DispatchLivenessTests {
    private let world: EngineWorld
    private let task: WorkTask
    private let worker = TerminalID(suffix: "w")

    init() throws {
        world = try EngineWorld()
        let project = try world.project()
        for name in ["c", "w"] { try world.terminal(name) }
        let made = try world.task("One", in: project)
        let terminal = try #require(try world.session.terminals.find(worker))
        _ = try world.transact { tx, context in
            try DispatchTask.run(.init(task: made, terminal: terminal, coordinator: "term_c"), in: tx, context)
        }
        task = made
    }

    /// Five seconds after five seconds, as the server looks.
    private func pass(minutes: Int, alive: Set<TerminalID>) throws {
        for _ in 0..<(minutes * 12) {
            world.advance(milliseconds: 5_000)
            try world.transact { tx, context in
                _ = try SuperviseDispatches.run(alive, in: tx, context)
                _ = try ExpireLeases.run(100, in: tx, context)
            }
        }
    }

    @Test func anHourWithoutAWordKillsNothingAsLongAsTheProgramLives() throws {
        try pass(minutes: 60, alive: [worker])
        #expect(try world.fresh(task).status == .dispatched)
        #expect(try world.session.dispatches.live(in: worker) != nil)
        #expect(try world.fresh(task).failures == 0)
    }

    @Test func aProgramThatIsNotAliveLosesItsWorkWithItsLease() throws {
        let lease = try #require(try world.session.leases.live(task.id))
        let minutes = Int((lease.expiresAt.milliseconds - world.now.milliseconds) / 60_000) + 1
        try pass(minutes: minutes, alive: [])
        #expect(try world.fresh(task).status == .ready)
        #expect(try world.session.dispatches.live(in: worker) == nil)
    }
}
