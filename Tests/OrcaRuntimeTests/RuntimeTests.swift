import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaRuntime
import OrcaStore
import OrcaTestKit
import Testing

@Suite struct RuntimeTests {
    /// Runs a test body on a fixture and cleans up after it.
    private func withRuntime(_ body: (RuntimeFixture) async throws -> Void) async throws {
        let fixture = try await RuntimeFixture()
        do {
            try await body(fixture)
        } catch {
            await fixture.stop()
            throw error
        }
        await fixture.stop()
    }

    private func refusal(_ body: () async throws -> Void) async throws -> APIError {
        do {
            try await body()
        } catch let error as APIError {
            return error
        }
        throw ContractBreach("it was not refused")
    }

    private struct ContractBreach: Error {
        init(_ what: String) {}
    }

    @Test func everyOperationOfTheCatalogueIsCarriedOut() async throws {
        try await withRuntime { fixture in
            for operation in Operations.all where !operation.serverStreaming {
                let request = operation.requestType.init()
                do {
                    _ = try await fixture.runtime.perform(
                        operation, request, CallContext(caller: .owner(name: "")))
                } catch let error as APIError {
                    #expect(error.code != "unimplemented" && error.category != .internal, "\(operation.name): \(error)")
                }
            }
        }
    }

    @Test func theSameKeyGivesTheSameReplyAndDoesNothingTwice() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 2)
            let request = OrcaV1.ClaimTaskRequest.with { $0.agent = "bob" }
            let first = try await fixture.call(Operations.claimTask, request, key: "k")
            let second = try await fixture.call(Operations.claimTask, request, key: "k")
            #expect(first == second)
            let agent = try await fixture.call(Operations.getAgent, .with { $0.agent = "bob" }).agent
            #expect(agent?.activeLeases == 1)
            let other = try await refusal {
                _ = try await fixture.call(Operations.claimTask, .with { $0.agent = "eve" }, key: "k")
            }
            #expect(other.code == "idempotency_mismatch")
        }
    }

    /// It is told from a server that cannot be reached: nothing is wrong, and nobody waits.
    @Test func aCallThatIsGivenUpIsCanceled() async throws {
        try await withRuntime { fixture in
            let call = Task {
                try await refusal {
                    _ = try await fixture.call(
                        Operations.listEvents,
                        .with {
                            $0.after = -1
                            $0.waitMs = 60_000
                        })
                }
            }
            while fixture.clock.sleeperCount == 0 { await Task.yield() }
            call.cancel()
            let error = try await call.value
            #expect(error.code == "canceled" && error.category == .unavailable)
        }
    }

    /// "Claim race": of any number of simultaneous claims exactly one wins.
    @Test(arguments: [2, 8, 64, 1_000], [true, false])
    func exactlyOneClaimWins(claimers: Int, underOneName: Bool) async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 1)
            let codes = await withTaskGroup(of: String.self) { group in
                for index in 0..<claimers {
                    group.addTask {
                        do {
                            _ = try await fixture.call(
                                Operations.claimTask,
                                .with {
                                    $0.task = "API-1"
                                    $0.agent = underOneName ? "bob" : "agent-\(index)"
                                }, key: "key-\(index)")
                            return "won"
                        } catch {
                            return (error as? APIError)?.code ?? "\(error)"
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(codes == ["won": 1, "task_held": claimers - 1])
        }
    }

    @Test func aWaitingClaimGetsTheTaskThatAppears() async throws {
        try await withRuntime { fixture in
            try await fixture.project()
            async let claim = fixture.call(
                Operations.claimTask,
                .with {
                    $0.agent = "bob"
                    $0.waitMs = 60_000
                })
            while fixture.clock.sleeperCount == 0 { await Task.yield() }
            _ = try await fixture.call(
                Operations.createTask,
                .with {
                    $0.project = "API"
                    $0.title = "New"
                })
            #expect(try await claim.task?.ref == "API-1")
        }
    }

    @Test func aWaitingClaimGivesUpWhenItsTimeIsOver() async throws {
        try await withRuntime { fixture in
            try await fixture.project()
            let waiting = Task {
                try await fixture.call(
                    Operations.claimTask,
                    .with {
                        $0.agent = "bob"
                        $0.waitMs = 5_000
                    })
            }
            while fixture.clock.sleeperCount == 0 { await Task.yield() }
            fixture.clock.advance(milliseconds: 5_000)
            let error = try await refusal { _ = try await waiting.value }
            #expect(error.code == "nothing_ready" && error.category == .notFound)
        }
    }

    @Test func fiveHundredWaitersAreWokenByTheCompletionTheyWaitFor() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 1)
            let claim = try await fixture.call(Operations.claimTask, .with { $0.agent = "bob" })
            let waiters = (0..<500).map { _ in
                Task {
                    try await fixture.call(
                        Operations.waitTask,
                        .with {
                            $0.task = "API-1"
                            $0.waitMs = 60_000
                        })
                }
            }
            while fixture.clock.sleeperCount < 500 { await Task.yield() }
            _ = try await fixture.call(
                Operations.completeTask,
                .with {
                    $0.task = "API-1"
                    $0.token = claim.lease?.token ?? 0
                })
            for waiter in waiters { #expect(try await waiter.value.done) }
        }
    }

    @Test func aReaderOfTheLogMissesNothingAndSeesNothingTwice() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 3)
            let stream = try await fixture.runtime.open(
                Operations.watchEvents.erased, OrcaV1.WatchEventsRequest(), CallContext(caller: .owner(name: "")))
            let reader = Task {
                var sequences: [Int64] = []
                while sequences.count < 300, let batch = try await stream.next() {
                    for case let message as OrcaV1.WatchEventsResponse in batch {
                        if case .event(let event) = message.item { sequences.append(event.sequence) }
                    }
                }
                return sequences
            }
            for number in 0..<300 {
                _ = try await fixture.call(
                    Operations.createTask,
                    .with {
                        $0.project = "API"
                        $0.title = "More \(number)"
                    })
            }
            let seen = try await reader.value
            stream.cancel()
            #expect(Array(seen.prefix(300)) == (1...300).map(Int64.init))
        }
    }

    @Test func aReaderThatComesTooLateIsToldOfTheGap() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 20)
            let workspace = try await fixture.store.read { try $0.workspaces.find(name: "default")?.id }
            let home = try #require(workspace)
            _ = try await fixture.store.write { try $0.compactEvents(in: home, keeping: 5, limit: 1_000) }
            let stream = try await fixture.runtime.open(
                Operations.watchEvents.erased, .with { $0.after = 1 } as OrcaV1.WatchEventsRequest,
                CallContext(caller: .owner(name: "")))
            let first = try await stream.next()?.first as? OrcaV1.WatchEventsResponse
            stream.cancel()
            guard case .gap(let gap)? = first?.item else {
                Issue.record("no gap was told")
                return
            }
            #expect(gap.fromSequence == 2 && gap.toSequence == 17)
            let listed = try await refusal {
                _ = try await fixture.call(Operations.listEvents, .with { $0.after = 1 })
            }
            #expect(listed.code == "resync_required" && listed.details["first_sequence"] == "18")
        }
    }

    @Test func aCancelledStreamEnds() async throws {
        try await withRuntime { fixture in
            let stream = try await fixture.runtime.open(
                Operations.watchEvents.erased, .with { $0.after = -1 } as OrcaV1.WatchEventsRequest,
                CallContext(caller: .owner(name: "")))
            let reader = Task { try await stream.next() == nil }
            await Task.yield()
            stream.cancel()
            #expect(try await reader.value)
        }
    }

    @Test func upkeepDoesWhatIsDueAndNothingElse() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 1)
            _ = try await fixture.call(
                Operations.claimTask,
                .with {
                    $0.agent = "bob"
                    $0.ttlMs = 5_000
                })
            let upkeep = Upkeep(fixture.runtime, eventsKept: 1_000)
            let before = fixture.store.changes.generation
            try await upkeep.tick()
            #expect(fixture.store.changes.generation == before)
            fixture.clock.advance(milliseconds: 5_000)
            try await upkeep.tick()
            let task = try await fixture.call(Operations.getTask, .with { $0.task = "API-1" }).task
            #expect(task?.status == .ready && task?.failures == 1)
        }
    }

    @Test func tokensOpenWhatTheirScopeAllowsUntilTheyAreRevoked() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 1)
            let made = try await fixture.call(
                Operations.createToken,
                .with {
                    $0.name = "reader"
                    $0.scope = .readOnly
                    $0.ttlSeconds = 60
                })
            let reader = Caller.bearer(secret: made.secret, name: "")
            _ = try await fixture.call(Operations.getTask, .with { $0.task = "API-1" }, as: reader)
            let write = try await refusal {
                _ = try await fixture.call(Operations.claimTask, .with { $0.agent = "x" }, as: reader)
            }
            #expect(write.category == .permissionDenied)
            _ = try await fixture.call(Operations.revokeToken, .with { $0.token = made.token?.id ?? "" })
            let revoked = try await refusal {
                _ = try await fixture.call(Operations.getTask, .with { $0.task = "API-1" }, as: reader)
            }
            #expect(revoked.category == .unauthenticated)
            let unknown = try await refusal {
                _ = try await fixture.call(
                    Operations.getServerInfo, .init(), as: .bearer(secret: "orca_wrong", name: ""))
            }
            #expect(unknown.category == .unauthenticated)
            #expect(
                try await refusal { _ = try await fixture.call(Operations.getServerInfo, .init(), as: .anonymous) }
                    .category == .unauthenticated)
        }
    }

    @Test func aTokenIsRevokedByItsNameUnlessSeveralHaveIt() async throws {
        try await withRuntime { fixture in
            func make(_ name: String) async throws -> String {
                try await fixture.call(
                    Operations.createToken,
                    .with {
                        $0.name = name
                        $0.scope = .readOnly
                    }
                ).token?.id ?? ""
            }
            let first = try await make("ann")
            let revoked = try await fixture.call(Operations.revokeToken, .with { $0.token = "ann" })
            #expect(revoked.token?.id == first && revoked.token?.revokedAt != nil)
            // A name is good again once its token is not.
            let second = try await make("ann")
            #expect(try await fixture.call(Operations.revokeToken, .with { $0.token = "ann" }).token?.id == second)
            let gone = try await refusal {
                _ = try await fixture.call(Operations.revokeToken, .with { $0.token = "ann" })
            }
            #expect(gone.code == "token_not_found" && gone.message.contains("orca token list"))
            _ = try await make("")
            let nameless = try await refusal {
                _ = try await fixture.call(Operations.revokeToken, .with { $0.token = "" })
            }
            #expect(nameless.category == .invalidArgument)
            let both = [try await make("bob"), try await make("bob")]
            let doubtful = try await refusal {
                _ = try await fixture.call(Operations.revokeToken, .with { $0.token = "bob" })
            }
            #expect(doubtful.category == .invalidArgument && both.allSatisfy(doubtful.message.contains))
            #expect(try await fixture.call(Operations.revokeToken, .with { $0.token = both[0] }).token?.id == both[0])
        }
    }

    @Test func refsAndKeysAreFoundInSmallLetters() async throws {
        try await withRuntime { fixture in
            try await fixture.project(tasks: 1)
            #expect(try await fixture.call(Operations.getTask, .with { $0.task = "api-1" }).task?.ref == "API-1")
            let made = try await fixture.call(
                Operations.createTask,
                .with {
                    $0.project = "api"
                    $0.title = "Next"
                    $0.dependencies = [.with { $0.ref = "api-1" }]
                })
            #expect(made.task?.dependencies.map(\.ref) == ["API-1"])
            let missing = try await refusal {
                _ = try await fixture.call(Operations.getProject, .with { $0.project = "web" })
            }
            #expect(missing.message.contains("'orca project create WEB'"))
        }
    }

    @Test func anExpiredTokenIsRefused() async throws {
        try await withRuntime { fixture in
            let made = try await fixture.call(
                Operations.createToken,
                .with {
                    $0.scope = .admin
                    $0.ttlSeconds = 60
                })
            fixture.clock.advance(milliseconds: 60_000)
            let error = try await refusal {
                _ = try await fixture.call(
                    Operations.getServerInfo, .init(), as: .bearer(secret: made.secret, name: ""))
            }
            #expect(error.category == .unauthenticated && error.message.contains("expired"))
        }
    }

    @Test func aDryRunOfAPlanChangesNothing() async throws {
        try await withRuntime { fixture in
            try await fixture.project()
            let plan = OrcaV1.Plan.with {
                $0.name = "p"
                $0.tasks = [.with { $0.key = "a" }, .with { $0.key = "b" }]
            }
            let dry = try await fixture.call(
                Operations.importPlan,
                .with {
                    $0.project = "API"
                    $0.plan = plan
                    $0.dryRun = true
                })
            #expect(dry.created == 2)
            #expect(try await fixture.call(Operations.listTasks, .init()).tasks.isEmpty)
            let real = try await fixture.call(
                Operations.importPlan,
                .with {
                    $0.project = "API"
                    $0.plan = plan
                })
            #expect(real.entries.map(\.ref) == ["API-1", "API-2"])
            let exported = try await fixture.call(Operations.exportPlan, .with { $0.project = "API" }).plan
            #expect(exported?.tasks.map(\.key) == ["a", "b"])
        }
    }

    @Test(arguments: ["", "c.%%%", "nonsense"]) func cursorsThatNoListAnsweredAreRefused(cursor: String) async throws {
        try await withRuntime { fixture in
            if cursor.isEmpty {
                #expect(try await fixture.call(Operations.listTasks, .init()).nextCursor == "")
                return
            }
            let error = try await refusal {
                _ = try await fixture.call(Operations.listTasks, .with { $0.cursor = cursor })
            }
            #expect(error.code == "cursor_invalid")
        }
    }

    @Test func theDomainsWordsAreTheApis() {
        #expect(TaskStatus.allCases.allSatisfy { OrcaV1.Task.Status(protoName: $0.rawValue) != nil })
        #expect(Attempt.Outcome.allCases.allSatisfy { OrcaV1.Attempt.Outcome(protoName: $0.rawValue) != nil })
        #expect(Agent.Kind.allCases.allSatisfy { OrcaV1.Agent.Kind(protoName: $0.rawValue) != nil })
        #expect(Agent.Status.allCases.allSatisfy { OrcaV1.Agent.Status(protoName: $0.rawValue) != nil })
        #expect(
            Distribution.allCases.allSatisfy { OrcaV1.ProjectSettings.Distribution(protoName: $0.rawValue) != nil })
        #expect(Dependency.Policy.allCases.allSatisfy { OrcaV1.Dependency.Policy(protoName: $0.rawValue) != nil })
        #expect(AccessScope.allCases.allSatisfy { OrcaV1.Token.Scope(protoName: $0.rawValue) != nil })
    }

    @Test func theServersClockNeverGoesBack() {
        let future = Timestamp(milliseconds: Int64(4_000_000_000_000))
        let clock = ServerClock(floor: future)
        let first = clock.now
        #expect(first >= future)
        #expect(clock.now >= first)
    }
}
