import Synchronization

/// Where the server can be reached over loopback; known once it listens.
package final class AgentURL: Sendable {
    private let state = Mutex<String?>(nil)

    package init() {}

    /// `http://…`; `nil` when there is no such address.
    package var value: String? { state.withLock { $0 } }

    package func set(_ url: String) { state.withLock { $0 = url } }
}
