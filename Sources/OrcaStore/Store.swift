/// The port to whatever keeps the state. Closures are synchronous on purpose: nothing slow or foreign can happen
/// inside a transaction.
package protocol Store: Sendable {
    /// Runs `body` on a consistent snapshot.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreReader) throws -> Result
    ) async throws -> Result

    /// Runs `body` in a transaction of its own. When this returns, its writes are durable; when it throws, nothing
    /// of it is left. Transactions are serialised.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result

    /// Fires after every commit; carries no data.
    var changes: ChangeSignal { get }

    /// How servers on the same database find each other; `nil` when it is one server's alone.
    var sharing: (any StoreSharing)? { get }

    /// Integrity, size, repair.
    var maintenance: any StoreMaintenance { get }

    /// Ends all connections. Waiting calls are finished first.
    func close() async
}

extension Store {
    package var sharing: (any StoreSharing)? { nil }
}

/// A consistent view of the state.
package protocol StoreReader {
    var workspaces: any WorkspaceCollection { get }
    var projects: any ProjectCollection { get }
    var tasks: any TaskCollection { get }
    var dependencies: any DependencyCollection { get }
    var attempts: any AttemptCollection { get }
    var leases: any LeaseCollection { get }
    var agents: any AgentCollection { get }
    var events: any EventCollection { get }
    var tokens: any TokenCollection { get }
    var terminals: any TerminalCollection { get }
    var repos: any RepoCollection { get }
    var worktrees: any WorktreeCollection { get }
    var gates: any GateCollection { get }
    var dispatches: any DispatchCollection { get }
    var runs: any RunCollection { get }
    var messages: any MessageCollection { get }
    var replies: any ReplyCollection { get }
    var servers: any ServerCollection { get }
}

/// A view that can be changed: one writing protocol per entity.
package protocol StoreTransaction: StoreReader, WorkspaceWriting, ProjectWriting, TaskWriting, DependencyWriting,
    AttemptWriting, LeaseWriting, AgentWriting, EventWriting, TokenWriting, TerminalWriting, RepoWriting,
    WorktreeWriting,
    GateWriting,
    DispatchWriting, RunWriting, MessageWriting, ReplyWriting, ServerWriting
{}

/// Looking after the store itself; not for use cases.
package protocol StoreMaintenance: Sendable {
    /// What the store is, for people: `sqlite:/path`, `memory`.
    var name: String { get }
    func schemaVersion() async throws -> Int
    func usage() async throws -> StoreUsage
    /// Checks the files and everything that is kept twice; with `fix`, repairs what can be computed again.
    func check(fix: Bool) async throws -> [StoreFinding]
}

package struct StoreUsage: Sendable {
    package var kinds: [(kind: String, rows: Int64, bytes: Int64)]
    package var storeBytes: Int64

    package init(kinds: [(kind: String, rows: Int64, bytes: Int64)], storeBytes: Int64) {
        self.kinds = kinds
        self.storeBytes = storeBytes
    }
}

package struct StoreFinding: Sendable, Hashable {
    package var check: String
    package var isOK: Bool
    package var detail: String
    package var isFixed: Bool

    package init(check: String, isOK: Bool, detail: String, isFixed: Bool = false) {
        self.check = check
        self.isOK = isOK
        self.detail = detail
        self.isFixed = isFixed
    }
}
