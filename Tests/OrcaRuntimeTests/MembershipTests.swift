import OrcaDomain
import OrcaEngine
import OrcaPostgres
import OrcaRuntime
import OrcaSQL
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// Several servers on one database: one of them leads, and all go by one time.
@Suite struct MembershipTests {
    private struct Server {
        let store: PostgresStore
        let membership: Membership
        let runtime: Runtime
        let control = FakeControl()

        init(_ address: PostgresAddress, node: String, host: String = "here", schema: Int = Migration.newest) throws {
            var limits = PostgresLimits()
            limits.pollMS = 50
            store = try PostgresStore(address, limits, now: 0)
            let clock = ServerClock()
            let identity = Membership.Identity(
                node: node, instance: "i", host: host, processID: 1, version: "test", schema: schema)
            membership = Membership(
                identity, store: store, sharing: PostgresSharing(store: store), clock: clock, server: control)
            runtime = Runtime(store: store, clock: clock, server: control, membership: membership)
        }

        func leads(within limit: Duration = .seconds(20)) async throws -> Bool {
            let deadline = Deadline.after(limit)
            while membership.epoch == nil, !deadline.hasPassed {
                try await membership.beat()
                _ = Poll.readable([], until: .after(.milliseconds(20)))
            }
            return membership.epoch != nil
        }
    }

    private let address: PostgresAddress

    init() throws { address = try PostgresCluster.shared().database() }

    @Test func oneLeadsAndAnotherTakesOverWhenItGoes() async throws {
        let (first, second) = (try Server(address, node: "a"), try Server(address, node: "b"))
        #expect(try await first.membership.join())
        #expect(try await first.leads())
        #expect(try await !second.membership.join(), "the second found nobody")
        try await second.membership.beat()
        #expect(second.membership.epoch == nil && !second.runtime.leads)
        await #expect(throws: LeadLost.self) { try await second.runtime.writeAsLeader("Test") { _, _ in } }
        try await first.runtime.writeAsLeader("Test") { _, _ in }
        await first.store.close()
        #expect(try await second.leads())
        #expect(second.membership.epoch == 2)
        await second.store.close()
    }

    @Test func whoeverLostTheLeadWithoutKnowingWritesNothing() async throws {
        let server = try Server(address, node: "a")
        _ = try await server.membership.join()
        #expect(try await server.leads())
        _ = try await server.store.write { try $0.takeLead("b") }
        #expect(server.runtime.leads, "it knows already, so this proves nothing")
        await #expect(throws: LeadLost.self) {
            try await server.runtime.writeAsLeader("Test") { tx, context in
                try CreateWorkspace.ensureDefault(in: tx, context)
            }
        }
        #expect(try await server.store.read { try $0.workspaces.page(PageRequest(limit: 9)).rows.isEmpty })
        await server.store.close()
    }

    @Test func aCopyOfAHomeOnAnotherMachineIsRefused() async throws {
        let first = try Server(address, node: "a")
        _ = try await first.membership.join()
        let restarted = try Server(address, node: "a")
        _ = try await restarted.membership.join()
        let copy = try Server(address, node: "a", host: "elsewhere")
        let error = await #expect(throws: DomainError.self) { try await copy.membership.join() }
        #expect(error?.message.contains("here") == true)
        for server in [first, restarted, copy] { await server.store.close() }
    }

    @Test func aServerThatDoesNotKnowTheSchemaAnyMoreStops() async throws {
        let server = try Server(address, node: "a")
        _ = try await server.membership.join()
        try PostgresConnection(address, .tool, PostgresLimits()).run(
            script: "UPDATE schema_window SET supports = \(Migration.newest + 1)")
        try await server.membership.beat()
        #expect(server.control.stops.count == 1)
        await server.store.close()
    }

    @Test func aServerThatIsNotHeardOfForLongIsGivenUpAndItsTerminalsLiveWhenItComesBack() async throws {
        let server = try Server(address, node: "a")
        _ = try await server.membership.join()
        let now = server.runtime.clock.now
        let terminal = try await server.store.write { tx in
            let context = CommandContext(
                now: now, actor: .system, operation: "Test", chance: Chance(seed: 1), node: "gone")
            try CreateWorkspace.ensureDefault(in: tx, context)
            try tx.put(
                ServerRecord(
                    node: "gone", instance: "", host: "h", processID: 1, version: "", schema: 6, address: "", skewMS: 0,
                    startedAt: now, seenAt: now.adding(milliseconds: -Limits.serverGivenUpMS - 1)))
            let home = try Lookup(tx).workspace("", for: .system).id
            var terminal = Terminal(
                id: TerminalID(suffix: "t"), workspace: home, directory: "/", createdBy: "me", at: now)
            terminal.node = "gone"
            try tx.insert(terminal)
            let later = ForgetServers.Input(givenUpAfterMS: 2 * Limits.serverGivenUpMS)
            #expect(try ForgetServers.run(later, in: tx, context) == 0)
            #expect(try ForgetServers.run(ForgetServers.Input(), in: tx, context) == 1)
            return terminal.id
        }
        let found = try await server.store.read { try ($0.terminals.find(terminal), $0.servers.all(limit: 9)) }
        #expect(found.0?.isGivenUp == true && found.0?.endedAt != nil && found.1.map(\.node) == ["a"])
        // The server there sees that it lives, and then that it ended.
        for (state, isLive) in [(Terminal.State.idle, true), (.exited, false), (.idle, false)] {
            let seen = RecordTerminals.Observation(id: terminal, state: state, stateSince: now)
            _ = try await server.store.write { tx in
                let context = CommandContext(now: now, actor: .system, operation: "Test", chance: Chance(seed: 1))
                return try RecordTerminals.run([seen], in: tx, context)
            }
            let row = try await server.store.read { try $0.terminals.find(terminal) }
            #expect(row?.isLive == isLive && (row?.endedAt == nil) == isLive && row?.isGivenUp == false)
        }
        await server.store.close()
    }

    /// A machine whose clock is an hour ahead works at the database's time, and transactions of several servers are in
    /// the order of their times.
    @Test func transactionsHaveLaterTimesThanThoseBeforeThem() async throws {
        let clocks = (0..<3).map { _ in ServerClock(shared: 1_000) }
        let stores = try clocks.map { clock in
            let store = try PostgresStore(address, now: 0)
            store.sharing?.onTime { clock.follow($0) }
            return store
        }
        let times = try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
            for index in 0..<90 {
                group.addTask {
                    try await stores[index % 3].write { tx in
                        (try tx.takeLead("x"), clocks[index % 3].now.milliseconds)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let inOrder = times.sorted { $0.0 < $1.0 }.map(\.1)
        #expect(inOrder == inOrder.sorted() && inOrder[0] > 1_000_000)
        for store in stores { await store.close() }
    }

    /// A clock that follows another jumps ahead with it, and waits where it would have to go back.
    @Test func timeNeverGoesBack() {
        let clock = ServerClock()
        let start = clock.now
        clock.follow(start.milliseconds + 3_600_000)
        let later = clock.now
        #expect(later.milliseconds >= start.milliseconds + 3_600_000)
        clock.follow(start.milliseconds)
        #expect(clock.now >= later)
    }
}

/// Servers of adjacent versions on one database, while they are replaced one after the other.
@Suite struct RollingUpgradeTests {
    private func next(supports: Int?) -> Migration {
        Migration(
            version: Migration.newest + 1, name: "next", supports: supports,
            script: "ALTER TABLE workspaces ADD COLUMN extra TEXT")
    }

    @Test func anOldServerWorksOnAfterAStepThatOnlyAdds() async throws {
        let address = try PostgresCluster.shared().database()
        let old = try PostgresStore(address, now: 0)
        let new = try PostgresStore(address, now: 0, migrations: Migration.all + [next(supports: Migration.newest)])
        let workspace = Workspace(
            id: WorkspaceID(suffix: "w"), name: "w", about: "", at: Timestamp(milliseconds: 1))
        try await old.write { try $0.insert(workspace) }
        #expect(try await new.read { try $0.workspaces.find(name: "w") } == workspace)
        let again = try PostgresStore(address, now: 0)
        for store in [old, new, again] { await store.close() }
    }

    @Test func anOldServerIsRefusedAfterAStepThatDoesNot() async throws {
        let address = try PostgresCluster.shared().database()
        let new = try PostgresStore(address, now: 0, migrations: Migration.all + [next(supports: nil)])
        let error = #expect(throws: StoreError.self) { _ = try PostgresStore(address, now: 0) }
        #expect(error == .schemaTooNew(found: Migration.newest + 1, supported: Migration.newest))
        await new.close()
    }

    @Test func suchAStepWaitsForOldServersToBeStopped() async throws {
        let address = try PostgresCluster.shared().database()
        let old = try PostgresStore(address, now: 0)
        let seen = Timestamp(milliseconds: 1_000_000)
        try await old.write { tx in
            try tx.put(
                ServerRecord(
                    node: "a", instance: "", host: "box", processID: 7, version: "1", schema: Migration.newest,
                    address: "", skewMS: 0, startedAt: seen, seenAt: seen))
        }
        let error = #expect(throws: StoreError.self) {
            _ = try PostgresStore(address, now: 1_001_000, migrations: Migration.all + [next(supports: nil)])
        }
        guard case .heldByOther(let holder) = try #require(error) else {
            Issue.record("told as \(String(describing: error))")
            return
        }
        #expect(holder.contains("box"))
        #expect(try await old.maintenance.schemaVersion() == Migration.newest)
        await old.close()
        let later = try PostgresStore(address, now: 2_000_000, migrations: Migration.all + [next(supports: nil)])
        await later.close()
    }
}
