import Synchronization

/// What waits for the one thread that writes, in the order in which it came. While that thread commits a group, the next
/// one collects here; no timer is needed.
package final class WorkQueue: Sendable {
    private struct State: ~Copyable {
        var waiting: [any StoreWork] = []
        var isClosed = false
    }

    private let groupMax: Int
    private let state = Mutex(State())
    private let bell = WakeBell()

    /// - Parameter groupMax: how many commands are handed out at once; bounds how long the first of them waits.
    package init(groupMax: Int) {
        self.groupMax = groupMax
    }

    /// Answers false once it is closed.
    package func submit(_ work: any StoreWork) -> Bool {
        let isTaken = state.withLock { state in
            if state.isClosed { return false }
            state.waiting.append(work)
            return true
        }
        if isTaken { bell.ring() }
        return isTaken
    }

    /// What waits is still handed out; nothing more is taken.
    package func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    /// Sleeps until there is something to do; `nil` once it is closed and empty. For one thread.
    package func nextGroup() -> [any StoreWork]? {
        while true {
            let (group, isClosed) = take()
            if !group.isEmpty { return group }
            if isClosed { return nil }
            bell.wait()
        }
    }

    private func take() -> ([any StoreWork], isClosed: Bool) {
        state.withLock { state in
            if state.waiting.count <= groupMax {
                defer { state.waiting = [] }
                return (state.waiting, state.isClosed)
            }
            let group = Array(state.waiting.prefix(groupMax))
            state.waiting.removeFirst(groupMax)
            return (group, state.isClosed)
        }
    }
}
