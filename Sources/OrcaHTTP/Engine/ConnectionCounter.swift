import Synchronization

/// How many connections are open, for those who must not hold on to the engine.
package final class ConnectionCounter: Sendable {
    private let open = Atomic<Int>(0)

    package init() {}

    package var count: Int { open.load(ordering: .relaxed) }

    func add(_ change: Int) { open.add(change, ordering: .relaxed) }
}
