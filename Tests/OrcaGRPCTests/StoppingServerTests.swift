import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGRPC
import OrcaHTTP
import OrcaProtobuf
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

/// What our client makes of a server that lets go of calls without a word.
@Suite(.serialized) struct StoppingServerTests {
    /// A server of the library that begins to stop resets calls for a moment. None of them was begun; each is sent again.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
    func aCallThatIsLetGoIsSentAgain(resets: Int) async throws {
        let server = try AbruptServer(resets: resets)
        defer { server.end() }
        let client = GRPCClient(.init(.unix(server.path)), try .load())
        _ = try await offPool { try client.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest()) }
        #expect(server.calls == resets + 1)
    }

    @Test(.timeLimit(.minutes(1))) func oneThatIsLetGoAgainAndAgainIsAnErrorInTheEnd() async throws {
        let server = try AbruptServer(resets: .max)
        defer { server.end() }
        let client = GRPCClient(.init(.unix(server.path)), try .load())
        let error = await #expect(throws: APIError.self) {
            try await offPool { _ = try client.call(Operations.getServerInfo, OrcaV1.GetServerInfoRequest()) }
        }
        #expect(error?.code == "connection_broken" && error?.category == .unavailable)
        #expect(server.calls == 4)
    }
}

/// Resets the first calls and answers the others, on one connection after the other.
private final class AbruptServer: Sendable {
    private struct State {
        var calls = 0
        var isEnding = false
    }

    private let folder = TemporaryDirectory("abrupt")
    private let listener: Listener
    private let state = Mutex(State())
    private let thread = Mutex<ManagedThread?>(nil)

    let path: String

    init(resets: Int) throws {
        path = folder.path("run/abrupt.sock")
        listener = try Listener.unix(path: path, uid: geteuid())
        let made = try ManagedThread("abrupt") { [self] in
            while let connection = next() {
                // A client that leaves is no failure of the test's.
                try? serve(connection, resets)
            }
        }
        thread.withLock { $0 = made }
    }

    var calls: Int { state.withLock(\.calls) }

    func end() {
        state.withLock { $0.isEnding = true }
        thread.withLock { $0 }?.join()
        listener.close()
    }

    private func next() -> RawConnection? {
        while !state.withLock(\.isEnding) {
            var waits = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waits, 1, 20) > 0 else { continue }
            let descriptor = accept(listener.descriptor, nil, nil)
            if descriptor >= 0 { return RawConnection(accepted: descriptor) }
        }
        return nil
    }

    private func serve(_ connection: RawConnection, _ resets: Int) throws {
        guard try connection.takeGreeting() else { return }
        connection.send(.settings)
        while !state.withLock(\.isEnding) {
            guard connection.hasNews(withinMS: 20) else { continue }
            guard let frame = try connection.next() else { return }
            switch frame.kind {
            case .settings where !frame.isAnswer: connection.send(.settings, flags: 1)
            case .ping where !frame.isAnswer: connection.ping(frame.payload, isAnswer: true)
            case .headers:
                let number = state.withLock { state in
                    state.calls += 1
                    return state.calls
                }
                // CANCEL, as the library does it.
                if number <= resets { connection.send(.reset, stream: frame.stream, [0, 0, 0, 8]) }
                if number > resets { connection.answer(stream: frame.stream) }
            default: break
            }
        }
    }
}
