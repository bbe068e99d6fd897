package import OrcaDomain

/// A plan as the engine sees it: tasks that name each other by key.
package struct PlanSpec: Sendable {
    package struct Item: Sendable {
        package var key: String
        package var draft: TaskDraft
        package var dependencies: [(key: String, policy: Dependency.Policy)]
        package var parent: String

        package init(
            key: String, draft: TaskDraft, dependencies: [(key: String, policy: Dependency.Policy)] = [],
            parent: String = ""
        ) {
            self.key = key
            self.draft = draft
            self.dependencies = dependencies
            self.parent = parent
        }
    }

    package var name: String
    package var items: [Item]

    package init(name: String, items: [Item]) {
        self.name = name
        self.items = items
    }

    /// The items so that each comes after what it depends on and after its parent. Throws what is wrong with the plan.
    func ordered() throws -> [Item] {
        try checkNames()
        var byKey: [String: Item] = [:]
        for item in items {
            guard byKey.updateValue(item, forKey: item.key) == nil else {
                throw invalid("The key '\(item.key)' is used twice; keys are unique in a plan.", item.key)
            }
        }
        for item in items {
            for key in item.dependencies.map(\.key) where byKey[key] == nil {
                throw invalid("'\(item.key)' depends on '\(key)', which is not in the plan.", item.key)
            }
            if !item.parent.isEmpty, byKey[item.parent] == nil {
                throw invalid("'\(item.key)' has the parent '\(item.parent)', which is not in the plan.", item.key)
            }
        }
        let needs: (String) -> [String] = { key in
            guard let item = byKey[key] else { return [] }
            return item.dependencies.map(\.key) + (item.parent.isEmpty ? [] : [item.parent])
        }
        let keys = items.map(\.key)
        if let cycle = CycleSearch.cycle(in: keys, edges: needs) {
            let path = cycle.joined(separator: " → ")
            throw DomainError(
                .dependencyCycle, "The plan has a cycle: \(path). Remove one of these dependencies.",
                details: ["path": path])
        }
        return Self.sorted(keys, needs).compactMap { byKey[$0] }
    }

    private func checkNames() throws {
        guard !name.isEmpty else { throw invalid("The plan has no name.", "") }
        try Names.checkLength(name, max: Limits.nameBytesMax, field: "name")
        try Names.checkCount(items.count, max: Limits.planTasksMax, field: "tasks")
        for item in items {
            guard !item.key.isEmpty else { throw invalid("A task of the plan has no key.", "") }
            try Names.checkLength(item.key, max: Limits.nameBytesMax, field: "key")
        }
    }

    private func invalid(_ message: String, _ key: String) -> DomainError {
        DomainError(.planInvalid, message, details: key.isEmpty ? [:] : ["key": key])
    }

    /// The order of the file, but for what is needed before it stands there: numbers are given in this order, and people expect
    /// those of their file. Precondition: no cycles.
    private static func sorted(_ keys: [String], _ needs: (String) -> [String]) -> [String] {
        let place = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
        var done: Set<String> = []
        var result: [String] = []
        for key in keys {
            var stack = [key]
            while let top = stack.last {
                let open = done.contains(top) ? [] : Set(needs(top)).subtracting(done)
                guard open.isEmpty else {
                    // What stands first in the file comes to lie on top.
                    stack += open.sorted { place[$0, default: 0] > place[$1, default: 0] }
                    continue
                }
                stack.removeLast()
                if done.insert(top).inserted { result.append(top) }
            }
        }
        return result
    }
}
