import OrcaDomain
import OrcaStore

/// Parents and children: context flows down.
struct Family {
    let store: any StoreReader

    init(_ store: any StoreReader) {
        self.store = store
    }

    /// What a new child of this task inherits. Throws when the chain of parents is too long.
    func contextForChildren(of parent: WorkTask) throws -> [String: String] {
        var depth = 1
        var ancestor = parent.parent
        while let id = ancestor, let task = try store.tasks.find(id) {
            depth += 1
            ancestor = task.parent
        }
        guard depth < Limits.parentDepthMax else {
            throw DomainError(
                .limitExceeded, "\(parent.ref) is nested \(depth) deep; the most is \(Limits.parentDepthMax).",
                details: ["task": parent.ref])
        }
        return try Lookup(store).body(of: parent.id).contextForChildren
    }

    /// Writes a changed context down to all descendants.
    func spreadContext(from task: WorkTask, in tx: any StoreTransaction) throws {
        var work = [task]
        while let parent = work.popLast() {
            let handedDown = try Lookup(store).body(of: parent.id).contextForChildren
            for child in try store.tasks.children(of: parent.id) {
                var body = try Lookup(store).body(of: child.id)
                guard body.inheritedContext != handedDown else { continue }
                body.inheritedContext = handedDown
                try tx.save(body, of: child.id)
                work.append(child)
            }
        }
    }
}
