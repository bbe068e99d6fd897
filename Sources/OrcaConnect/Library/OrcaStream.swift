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

    /// The messages for asynchronous code, read on a thread of their own. Leaving the loop ends the stream. A reader that is slow
    /// for long holds the messages that have come meanwhile.
    public var messages: AsyncThrowingStream<Message, any Error> {
        let (stream, continuation) = AsyncThrowingStream<Message, any Error>.makeStream()
        continuation.onTermination = { _ in cancel() }
        do {
            _ = try ManagedThread("orca-stream") {
                do throws(OrcaError) {
                    while let message = try next() { continuation.yield(message) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
        } catch {
            continuation.finish(throwing: OrcaError(code: "no_thread", category: "unavailable", error.description))
        }
        return stream
    }
}
