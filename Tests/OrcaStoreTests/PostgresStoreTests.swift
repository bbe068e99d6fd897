import OrcaDomain
import OrcaEngine
import OrcaPostgres
import OrcaSQL
import OrcaSimulation
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// What a store in Postgres does beyond the contract: several at once, and a database that comes and goes.
@Suite struct PostgresStoreTests {
    private func workspace(_ name: String) -> Workspace {
        Workspace(id: WorkspaceID(suffix: name), name: name, about: "", at: Timestamp(milliseconds: 1))
    }

    private func event(_ workspace: Workspace, _ number: Int) -> EventDraft {
        EventDraft(
            workspace: workspace.id, type: .taskCreated, entityID: "e", at: Timestamp(milliseconds: 1), actor: "a",
            operation: "o", requestID: "", idempotencyKey: "", data: ["n": .number(Int64(number))])
    }

    @Test func eventsOfSeveralServersFormOneOrderWithoutGaps() async throws {
        let address = try PostgresCluster.shared().database()
        let stores = try (0..<3).map { _ in try PostgresStore(address, now: 0) }
        let home = workspace("home")
        try await stores[0].write { try $0.insert(home) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                for number in 0..<100 {
                    group.addTask {
                        try await store.write { try $0.append(event(home, index * 1_000 + number)) }
                        // Whoever reads a number has read, or can read, all before it.
                        let (last, count) = try await stores[(index + 1) % 3].read { tx in
                            (
                                try tx.events.lastSequence(in: home.id),
                                try tx.events.page(EventFilter(workspace: home.id), after: 0, limit: 1_000).count
                            )
                        }
                        #expect(last == Int64(count))
                    }
                }
            }
            try await group.waitForAll()
        }
        let all = try await stores[2].read {
            try $0.events.page(EventFilter(workspace: home.id), after: 0, limit: 1_000)
        }
        #expect(all.map(\.sequence) == (1...300).map(Int64.init))
        for store in stores { await store.close() }
    }

    @Test func aCommitOfOneServerWakesTheOthers() async throws {
        let address = try PostgresCluster.shared().database()
        var limits = PostgresLimits()
        limits.pollMS = 3_600_000
        let (one, other) = (try PostgresStore(address, limits, now: 0), try PostgresStore(address, limits, now: 0))
        let home = workspace("home")
        try await one.write { try $0.insert(home) }
        for number in 0..<20 {
            let seen = other.changes.generation
            try await one.write { try $0.append(event(home, number)) }
            await other.changes.wait(after: seen)
            let found = try await other.read { try $0.events.lastSequence(in: home.id) }
            #expect(found == Int64(number + 1))
        }
        await one.close()
        await other.close()
    }

    /// Whoever writes without telling, and messages that got lost: looking finds both.
    @Test func whatNobodyToldOfIsFoundByLooking() async throws {
        let address = try PostgresCluster.shared().database()
        var limits = PostgresLimits()
        limits.pollMS = 50
        let store = try PostgresStore(address, limits, now: 0)
        let home = workspace("home")
        try await store.write { try $0.insert(home) }
        let silent = try PostgresConnection(address, .tool, PostgresLimits())
        for number in 1...3 {
            let seen = store.changes.generation
            try silent.run(script: "UPDATE workspaces SET event_last = \(number)")
            await store.changes.wait(after: seen)
            #expect(store.changes.generation > seen)
        }
        await store.close()
    }

    /// Commands that share a transaction, some of which fail half way: counters and queue are those of the others.
    @Test func whatCommandsShareIsUndoneWithTheCommand() async throws {
        let address = try PostgresCluster.shared().database()
        let world = try EngineWorld(on: try PostgresConnection(address, .tool, PostgresLimits()))
        let project = try world.project("API")
        for number in 0..<60 { try world.task("Task \(number)", in: project) { $0.priority = number % 3 } }
        let store = try PostgresStore(address, now: 0)
        struct Deliberate: Error {}
        let (context, home) = (world.context("ClaimTask"), project.workspace)
        let claimed = await withTaskGroup(of: String?.self) { group in
            for index in 0..<60 {
                group.addTask {
                    // Every third is undone after it has done everything.
                    try? await store.write { tx in
                        let input = ClaimTasks.Input(
                            workspace: home, project: project, terms: ClaimTerms(agentName: "a\(index)"), count: 1)
                        let output = try ClaimTasks.run(input, in: tx, context)
                        if index % 3 == 0 { throw Deliberate() }
                        return output.first?.task.ref
                    }
                }
            }
            return await group.reduce(into: [String]()) { if let ref = $1 { $0.append(ref) } }
        }
        #expect(claimed.count == 40 && Set(claimed).count == 40)
        try world.checkInvariants()
        #expect(try await store.maintenance.check(fix: false).allSatisfy(\.isOK))
        await store.close()
    }

    @Test func textsSortByTheirBytesWhateverTheDatabaseSpeaks() async throws {
        let store = try PostgresStore(try PostgresCluster.shared().database(), now: 0)
        let names = ["B", "a", "Z", "_", "ä", "aa", "A"]
        for name in names { try await store.write { try $0.insert(workspace(name)) } }
        let found = try await store.read { try $0.workspaces.page(PageRequest(limit: 10)).rows.map(\.name) }
        #expect(found == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        await store.close()
    }

    @Test func twoServersThatStartAtOnceMigrateOnce() async throws {
        let address = try PostgresCluster.shared().database(isMigrated: false)
        let stores = try await withThrowingTaskGroup(of: PostgresStore.self) { group in
            for _ in 0..<4 { group.addTask { try PostgresStore(address, now: 0) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await stores[0].maintenance.schemaVersion() == Migration.newest)
        for store in stores { await store.close() }
    }

    @Test func aFailedMigrationLeavesTheOldSchema() async throws {
        let address = try PostgresCluster.shared().database()
        let broken = Migration(
            version: Migration.newest + 1, name: "broken",
            script: "ALTER TABLE workspaces ADD COLUMN extra TEXT; DELETE FROM workspaces; SELECT no_such_function()")
        #expect(throws: StoreError.self) {
            _ = try PostgresStore(address, now: 0, migrations: Migration.all + [broken])
        }
        let store = try PostgresStore(address, now: 0)
        #expect(try await store.maintenance.schemaVersion() == Migration.newest)
        await store.close()
    }

    @Test func whatIsKeptTwiceIsComparedAndMended() async throws {
        let cluster = try PostgresCluster.shared()
        let address = try cluster.database()
        let store = try PostgresStore(address, now: 0)
        try await StoreContract.check(.countsFollowTheTasks, on: store)
        try PostgresConnection(address, .tool, PostgresLimits()).run(
            script: "UPDATE project_counts SET completed = 77; UPDATE tasks SET queued = 1")
        let found = try await store.maintenance.check(fix: false)
        #expect(Set(found.filter { !$0.isOK }.map(\.check)) == ["counts", "queue"])
        let mended = try await store.maintenance.check(fix: true)
        #expect(mended.allSatisfy(\.isOK) && mended.count(where: \.isFixed) == 2)
        #expect(try await store.maintenance.usage().kinds.contains { $0.kind == "tasks" })
        await store.close()
    }

    /// The number of committed events is the number of acknowledged ones, although the server's processes are killed
    /// under it again and again.
    @Test func nothingIsLostOrDoneTwiceWhenConnectionsAreCut() async throws {
        let address = try PostgresCluster.shared().database()
        let store = try PostgresStore(address, now: 0)
        let home = workspace("home")
        try await store.write { try $0.insert(home) }
        let cutter = try PostgresConnection(address, .tool, PostgresLimits())
        let cut = SQL(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        for round in 0..<10 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { try await store.write { try $0.append(event(home, round * 50 + number)) } }
                }
                _ = try cutter.query(cut, []) { $0.integer(0) }
                try await group.waitForAll()
            }
        }
        let all = try await store.read { try $0.events.page(EventFilter(workspace: home.id), after: 0, limit: 1_000) }
        #expect(all.map(\.sequence) == (1...500).map(Int64.init))
        #expect(Set(all.map(\.data)).count == 500)
        await store.close()
    }

    @Test func aServerThatStandsStillInATransactionDoesNotHoldUpTheOthers() async throws {
        let address = try PostgresCluster.shared().database()
        var limits = PostgresLimits()
        limits.idleInTransactionMS = 300
        let idle = try PostgresConnection(address, .writer, limits)
        try idle.run(script: "BEGIN; SELECT pg_advisory_xact_lock(1869767521, 1)")
        let store = try PostgresStore(address, now: 0)
        try await store.write { try $0.insert(workspace("home")) }
        #expect(throws: StoreError.self) { try idle.run(script: "COMMIT") }
        await store.close()
    }

    @Test func aReplicaIsRefusedByName() throws {
        let cluster = try PostgresCluster.shared()
        let address = try cluster.database()
        try cluster.execute(
            "ALTER DATABASE \(address.display.dropFirst("postgres:".count).split(separator: "@")[0]) "
                + "SET default_transaction_read_only = on")
        let error = #expect(throws: StoreError.self) { _ = try PostgresStore(address, now: 0) }
        guard case .readOnly = try #require(error) else {
            Issue.record("told as \(String(describing: error))")
            return
        }
    }

    @Test func aDatabaseThatIsNotThereIsNamed() throws {
        let cluster = try PostgresCluster.shared()
        let error = #expect(throws: StoreError.self) {
            _ = try PostgresStore(try cluster.address("nowhere"), now: 0)
        }
        guard case .cannotOpen(let words) = try #require(error) else {
            Issue.record("told as \(String(describing: error))")
            return
        }
        #expect(words.contains("nowhere"))
    }

    /// A Postgres that is killed as a whole and comes back: calls wait for it, and then go on.
    @Test func aCrashOfPostgresIsSatOut() async throws {
        let cluster = try PostgresCluster()
        let store = try PostgresStore(try cluster.database(), now: 0)
        let home = workspace("home")
        try await store.write { try $0.insert(home) }
        for round in 0..<3 {
            async let writes: Void = withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { try await store.write { try $0.append(event(home, round * 40 + number)) } }
                }
                try await group.waitForAll()
            }
            cluster.crash()
            try cluster.start()
            try await writes
        }
        let all = try await store.read { try $0.events.page(EventFilter(workspace: home.id), after: 0, limit: 1_000) }
        #expect(all.map(\.sequence) == (1...120).map(Int64.init))
        await store.close()
        cluster.stop()
    }

    @Test func aDatabaseThatStaysAwayIsToldSo() async throws {
        let cluster = try PostgresCluster()
        var limits = PostgresLimits()
        limits.outageMS = 300
        let store = try PostgresStore(try cluster.database(), limits, now: 0)
        cluster.stop()
        let home = workspace("home")
        for _ in 0..<2 {
            for call in [
                { try await store.write { try $0.insert(home) } },
                { _ = try await store.read { try $0.workspaces.find(name: "home") } },
            ] as [@Sendable () async throws -> Void] {
                do {
                    try await call()
                    Issue.record("a call without a database succeeded")
                } catch StoreError.unavailable {}
            }
        }
        try cluster.start()
        try await store.write { try $0.insert(home) }
        await store.close()
        cluster.stop()
    }
}
