package import OrcaAPI
import OrcaProtobuf

/// The order in which finished tasks are merged: what others build on comes first, then what was finished first.
package enum MergeOrder {
    package static func of(_ tasks: [OrcaV1.Task]) -> [OrcaV1.Task] {
        let finished = tasks.filter { $0.status == .completed }.sorted { age($0) < age($1) }
        let byID = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        var order: [OrcaV1.Task] = []
        var seen: Set<String> = []
        // Depth first, with a stack of its own: chains of dependencies may be long.
        for task in finished {
            var stack = [(id: task.id, isExpanded: false)]
            while let top = stack.popLast() {
                if top.isExpanded {
                    if let task = byID[top.id], task.status == .completed { order.append(task) }
                } else if seen.insert(top.id).inserted {
                    stack.append((top.id, true))
                    for earlier in (byID[top.id]?.dependencies ?? []).reversed() where !seen.contains(earlier.task) {
                        stack.append((earlier.task, false))
                    }
                }
            }
        }
        return order
    }

    private static func age(_ task: OrcaV1.Task) -> (Int64, String) {
        (task.completedAt?.milliseconds ?? 0, task.id)
    }
}
