import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGRPC
import OrcaHTTP
import OrcaProtobuf
import OrcaSupport
import OrcaTLS
import OrcaTestKit
import Synchronization
import Testing

/// The server before our own client. Before an outside one: `GRPCTests` of the end-to-end tests.
@Suite(.serialized) struct ServerTests {
    @Test(.timeLimit(.minutes(1))) func whatACallBringsAlongReachesThePerformer() async throws {
        let performer = FakePerformer()
        let scene = try await Scene(performer)
        let named = scene.client {
            $0.callerName = "Jürgen"
            $0.requestID = "mine"
            $0.timeoutMS = 20_000
        }
        try await offPool {
            _ = try named.call(
                Operations.createProject, .with { $0.key = "API" }, idempotencyKey: "the-key")
        }
        let token = scene.client { $0.token = "orca_secret" }
        try await scene.ask(token)
        let seen = performer.seen
        #expect(seen[0].caller == .owner(name: "Jürgen"))
        #expect(seen[0].idempotencyKey == "the-key" && seen[0].requestID == "mine")
        #expect((15_000...20_000).contains(seen[0].timeoutMS ?? 0))
        // A token is never more than a token, also for the owner.
        #expect(seen[1].caller == .bearer(secret: "orca_secret", name: ""))
        #expect(seen[1].idempotencyKey == nil && seen[1].requestID.hasPrefix("req_"))
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func anotherUserIsNotLetIn() async throws {
        let performer = FakePerformer()
        let scene = try await Scene(performer) { $0.allowedUID = geteuid() + 1 }
        #expect(try await scene.refusal(scene.client())?.category == .unavailable)
        #expect(performer.seen.isEmpty)
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(2))) func manyCallsAtOnceAreAllAnswered() async throws {
        let scene = try await Scene(
            FakePerformer { _, request, _ in
                guard let request = request as? OrcaV1.GetTaskRequest else { throw ContractBreach(description: "?") }
                await Task.yield()
                return OrcaV1.GetTaskResponse.with { $0.task = .with { $0.ref = request.task } }
            })
        let client = scene.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<16 {
                group.addTask {
                    try await offPool {
                        for number in 0..<200 {
                            let ref = "T-\(thread)-\(number)"
                            let answer = try client.call(Operations.getTask, .with { $0.task = ref })
                            #expect(answer.task?.ref == ref)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        // The last ones are counted a moment after they are answered.
        try await awaitTruth("all are counted") {
            scene.server.metricsText.contains("orca_grpc_calls_total{operation=\"GetTask\",code=\"0\"} 3200")
        }
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func errorsThatAreOurFaultAreReportedAndNotTold() async throws {
        let reported = Mutex<[String]>([])
        let scene = try await Scene(
            FakePerformer { _, _, _ in throw ContractBreach(description: "a secret") },
            hooks: GRPCServerHooks(reportInternalError: { operation, _, error in
                reported.withLock { $0.append("\(operation): \(error)") }
            }))
        let error = try #require(try await scene.refusal(scene.client()))
        #expect(error.code == "internal" && !error.message.contains("secret"))
        #expect(reported.withLock { $0 } == ["GetServerInfo: a secret"])
        await scene.server.stop()
    }

    // MARK: Limits

    @Test(.timeLimit(.minutes(1))) func callsBeyondTheLimitAreToldToComeBack() async throws {
        let gate = Gate()
        let scene = try await Scene(
            FakePerformer { operation, _, _ in
                await gate.wait()
                return operation.responseType.init()
            }
        ) { $0.limits.callsMax = 2 }
        async let first: Void = scene.ask(scene.client())
        async let second: Void = scene.ask(scene.client())
        try await awaitTruth("two calls wait") { await gate.waiting == 2 }
        let error = try #require(try await scene.refusal(scene.client()))
        #expect(error.code == "overloaded" && error.details["retry_after_ms"] == "1000")
        await gate.open()
        try await first
        try await second
        #expect(try await scene.refusal(scene.client()) == nil)
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func connectionsBeyondTheLimitAreClosedUntilOthersEnd() async throws {
        let scene = try await Scene(FakePerformer()) { $0.limits.connectionsMax = 2 }
        var kept: [GRPCClient] = [scene.client(), scene.client()]
        for client in kept { try await scene.ask(client) }
        #expect(scene.server.connectionCount == 2)
        #expect(try await scene.refusal(scene.client())?.category == .unavailable)
        kept.removeAll()
        try await awaitTruth("a connection is free again") { try await scene.refusal(scene.client()) == nil }
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aReaderThatTakesNothingForTooLongIsLetGo() async throws {
        let stream = EndlessStream(bytes: 64 << 10)
        let scene = try await Scene(FakePerformer(stream: { stream })) { $0.limits.writeMS = 300 }
        let reader = try await offPool {
            try scene.client().stream(Operations.watchEvents, OrcaV1.WatchEventsRequest())
        }
        try await awaitTruth("the stream is ended") { stream.isOver }
        // What was on its way fits into windows and buffers.
        #expect(stream.sent < 1_000)
        await #expect(throws: APIError.self) {
            try await offPool { while try reader.next() != nil {} }
        }
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aReaderThatLeavesEndsItsStream() async throws {
        let stream = EndlessStream(bytes: 1 << 10)
        let scene = try await Scene(FakePerformer(stream: { stream }))
        let reader = try await offPool {
            try scene.client().stream(Operations.watchEvents, OrcaV1.WatchEventsRequest())
        }
        try await offPool { for _ in 0..<100 { _ = try reader.next() } }
        reader.cancel()
        try await awaitTruth("the stream is ended") { stream.isOver }
        #expect(stream.sent >= 100)
        await scene.server.stop()
    }

    // MARK: Stopping

    @Test(.timeLimit(.minutes(1))) func aCallInFlightIsAnsweredBeforeTheServerStops() async throws {
        let gate = Gate()
        let scene = try await Scene(
            FakePerformer { operation, _, _ in
                await gate.wait()
                return operation.responseType.init()
            })
        async let call: Void = scene.ask(scene.client())
        try await awaitTruth("the call waits") { await gate.waiting == 1 }
        async let stopped: Void = scene.server.stop(drain: .seconds(30))
        try await awaitTruth("nobody new is let in") { try await scene.refusal(scene.client()) != nil }
        await gate.open()
        try await call
        await stopped
        #expect(scene.server.connectionCount == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatHeedsNothingHoldsNoServerUp() async throws {
        let gate = Gate()
        let scene = try await Scene(
            FakePerformer { operation, _, _ in
                await gate.wait()
                return operation.responseType.init()
            })
        async let call = scene.refusal(scene.client())
        try await awaitTruth("the call waits") { await gate.waiting == 1 }
        let begin = ContinuousClock.now
        await scene.server.stop(drain: .milliseconds(100))
        #expect(ContinuousClock.now - begin < .seconds(20))
        #expect(try await call?.category == .unavailable)
        // It may still answer, to nobody.
        await gate.open()
        #expect(scene.server.connectionCount == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aServerCanBeStoppedWhileCallsComeAndGo() async throws {
        for _ in 0..<5 {
            let scene = try await Scene(FakePerformer())
            let client = scene.client()
            let calls = (0..<8).map { _ in
                Task { try await offPool { while (try? client.call(Operations.getServerInfo, .init())) != nil {} } }
            }
            try await awaitTruth("calls come") { scene.server.metricsText.contains("code=\"0\"") }
            await scene.server.stop(drain: .milliseconds(200))
            for call in calls { try await call.value }
            #expect(scene.server.connectionCount == 0)
        }
    }

    // MARK: Addresses

    @Test func anAddressInUseIsRefusedAndNothingStaysOpen() async throws {
        let scene = try await Scene(FakePerformer()) { $0.tcp = .init(port: 0) }
        let port = try #require(scene.server.tcpPort)
        await #expect(throws: HTTPServerError.self) {
            _ = try await Scene(FakePerformer()) { $0.tcp = .init(port: port) }
        }
        await scene.server.stop()
        let again = try await Scene(FakePerformer()) { $0.tcp = .init(port: port) }
        await again.server.stop()
    }

    @Test func filesThatAreNoCertificateAreRefusedAtTheStart() async throws {
        let error = await #expect(throws: HTTPServerError.self) {
            _ = try await Scene(FakePerformer()) {
                $0.tcp = .init(port: 0, tls: .init(certificate: "/etc/hostname", key: "/etc/hostname"))
            }
        }
        #expect(error?.description.contains("TLS") == true)
    }

    @Test func aLibraryThatIsNotThereIsNamed() {
        let error = #expect(throws: APIError.self) { _ = try RPCLibrary.load("/nowhere/liborca-grpc.so") }
        #expect(error?.code == "grpc_unavailable" && error?.message.contains("libgrpc++1.51") == true)
    }
}

/// Lets calls wait until a test says so.
actor Gate {
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false

    var waiting: Int { waiters.count }

    /// Heeds no cancellation.
    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
