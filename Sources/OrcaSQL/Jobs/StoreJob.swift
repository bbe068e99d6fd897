import OrcaStore

/// One unit of work for the thread of a store: runs inside a transaction, is answered after the commit.
package protocol StoreWork: AnyObject, Sendable {
    /// False for a read that goes through the writer, as in a store without readers: it changes nothing.
    var isWrite: Bool { get }
    /// Throws to have its own effects undone; the others of the group go on.
    func run(in session: SQLSession) throws
    /// Nothing of it happened, and it will not be tried again.
    func fail(_ error: any Error)
    /// Forgets how it went: its transaction was lost as a whole and is about to be repeated.
    func reset()
    /// Answers the caller. Called once, after the commit or after `fail`.
    func finish()
}

/// A caller's closure on its way through a store thread and back.
/// Handed from thread to thread through a queue; only the thread that took it out touches it.
package final class StoreJob<Result: Sendable>: StoreWork, @unchecked Sendable {
    package let isWrite: Bool
    private let body: @Sendable (SQLSession) throws -> Result
    private let continuation: CheckedContinuation<Result, any Error>
    private var outcome: Swift.Result<Result, any Error>?

    package init(
        _ continuation: CheckedContinuation<Result, any Error>, isWrite: Bool,
        _ body: @escaping @Sendable (SQLSession) throws -> Result
    ) {
        self.continuation = continuation
        self.isWrite = isWrite
        self.body = body
    }

    package func run(in session: SQLSession) throws {
        outcome = .success(try body(session))
    }

    package func fail(_ error: any Error) {
        // A refusal of its own stays; a commit that failed afterwards overrules a success.
        if case .failure? = outcome { return }
        outcome = .failure(error)
    }

    package func reset() { outcome = nil }

    package func finish() {
        continuation.resume(with: outcome ?? .failure(StoreError.closed))
    }
}
