/// An edge of the task graph: `task` waits for `dependsOn`.
package struct Dependency: Sendable, Hashable {
    /// What a failed or canceled dependency does to the task that waits.
    package enum Policy: String, Sendable, Hashable, CaseIterable {
        /// It stays pending, and `explain` says why.
        case block
        /// It is canceled too.
        case cancel
        /// It goes on as if the dependency was completed.
        case ignore
    }

    package var task: TaskID
    package var dependsOn: TaskID
    package var policy: Policy

    package init(task: TaskID, dependsOn: TaskID, policy: Policy) {
        self.task = task
        self.dependsOn = dependsOn
        self.policy = policy
    }

    /// Whether the edge still holds the task back.
    package static func isMet(by status: TaskStatus, _ policy: Policy) -> Bool {
        switch status {
        case .completed: true
        case .failed, .canceled: policy == .ignore
        case .pending, .ready, .dispatched, .blocked: false
        }
    }
}

/// Looks for the path that a new edge would close into a cycle.
package enum CycleSearch {
    /// A path `from → … → to` along "waits for" edges, or `nil`. Depth first, every task visited once.
    ///
    /// - Parameter edges: the tasks that a task waits for.
    package static func path<Node: Hashable>(
        from start: Node, to goal: Node, edges: (Node) throws -> [Node]
    ) rethrows -> [Node]? {
        if start == goal { return [start] }
        var cameFrom: [Node: Node] = [:]
        var seen: Set<Node> = [start]
        var stack = [start]
        while let node = stack.popLast() {
            for next in try edges(node) where seen.insert(next).inserted {
                cameFrom[next] = node
                if next == goal { return walkBack(from: goal, cameFrom) }
                stack.append(next)
            }
        }
        return nil
    }

    /// Any cycle of a whole graph as a closed path, or `nil`.
    package static func cycle<Node: Hashable>(in nodes: [Node], edges: (Node) -> [Node]) -> [Node]? {
        var finished: Set<Node> = []
        for root in nodes where !finished.contains(root) {
            var path: [Node] = []
            var onPath: [Node: Int] = [:]
            var work: [(node: Node, rest: ArraySlice<Node>)] = [(root, edges(root)[...])]
            path.append(root)
            onPath[root] = 0
            while let top = work.last {
                guard let next = top.rest.first else {
                    finished.insert(top.node)
                    onPath[top.node] = nil
                    path.removeLast()
                    work.removeLast()
                    continue
                }
                work[work.count - 1].rest = top.rest.dropFirst()
                if let start = onPath[next] { return Array(path[start...]) + [next] }
                if finished.contains(next) { continue }
                onPath[next] = path.count
                path.append(next)
                work.append((next, edges(next)[...]))
            }
        }
        return nil
    }

    private static func walkBack<Node: Hashable>(from goal: Node, _ cameFrom: [Node: Node]) -> [Node] {
        var path = [goal]
        while let previous = cameFrom[path[path.count - 1]] { path.append(previous) }
        return path.reversed()
    }
}
