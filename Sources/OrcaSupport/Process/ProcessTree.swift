import CLinux
import Glibc

/// All processes that came from one child: its session, its descendants, and whoever carries its marker in the
/// environment. A group kill alone leaves behind what called `setsid` or was forked twice.
package struct ProcessTree: Sendable, Hashable {
    /// The child that leads the session. It must not have been reaped, so that its number still means it.
    /// 0 when only the marker is known.
    package let root: Int32
    /// `ORCA_TREE=…`, unique for the tree; empty for none.
    package let marker: String

    package init(root: Int32, marker: String) {
        self.root = root
        self.marker = marker
    }

    /// Name of the environment variable that marks a tree.
    package static let markerName = "ORCA_TREE"

    /// The members that have not ended, never this process itself. `known` are members seen before: they still
    /// belong to the tree when whoever tied them to it has gone.
    package func members(known: Set<ProcessEntry.Identity> = []) -> [ProcessEntry] {
        let table = ProcessTable.all()
        var chosen: Set<Int32> = root > 0 ? [root] : []
        for entry in table where known.contains(entry.identity) { chosen.insert(entry.pid) }
        for entry in table where root > 0 && entry.session == root { chosen.insert(entry.pid) }
        if !marker.isEmpty {
            for entry in table where !chosen.contains(entry.pid) && entry.state != .dead {
                if ProcessTable.environment(of: entry.pid, contains: marker) { chosen.insert(entry.pid) }
            }
        }
        let children = Dictionary(grouping: table, by: \.parent)
        var queue = Array(chosen)
        while let parent = queue.popLast() {
            for child in children[parent] ?? [] where chosen.insert(child.pid).inserted { queue.append(child.pid) }
        }
        let ourselves = getpid()
        return table.filter { chosen.contains($0.pid) && $0.pid != ourselves && $0.state != .dead }
    }

    /// Whether the tree gets on with its work: dead without members, stopped when its root or everything that
    /// would work is stopped. A parent that waits for a stopped child is not working.
    package func state() -> ProcessEntry.State {
        let members = members()
        if members.isEmpty { return .dead }
        if members.contains(where: { $0.pid == root && $0.state == .stopped }) { return .stopped }
        let parents = Set(members.map(\.parent))
        let leaves = members.filter { !parents.contains($0.pid) }
        return leaves.allSatisfy { $0.state == .stopped } ? .stopped : .running
    }

    /// Ends every member: TERM and CONT, `grace` to comply, then STOP so that nothing new is forked, look again,
    /// KILL, until nobody is left. True when the tree is gone.
    @discardableResult
    package func kill(grace: Duration = .seconds(2)) -> Bool {
        var known: Set<ProcessEntry.Identity> = []
        func survivors() -> [ProcessEntry] {
            let found = members(known: known)
            known.formUnion(found.map(\.identity))
            return found
        }
        signal(survivors(), [SIGTERM, SIGCONT])
        if waitUntilGone(.after(grace), survivors) { return true }
        for _ in 0..<Self.killRounds {
            signal(survivors(), [SIGSTOP])
            signal(survivors(), [SIGKILL])
            if waitUntilGone(.after(.milliseconds(200)), survivors) { return true }
        }
        return survivors().isEmpty
    }

    /// How often the tree is looked at again for survivors of a KILL: forks in flight, uninterruptible sleep.
    private static let killRounds = 25

    /// Each signal goes through a pidfd whose start time was checked after it was opened: a number that was
    /// taken by somebody else in the meantime is left alone.
    private func signal(_ entries: [ProcessEntry], _ signals: [Int32]) {
        for entry in entries {
            let raw = orca_pidfd_open(entry.pid)
            guard raw >= 0 else { continue }
            let pidfd = OwnedDescriptor(raw)
            guard ProcessTable.entry(entry.pid)?.startTime == entry.startTime else { continue }
            for number in signals { _ = orca_pidfd_send_signal(pidfd.raw, number) }
        }
    }

    private func waitUntilGone(_ deadline: Deadline, _ survivors: () -> [ProcessEntry]) -> Bool {
        while true {
            var left = survivors()
            if left.isEmpty {
                // In the middle of an exec a process shows no environment: nobody is gone who was not missed twice.
                _ = Poll.readable([], until: .after(.milliseconds(10)))
                left = survivors()
                if left.isEmpty { return true }
            }
            if deadline.hasPassed { return false }
            let pidfds = left.prefix(64).compactMap { entry in
                let raw = orca_pidfd_open(entry.pid)
                return raw >= 0 ? OwnedDescriptor(raw) : nil
            }
            // Wakes with the first that ends; the pause bounds how stale the list can get.
            _ = Poll.readable(pidfds.map(\.raw), until: min(deadline, .after(.milliseconds(50))))
        }
    }
}
