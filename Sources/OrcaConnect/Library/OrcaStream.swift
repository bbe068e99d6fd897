import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// A server's stream of messages.
///
///     for try await event in try orca.watchEvents(request).messages { … }
public struct OrcaStream<Message: Sendable>: Sendable {
    private let nextMessage: @Sendable () throws(APIError) -> Message?
    private let cancelStream: @Sendable () -> Void

    init(_ stream: TypedStream<Message>) where Message: ProtoMessage {
        nextMessage = { () throws(APIError) in try stream.next() }
        cancelStream = { stream.cancel() }
    }

    /// The next message; blocks until it is there. `nil` when the stream has ended.
    public func next() throws(OrcaError) -> Message? {
        do throws(APIError) {
            return try nextMessage()
        } catch {
            throw OrcaError(error)
        }
    }

    /// Ends the stream; a waiting `next` returns `nil`. From any thread, more than once.
    public func cancel() { cancelStream() }

    /// The messages for asynchronous code; each is waited for on a thread of its own, when it is asked for, so that a slow reader
    /// holds back the server and not its messages. Leaving the loop ends the stream.
    public var messages: Messages { Messages(stream: self) }

    public struct Messages: AsyncSequence, Sendable {
        public typealias Element = Message

        let stream: OrcaStream

        public func makeAsyncIterator() -> Iterator { Iterator(stream) }

        public final class Iterator: AsyncIteratorProtocol {
            private let stream: OrcaStream

            init(_ stream: OrcaStream) { self.stream = stream }

            deinit { stream.cancel() }

            public func next() async throws -> Message? {
                let stream = stream
                return try await withTaskCancellationHandler {
                    try await withCheckedThrowingContinuation { continuation in
                        do {
                            _ = try ManagedThread("orca-stream") {
                                continuation.resume(with: Result { try stream.next() })
                            }
                        } catch {
                            continuation.resume(
                                throwing: OrcaError(code: "no_thread", category: "unavailable", "\(error)"))
                        }
                    }
                } onCancel: {
                    stream.cancel()
                }
            }
        }
    }
}
