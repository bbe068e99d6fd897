package import OrcaAPI
package import OrcaConnect
import OrcaDomain
package import OrcaProtobuf
import OrcaSupport
import Synchronization

/// One way from clients to a performer, as `TransportContract` takes it.
package protocol Transport: Sendable {
    /// Serves the performer; again at the same address after `stop`.
    func start(_ performer: any Performer) async throws
    func stop() async
    /// A client like that of a new program.
    func client(_ wish: ClientWish) throws -> ContractClient
}

package struct ClientWish: Sendable {
    package var secret: String
    package var name: String
    /// For one call.
    package var timeoutMS: Int
}

package struct ContractClient: Sendable {
    package let api: any OrcaClient
    /// Ends the calls that wait, as a program does that ends.
    package let giveUp: @Sendable () -> Void

    package init(_ api: any OrcaClient, giveUp: @escaping @Sendable () -> Void) {
        self.api = api
        self.giveUp = giveUp
    }
}

/// Messages that a transport of the contract takes.
package let contractMessageBytesMax = 1 << 20

/// Runs what blocks on a thread of its own: clients block, and Swift's pool must stay free to answer them.
package func offPool<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try ManagedThread("contract") { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A performer whose inside can be exchanged, and whose streams end when it is: what a restart of a server comes to without
/// a socket.
package final class ReplaceablePerformer: Performer {
    private struct State {
        var performer: (any Performer)?
        var streams: [any ResponseStream] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// `nil`: nobody is there.
    package func replace(by performer: (any Performer)?) {
        let streams = state.withLock { state in
            state.performer = performer
            defer { state.streams = [] }
            return state.streams
        }
        for stream in streams { stream.cancel() }
    }

    private func current() throws -> any Performer {
        guard let performer = state.withLock(\.performer) else {
            throw APIError("server_unreachable", .unavailable, "Nobody is there.")
        }
        return performer
    }

    package func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        try await current().perform(operation, request, call)
    }

    package func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        let stream = try await current().open(operation, request, call)
        state.withLock { $0.streams.append(stream) }
        return stream
    }
}
