import OrcaSQL
import OrcaStore

/// A caller's closure on its way through a store thread and back.
/// Handed from thread to thread through a queue; only the thread that took it out touches it.
final class StoreJob<Result: Sendable>: WriteJob, @unchecked Sendable {
    let isWrite: Bool
    private let body: @Sendable (SQLSession) throws -> Result
    private let continuation: CheckedContinuation<Result, any Error>
    private var outcome: Swift.Result<Result, any Error>?

    init(
        _ continuation: CheckedContinuation<Result, any Error>, isWrite: Bool,
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) {
        self.continuation = continuation
        self.isWrite = isWrite
        self.body = body
    }

    func run(in session: SQLSession) throws {
        outcome = .success(try body(session))
    }

    func fail(_ error: any Error) {
        // A refusal of its own stays; a commit that failed afterwards overrules a success.
        if case .failure? = outcome { return }
        outcome = .failure(error)
    }

    func finish() {
        continuation.resume(with: outcome ?? .failure(StoreError.closed))
    }
}
