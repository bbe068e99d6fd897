package import OrcaAPI
package import OrcaConnect
import OrcaDomain
package import OrcaProtobuf
import OrcaSupport
import Synchronization

/// A client of a performer in the same process: no socket, no bytes, the same answers.
///
/// Every call blocks its thread until the performer has answered, so it is for threads of one's own, never for Swift's
/// shared pool: a pool full of waiting callers would have nobody left to answer them.
package final class InProcessClient: OrcaClient {
    private let performer: any Performer
    private let caller: Caller
    private let timeoutMS: Int
    private let messageBytesMax: Int
    private let names = RequestNames()
    private let live = LiveCalls()

    /// `messageBytesMax` is what a transport of the same server would take.
    package init(
        _ performer: any Performer, as caller: Caller = .owner(name: "owner"),
        timeoutMS: Int = HTTPClient.timeoutMSDefault, messageBytesMax: Int = 32 << 20
    ) {
        self.performer = performer
        self.caller = caller
        self.timeoutMS = timeoutMS
        self.messageBytesMax = messageBytesMax
    }

    package func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        let key = operation.isRead ? nil : try CallFields.idempotencyKey(idempotencyKey) ?? HTTPClient.newKey()
        try check(request)
        let context = context(key: key, timeoutMS: timeoutMS)
        return try live.wait(milliseconds: timeoutMS) { [performer] in
            try await performer.perform(operation, request, context)
        }
    }

    package func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        try check(request)
        let context = context(key: nil, timeoutMS: nil)
        let stream = try live.wait(milliseconds: timeoutMS) { [performer] in
            try await performer.open(operation, request, context)
        }
        return InProcessStream(stream)
    }

    /// Ends all calls that wait for their answers, as a client does that goes away. Streams have a `cancel` of their own.
    package func cancelAll() { live.cancelAll() }

    private func context(key: String?, timeoutMS: Int?) -> CallContext {
        CallContext(caller: caller, idempotencyKey: key, requestID: names.name(own: nil), timeoutMS: timeoutMS)
    }

    private func check(_ request: any ProtoMessage) throws(APIError) {
        guard request.wireBytes().count <= messageBytesMax else {
            throw APIError(
                "body_too_large", .invalidArgument,
                "The body is larger than \(messageBytesMax) bytes; send less at once.")
        }
    }
}

/// A stream of a performer, pulled by a thread.
final class InProcessStream: ClientStream {
    private struct State {
        /// Messages that came with an earlier one.
        var waiting: [any ProtoMessage] = []
        var isOver = false
    }

    private let stream: any ResponseStream
    private let calls = LiveCalls()
    private let reading = Mutex(State())

    init(_ stream: any ResponseStream) { self.stream = stream }

    deinit { stream.cancel() }

    func cancel() { stream.cancel() }

    func next() throws(APIError) -> (any ProtoMessage)? {
        let result: Result<(any ProtoMessage)?, APIError> = reading.withLock { state in
            if state.waiting.isEmpty, !state.isOver {
                do throws(APIError) {
                    let messages = try calls.wait(milliseconds: nil) { [stream] in try await stream.next() }
                    state.waiting = messages?.reversed() ?? []
                    state.isOver = messages == nil
                } catch {
                    state.isOver = true
                    return .failure(error)
                }
            }
            return .success(state.waiting.popLast())
        }
        return try result.get()
    }
}
