import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import Synchronization

/// A server stream over gRPC.
final class GRPCStream: ClientStream {
    private let call: RPCRequest
    private let decode: @Sendable ([UInt8]) throws(APIError) -> any ProtoMessage
    /// One reader at a time; also whether the stream is over.
    private let reading = Mutex(false)
    private let isCanceled = Atomic(false)

    init(_ call: RPCRequest, decode: @escaping @Sendable ([UInt8]) throws(APIError) -> any ProtoMessage) {
        self.call = call
        self.decode = decode
    }

    deinit {
        call.cancel()
        reading.withLock { isOver in
            if !isOver { end() }
        }
    }

    func cancel() {
        if !isCanceled.exchange(true, ordering: .acquiringAndReleasing) { call.cancel() }
    }

    func next() throws(APIError) -> (any ProtoMessage)? {
        let result: Result<[UInt8]?, APIError> = reading.withLock { isOver in
            guard !isOver else { return .success(nil) }
            if let bytes = call.next() { return .success(bytes) }
            isOver = true
            return failure(call.finish()).map(Result.failure) ?? .success(nil)
        }
        return try result.get().map(decode)
    }

    /// The library wants to be asked how a call ended before it forgets it.
    private func end() {
        while call.next() != nil {}
        _ = call.finish()
    }

    private func failure(_ outcome: RPCRequest.Outcome) -> APIError? {
        if outcome.code == RPCCode.ok.rawValue || isCanceled.load(ordering: .acquiring) { return nil }
        if let told = StatusDetails.error(outcome.details) { return told }
        return APIError(
            "stream_broken", .unavailable,
            "The connection to the server broke (\(outcome.message)); follow again from the last sequence.")
    }
}
