import OrcaDomain
import OrcaPostgres
import OrcaSQL
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

/// A connection that is lost exactly while its transaction is being committed: who wrote is told what really happened, and
/// nothing is done twice.
@Suite(.serialized) struct LostCommitTests {
    private static let home = Workspace(
        id: WorkspaceID(suffix: "home"), name: "home", about: "", at: Timestamp(milliseconds: 1))

    /// A store by way of a proxy, and the database behind it.
    private struct Rig {
        let cluster: PostgresCluster
        let proxy: PostgresProxy
        let address: PostgresAddress
        let store: PostgresStore

        init(_ cluster: PostgresCluster, outageMS: Int = 60_000) async throws {
            self.cluster = cluster
            proxy = try PostgresProxy(before: cluster)
            address = try cluster.database()
            var limits = PostgresLimits()
            limits.outageMS = outageMS
            store = try PostgresStore(try proxy.address(of: address), limits, now: 0)
            // The signature of a transaction before is there, and must not be taken for that of the next.
            try await store.write { try $0.insert(LostCommitTests.home) }
        }

        /// How many events there are, asked past the proxy.
        func stored() throws -> Int64? {
            try PostgresConnection(address, .tool, PostgresLimits()).first(
                SQL("SELECT count(*) FROM events"), []
            ) { $0.integer(0) }
        }

        func close() async {
            await store.close()
            proxy.close()
        }
    }

    private static func event(_ text: String) -> EventDraft {
        EventDraft(
            workspace: home.id, type: .taskCreated, entityID: text, at: Timestamp(milliseconds: 1), actor: "a",
            operation: "o", requestID: "", idempotencyKey: "", data: [:])
    }

    /// Writes an event in a transaction whose first commit meets the fault. Answers how often its body ran.
    private func write(
        _ rig: Rig, _ fault: PostgresProxy.CommitFault, then: @escaping @Sendable () -> Void = {}
    ) async throws -> Int {
        let runs = RunCount()
        return try await rig.store.write { [proxy = rig.proxy] tx in
            if runs.next() == 1 { proxy.spoilNextCommit(fault, then: then) }
            try tx.append(Self.event("one"))
            return runs.value
        }
    }

    @Test(arguments: [PostgresProxy.CommitFault.onceItIsSent, .beforeItsAnswer])
    func aCommitWhoseAnswerIsLostIsAnsweredAndNotRepeated(_ fault: PostgresProxy.CommitFault) async throws {
        let rig = try await Rig(try PostgresCluster.shared())
        let runs = try await write(rig, fault)
        #expect(runs == 1 && rig.proxy.spoiled == 1)
        #expect(try rig.stored() == 1)
        await rig.close()
    }

    @Test func aCommitThatNeverArrivedIsCarriedOutAgain() async throws {
        let rig = try await Rig(try PostgresCluster.shared())
        let runs = try await write(rig, .beforeItArrives)
        #expect(runs == 2 && rig.proxy.spoiled == 1)
        #expect(try rig.stored() == 1)
        await rig.close()
    }

    /// Numbers of transactions that a crash lost are given out again; signatures are not.
    @Test(arguments: [
        (PostgresProxy.CommitFault.beforeItsAnswer, 1), (.beforeItArrives, 2),
    ]) func aCrashRightAfterTheCommitChangesNothingAboutTheAnswer(
        _ fault: PostgresProxy.CommitFault, expected: Int
    ) async throws {
        let cluster = try PostgresCluster()
        let rig = try await Rig(cluster)
        let hasCrashed = StopSignal()
        async let runs = write(rig, fault) {
            cluster.stop()
            hasCrashed.raise()
        }
        try await awaitTruth("the crash") { hasCrashed.isRaised }
        try cluster.start()
        #expect(try await runs == expected)
        #expect(try rig.stored() == 1)
        await rig.close()
        cluster.stop()
    }

    /// Postgres takes its time over a commit, as with a standby that does not answer: until it is decided, nobody is told
    /// anything, and then the truth.
    @Test func aCommitThatIsStillGoingOnIsWaitedFor() async throws {
        let cluster = try PostgresCluster()
        let rig = try await Rig(cluster)
        try cluster.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try await reload(cluster, until: "nobody")
        async let runs = write(rig, .onceItIsSent)
        let asks = SQL("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        let look = try PostgresConnection(rig.address, .tool, PostgresLimits())
        try await awaitTruth("the writer asks for the outcome") { try look.first(asks, []) { $0.integer(0) } == 1 }
        #expect(try rig.stored() == 0)
        try cluster.execute("ALTER SYSTEM RESET synchronous_standby_names")
        try await reload(cluster, until: "")
        #expect(try await runs == 1)
        #expect(try rig.stored() == 1)
        await rig.close()
        cluster.stop()
    }

    private func reload(_ cluster: PostgresCluster, until names: String) async throws {
        try cluster.execute("SELECT pg_reload_conf()")
        let look = try PostgresConnection(try cluster.address("postgres"), .tool, PostgresLimits())
        let setting = SQL("SELECT current_setting('synchronous_standby_names')")
        try await awaitTruth("the setting") { try look.first(setting, []) { $0.text(0) } == names }
    }

    @Test func whenNobodyCanBeAskedTheOutcomeIsToldToBeUnknown() async throws {
        let rig = try await Rig(try PostgresCluster.shared(), outageMS: 300)
        do {
            _ = try await write(rig, .beforeItsAnswer) { [proxy = rig.proxy] in proxy.refuse(true) }
            Issue.record("a commit nobody could ask about was answered")
        } catch StoreError.outcomeUnknown {}
        #expect(try rig.stored() == 1)
        rig.proxy.refuse(false)
        try await rig.store.write { try $0.append(Self.event("two")) }
        #expect(try rig.stored() == 2)
        await rig.close()
    }

    /// Each of a group hears what became of its own: of those that were done, and of the one that failed.
    @Test(arguments: [PostgresProxy.CommitFault.beforeItsAnswer, .beforeItArrives])
    func everyoneInTheGroupIsToldTheTruth(_ fault: PostgresProxy.CommitFault) async throws {
        struct Deliberate: Error {}
        let rig = try await Rig(try PostgresCluster.shared())
        let (isBusy, mayGoOn) = (StopSignal(), StopSignal())
        let (runs, callers) = (RunCount(), RunCount())
        // While the first holds the writer, the others gather.
        async let first: Void = rig.store.write { _ in
            isBusy.raise()
            mayGoOn.wait()
        }
        try await awaitTruth("the writer is busy") { isBusy.isRaised }
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<10 {
                group.addTask {
                    _ = callers.next()
                    do {
                        return try await rig.store.write { [proxy = rig.proxy] tx in
                            if number == 0, runs.next() == 1 { proxy.spoilNextCommit(fault) }
                            try tx.append(Self.event("e\(number)"))
                            if number == 5 { throw Deliberate() }
                            return "done"
                        }
                    } catch is Deliberate { return "failed" }
                }
            }
            try await awaitTruth("all came") { callers.value == 10 }
            mayGoOn.raise()
            return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        try await first
        #expect(outcomes == ["done": 9, "failed": 1])
        #expect(rig.proxy.spoiled == 1)
        #expect(try rig.stored() == 9)
        await rig.close()
    }
}

/// How often something ran.
private final class RunCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
