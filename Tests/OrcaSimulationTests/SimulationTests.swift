import OrcaPostgres
import OrcaSQL
import OrcaSQLite
import OrcaSimulation
import OrcaTestKit
import Testing

@Suite struct SimulationTests {
    @Test(arguments: 1_000...1_003) func allInvariantsHoldUnderFaults(seed: UInt64) throws {
        var simulator = try Simulator(seed: seed)
        let report = try simulator.run(steps: 300)
        #expect(report.completed > 0, "seed \(seed) did no work, so it proved nothing")
        #expect(report.crashes > 0, "seed \(seed) had no crash")
    }

    /// The same on Postgres: what a transaction promises does not depend on the engine below it.
    @Test(arguments: 2_000...2_001) func allInvariantsHoldOnPostgres(seed: UInt64) throws {
        let connection = try PostgresConnection(
            try PostgresCluster.shared().database(), .tool, PostgresLimits())
        var simulator = try Simulator(seed: seed, on: connection)
        let report = try simulator.run(steps: 120)
        #expect(report.completed > 0 && report.crashes > 0, "seed \(seed) proved nothing")
    }

    /// Commands that share a transaction and what it remembers do exactly what they do one by one.
    @Test(arguments: 3_000...3_005) func whatIsSharedChangesNothing(seed: UInt64) throws {
        let (alone, shared) = (try SQLiteConnection(.memory), try SQLiteConnection(.memory))
        let grouped = try GroupedConnection(shared, seed: seed)
        var first = try Simulator(seed: seed, on: alone)
        var second = try Simulator(seed: seed, on: grouped)
        let (one, two) = (try first.run(steps: 300), try second.run(steps: 300))
        try grouped.settle()
        #expect(one.events == two.events && one.completed > 0, "seed \(seed)")
        for table in try TableImage.all(of: alone) {
            #expect(try rows(of: table, alone) == rows(of: table, shared), "seed \(seed): \(table.name)")
        }
    }

    private func rows(of table: TableImage, _ connection: any SQLConnection) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try table.read(from: connection) { rows.append($0) }
        return rows
    }

    @Test func theSameSeedGivesTheSameRun() throws {
        var first = try Simulator(seed: 77)
        var second = try Simulator(seed: 77)
        let one = try first.run(steps: 200)
        let two = try second.run(steps: 200)
        #expect(one.events == two.events && one.steps == two.steps && one.requests == two.requests)
    }

    /// The simulator proves itself: a deliberate bug that it does not find is a hole in its checks. The longer hunts
    /// run in `scripts/test`.
    @Test(arguments: [Mutant.leaseNotReleased, .eventLost, .dependentsForgotten, .commitLost])
    func deliberateBugsAreFound(mutant: Mutant) {
        #expect(MutantHunt.find(mutant, seeds: 3, steps: 300) != nil)
    }
}
