import OrcaAPI
import OrcaGRPC
import OrcaProtobuf
import OrcaTestKit
import Synchronization
import Testing

/// Peers that say too little, or too much.
@Suite(.serialized) struct SilenceTests {
    private static let watch = "/orca.v1.EventService/WatchEvents"

    /// What a client that was stopped (SIGSTOP), or whose machine is gone, looks like from here.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aClientThatAnswersNoPingIsLetGo(withStream: Bool) async throws {
        let stream = QuietStream()
        let scene = try await Scene(FakePerformer(stream: { stream })) {
            $0.limits.keepaliveMS = 250
            $0.limits.keepaliveTimeoutMS = 250
        }
        let isKept = try await offPool {
            let connection = try RawConnection(scene.socket)
            connection.greet()
            if withStream {
                connection.begin(Self.watch)
                connection.send(
                    .data, flags: RawConnection.endStream, stream: 1, RawConnection.messageHead(0))
            }
            // As long as it answers it may be silent. The library asks twice without data by its own rules.
            for _ in 0..<5 {
                guard let ping = try connection.next(.ping) else { return false }
                connection.ping(ping.payload, isAnswer: true)
            }
            while try connection.next() != nil {}
            return true
        }
        #expect(isKept)
        try await awaitTruth("the connection is forgotten") { scene.server.connectionCount == 0 }
        #expect(!withStream || stream.isOver)
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aClientThatAsksAllTheTimeIsSentAway() async throws {
        let scene = try await Scene(FakePerformer())
        let code = try await offPool {
            let connection = try RawConnection(scene.socket)
            connection.greet()
            for _ in 0..<20 { connection.ping() }
            return try connection.next(.goAway)?.errorCode
        }
        // ENHANCE_YOUR_CALM
        #expect(code == 11)
        try await awaitTruth("the connection is forgotten") { scene.server.connectionCount == 0 }
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aClientMayAskAsOftenAsTheLimitSays() async throws {
        let scene = try await Scene(FakePerformer()) { $0.limits.pingIntervalMS = 0 }
        let answers = try await offPool {
            let connection = try RawConnection(scene.socket)
            connection.greet()
            var answers = 0
            for _ in 0..<20 {
                connection.ping()
                while let frame = try connection.next() {
                    guard frame.kind == .ping else { continue }
                    answers += frame.isAnswer ? 1 : 0
                    break
                }
            }
            return answers
        }
        #expect(answers == 20)
        await scene.server.stop()
    }

    /// Whole, or a byte at a time: the time for the message is the time for all of it.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aCallWhoseMessageDoesNotComeIsEnded(bitByBit: Bool) async throws {
        let performer = FakePerformer()
        let scene = try await Scene(performer) { $0.limits.requestMS = 300 }
        let end = try await offPool { () -> RawConnection.Frame? in
            let connection = try RawConnection(scene.socket)
            connection.greet()
            connection.begin("/orca.v1.TaskService/GetTask")
            if bitByBit { connection.send(.data, stream: 1, RawConnection.messageHead(200)) }
            while true {
                // The end of the stream comes long before the end of the message.
                var left = bitByBit ? 180 : 0
                while left > 0, !connection.hasNews(withinMS: 20) {
                    connection.send(.data, stream: 1, [0])
                    left -= 1
                }
                guard let frame = try connection.next() else { return nil }
                if frame.kind == .reset || frame.kind == .headers { return frame }
            }
        }
        #expect(end?.stream == 1)
        try await awaitTruth("the call is over") { scene.server.metricsText.contains("orca_grpc_open_calls 0") }
        #expect(performer.seen.isEmpty)
        // Nobody else suffers.
        try await scene.ask(scene.client())
        await scene.server.stop()
    }

    /// Calls that are begun and taken back at once ("rapid reset", CVE-2023-44487) cost the server work, but nobody else is
    /// held up and nothing of them stays. The performer sees only those whose message was faster than their end.
    @Test(.timeLimit(.minutes(2))) func callsThatAreTakenBackAtOnceHoldUpNobody() async throws {
        let scene = try await Scene(FakePerformer())
        let calls: UInt32 = 20_000
        let flood = Task {
            try await offPool {
                let connection = try RawConnection(scene.socket)
                connection.greet()
                for number in 0..<calls {
                    let stream = number * 2 + 1
                    connection.begin("/orca.v1.TaskService/GetTask", stream: stream)
                    connection.send(.data, flags: RawConnection.endStream, stream: stream, RawConnection.messageHead(0))
                    // CANCEL
                    connection.send(.reset, stream: stream, [0, 0, 0, 8])
                    while connection.hasNews(withinMS: 0) {
                        guard try connection.next() != nil else { return number }
                    }
                }
                return calls
            }
        }
        let other = scene.client()
        for _ in 0..<200 { try await scene.ask(other) }
        #expect(try await flood.value == calls)
        try await awaitTruth("all calls are over") { scene.server.metricsText.contains("orca_grpc_open_calls 0") }
        try await scene.ask(other)
        await scene.server.stop()
        #expect(scene.server.connectionCount == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aConnectionThatNeverGreetsIsClosed() async throws {
        let scene = try await Scene(FakePerformer()) { $0.limits.handshakeMS = 300 }
        let isClosed = try await offPool {
            let connection = try RawConnection(scene.socket)
            while try connection.next() != nil {}
            return true
        }
        #expect(isClosed)
        try await awaitTruth("the connection is forgotten") { scene.server.connectionCount == 0 }
        await scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aConnectionWithoutCallsIsClosed() async throws {
        let scene = try await Scene(FakePerformer()) { $0.limits.idleMS = 500 }
        let code = try await offPool {
            let connection = try RawConnection(scene.socket)
            connection.greet()
            let code = try connection.next(.goAway)?.errorCode
            // The server asks whether the client has heard before it hangs up.
            while let frame = try connection.next() {
                if frame.kind == .ping, !frame.isAnswer { connection.ping(frame.payload, isAnswer: true) }
            }
            return code
        }
        #expect(code != nil)
        try await awaitTruth("the connection is forgotten") { scene.server.connectionCount == 0 }
        await scene.server.stop()
    }
}

/// A stream on which nothing happens, until it is cancelled.
private final class QuietStream: ResponseStream {
    private struct State {
        var isOver = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock(\.isOver) }

    func next() async throws -> [any ProtoMessage]? {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting = continuation }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
        return nil
    }

    func cancel() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}
