package import OrcaAPI
package import OrcaConnect
import OrcaDomain
package import OrcaProtobuf
package import OrcaSupport
import Synchronization

/// A client for calls that must get through: while the server is away they are tried again, with the same
/// idempotency key, so that nothing is done twice.
package final class PatientClient: Sendable {
    package let client: any OrcaClient
    private let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(5))
    private let isAway = Atomic(false)
    private let observer: WorkObserver

    package init(_ client: any OrcaClient, observer: @escaping WorkObserver) {
        self.client = client
        self.observer = observer
    }

    /// Calls until there is an answer other than "not now". Gives up, with the last error, when `deadline` has
    /// passed or `giveUp` is raised.
    package func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, key: String? = nil,
        until deadline: Deadline = .never, giveUp: StopSignal? = nil
    ) throws(APIError) -> Response {
        let fixedKey = operation.erased.isRead ? nil : key ?? ProcessTree.newMarker()
        var random = SystemRandomNumberGenerator()
        var attempt = 0
        while true {
            do throws(APIError) {
                let answer = try client.call(operation, request, idempotencyKey: fixedKey)
                if isAway.exchange(false, ordering: .acquiringAndReleasing) { observer(.serverBack) }
                return answer
            } catch {
                guard error.isTransient, !deadline.hasPassed, giveUp?.isRaised != true else { throw error }
                if !isAway.exchange(true, ordering: .acquiringAndReleasing) {
                    observer(.serverUnreachable(error.message))
                }
                let pause = min(deadline, .after(backoff.delay(attempt: attempt, random: &random)))
                _ = Poll.readable([giveUp?.descriptor ?? -1], until: pause)
                attempt = min(attempt + 1, 20)
            }
        }
    }
}

extension APIError {
    /// Whether the same call may succeed later without anybody changing anything.
    package var isTransient: Bool {
        switch category {
        case .unavailable, .deadlineExceeded, .resourceExhausted: code != "schema_too_new" && code != "store_corrupt"
        case .invalidArgument, .unauthenticated, .permissionDenied, .notFound, .conflict, .internal: false
        }
    }
}
