import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Makes a plan of nodes, and collects everything that is wrong with them.
struct PlanDecoder {
    private(set) var diagnostics: [PlanDiagnostic] = []
    /// Where each task and each reference stands, for the checks on the graph.
    private(set) var places = PlanPlaces()

    mutating func plan(_ root: PlanNode?, defaultName: String) -> OrcaV1.Plan {
        var plan = OrcaV1.Plan()
        plan.name = defaultName
        guard let root, let fields = map(root, PlanFields.plan, "a plan") else {
            if root == nil { complain(.init(1, 1), "the file has no plan. Begin with `tasks:` and a list below it.") }
            return plan
        }
        if let name = fields["name"] {
            plan.name = text(name, "name", max: Limits.nameBytesMax)
            if plan.name.isEmpty {
                complain(name.place, "the plan's name is empty. Give it one, or leave the line out.")
            }
        }
        guard let tasks = fields["tasks"] else {
            complain(root.place, "the plan has no `tasks`. Add `tasks:` with a list below it.")
            return plan
        }
        let items = list(tasks, "tasks")
        if items.isEmpty { complain(tasks.place, "the plan has no tasks. Add at least one.") }
        if items.count > Limits.planTasksMax {
            complain(
                items[Limits.planTasksMax].place,
                "the plan has \(items.count) tasks; the most is \(Limits.planTasksMax). Split it.")
            return plan
        }
        plan.tasks = items.map { task($0) }
        return plan
    }

    // MARK: A task

    private mutating func task(_ node: PlanNode) -> OrcaV1.PlanTask {
        var task = OrcaV1.PlanTask()
        var place = PlanPlaces.Task(key: node.place)
        defer { places.tasks.append(place) }
        guard let fields = map(node, PlanFields.task, "a task") else { return task }
        if let title = fields["title"] { task.title = text(title, "title", max: Limits.titleBytesMax) }
        if task.title.isEmpty {
            complain(fields["title"]?.place ?? node.place, "the task has no title. Add `title: …`.")
        }
        decodeKey(fields["key"], node, &task, &place)
        if let spec = fields["spec"] { task.spec = text(spec, "spec", max: Limits.specBytesMax) }
        if let priority = fields["priority"] {
            task.priority = Int32(integer(priority, "priority", Limits.priorityMin...Limits.priorityMax))
        }
        if let dependsOn = fields["depends_on"] { decodeDependencies(dependsOn, &task, &place) }
        if let parent = fields["parent"] {
            task.parent = text(parent, "parent", max: PlanKey.bytesMax)
            place.parent = parent.place
        }
        decodeLists(fields, &task)
        if let notBefore = fields["not_before"] { task.notBefore = time(notBefore) }
        if let retry = fields["retry"] { task.retry = self.retry(retry) }
        if let contract = fields["contract"] { task.contract = self.contract(contract) }
        if let context = fields["context"] { task.context = self.context(context) }
        if let assignee = fields["assignee"] { task.assignee = text(assignee, "assignee", max: Limits.nameBytesMax) }
        return task
    }

    private mutating func decodeKey(
        _ node: PlanNode?, _ whole: PlanNode, _ task: inout OrcaV1.PlanTask, _ place: inout PlanPlaces.Task
    ) {
        if let node {
            place.key = node.place
            task.key = text(node, "key", max: PlanKey.bytesMax)
        } else {
            task.key = PlanKey.make(from: task.title)
        }
        if task.key.isEmpty, node == nil, task.title.isEmpty { return }
        if !PlanKey.isValid(task.key) {
            complain(
                place.key,
                "a key has 1 to \(PlanKey.bytesMax) letters, digits, '.', '_', '-' or '/' and begins with a letter or digit; "
                    + "'\(shortened(task.key))' does not. Add a `key:` that fits.")
        }
    }

    private mutating func decodeLists(_ fields: [String: PlanNode], _ task: inout OrcaV1.PlanTask) {
        if let tags = fields["tags"] { task.tags = words(tags, "tags", max: Limits.tagsMax) }
        if let labels = fields["labels"] { task.labels = words(labels, "labels", max: Limits.labelsMax) }
        if let capabilities = fields["capabilities"] {
            task.capabilities = words(capabilities, "capabilities", max: Limits.capabilitiesMax)
        }
    }

    private mutating func decodeDependencies(
        _ node: PlanNode, _ task: inout OrcaV1.PlanTask, _ place: inout PlanPlaces.Task
    ) {
        for item in listOrWords(node, "depends_on") {
            var dependency = OrcaV1.PlanDependency()
            if case .map = item.value {
                guard let fields = map(item, PlanFields.dependency, "a dependency") else { continue }
                if let key = fields["key"] { dependency.key = text(key, "key", max: PlanKey.bytesMax) }
                if let policy = fields["policy"] { dependency.policy = self.policy(policy) }
            } else {
                dependency.key = text(item, "depends_on", max: PlanKey.bytesMax)
            }
            if dependency.key.isEmpty {
                complain(item.place, "the dependency names no task. Write the key of a task of this plan.")
                continue
            }
            task.dependsOn.append(dependency)
            place.dependencies.append(item.place)
        }
        if task.dependsOn.count > Limits.dependenciesPerTaskMax {
            complain(
                node.place,
                "the task has \(task.dependsOn.count) dependencies; the most is \(Limits.dependenciesPerTaskMax).")
        }
    }

    private mutating func policy(_ node: PlanNode) -> OrcaV1.Dependency.Policy {
        let word = text(node, "policy", max: 32)
        if PlanFields.policies.contains(word), let policy = OrcaV1.Dependency.Policy(protoName: word) { return policy }
        let hint = Suggestion.nearest(to: word, in: PlanFields.policies).map { " Did you mean '\($0)'?" } ?? ""
        complain(node.place, "'\(shortened(word))' is no policy; write block, cancel or ignore.\(hint)")
        return .unspecified
    }

    private mutating func retry(_ node: PlanNode) -> OrcaV1.RetryPolicy {
        var policy = OrcaV1.RetryPolicy()
        guard let fields = map(node, PlanFields.retry, "retry") else { return policy }
        let dayMS = 86_400_000
        if let node = fields["max_attempts"] {
            policy.maxAttempts = Int32(integer(node, "max_attempts", 1...Limits.attemptsMax))
        }
        if let node = fields["backoff_initial_ms"] {
            policy.backoffInitialMs = Int32(integer(node, "backoff_initial_ms", 1...dayMS))
        }
        if let node = fields["backoff_max_ms"] {
            policy.backoffMaxMs = Int32(integer(node, "backoff_max_ms", 1...dayMS))
        }
        return policy
    }

    private mutating func contract(_ node: PlanNode) -> [OrcaV1.ContractItem] {
        let items: [PlanNode]
        if case .list(let all) = node.value { items = all } else { items = [node] }
        if items.count > Limits.contractItemsMax {
            complain(node.place, "the contract has \(items.count) lines; the most is \(Limits.contractItemsMax).")
        }
        return items.compactMap { contractItem($0) }
    }

    /// `command: …` or `file: …`; bare text is a command.
    private mutating func contractItem(_ node: PlanNode) -> OrcaV1.ContractItem? {
        var item = OrcaV1.ContractItem()
        if case .scalar(let command) = node.value {
            item.requirement = .command(command)
            return item
        }
        guard let fields = map(node, PlanFields.contract, "a line of a contract") else { return nil }
        guard fields.count == 1, let (name, value) = fields.first else {
            complain(node.place, "a line of a contract is either `command: …` or `file: …`. Make two lines of it.")
            return nil
        }
        let body = text(value, name, max: Limits.textBytesMax)
        if body.isEmpty { complain(value.place, "`\(name)` is empty. Say which, or remove the line.") }
        if name == "file", body.hasPrefix("/") || body.split(separator: "/").contains("..") {
            complain(
                value.place, "'\(shortened(body))' leads out of the checkout. Write a path below it, without '..'.")
        }
        item.requirement = name == "file" ? .file(body) : .command(body)
        return item
    }

    private mutating func context(_ node: PlanNode) -> [String: String] {
        guard case .map(let entries) = node.value else {
            complain(
                node.place, "`context` is a map of names to text, not \(node.kind). Write `name: value` lines below it."
            )
            return [:]
        }
        if entries.count > Limits.contextEntriesMax {
            complain(node.place, "the context has \(entries.count) entries; the most is \(Limits.contextEntriesMax).")
        }
        var result: [String: String] = [:]
        for entry in entries {
            if entry.key.isEmpty || entry.key.utf8.count > Limits.contextKeyBytesMax {
                complain(entry.keyPlace, "a name in the context has 1 to \(Limits.contextKeyBytesMax) bytes.")
            }
            if result[entry.key] != nil {
                complain(entry.keyPlace, "'\(shortened(entry.key))' is there twice. Remove one.")
            }
            result[entry.key] = text(entry.value, "context", max: Limits.contextValueBytesMax)
        }
        return result
    }
}

// MARK: - Values

extension PlanDecoder {
    mutating func complain(_ place: PlanDiagnostic.Place, _ message: String) {
        diagnostics.append(PlanDiagnostic(place, message))
    }

    /// The fields of a map by name; refuses names that do not belong there and names that are there twice.
    private mutating func map(_ node: PlanNode, _ allowed: [String], _ what: String) -> [String: PlanNode]? {
        guard case .map(let entries) = node.value else {
            complain(node.place, "expected \(what) here (lines of `name: value`), not \(node.kind).")
            return nil
        }
        var fields: [String: PlanNode] = [:]
        var seen: [String: Int] = [:]
        for entry in entries {
            guard allowed.contains(entry.key) else {
                let nearest = Suggestion.nearest(to: entry.key, in: allowed)
                let hint = nearest.map { "Did you mean '\($0)'?" } ?? "Allowed are \(allowed.joined(separator: ", "))."
                complain(entry.keyPlace, "'\(shortened(entry.key))' is no field of \(what). \(hint)")
                continue
            }
            if let line = seen[entry.key] {
                complain(entry.keyPlace, "'\(entry.key)' is there twice, first in line \(line). Remove one.")
                continue
            }
            seen[entry.key] = entry.keyPlace.line
            // `name:` with nothing after it is the same as leaving it out.
            if case .empty = entry.value.value { continue }
            fields[entry.key] = entry.value
        }
        return fields
    }

    private mutating func text(_ node: PlanNode, _ field: String, max: Int) -> String {
        switch node.value {
        case .scalar(let text):
            if text.utf8.count > max {
                complain(node.place, "`\(field)` has \(text.utf8.count) bytes; the most is \(max). Shorten it.")
            }
            return text
        case .empty: return ""
        case .list, .map:
            complain(node.place, "`\(field)` is text, not \(node.kind). Put it in quotes if it must look like this.")
            return ""
        }
    }

    private mutating func integer(_ node: PlanNode, _ field: String, _ range: ClosedRange<Int>) -> Int {
        if case .scalar(let text) = node.value, let number = Int(text), range.contains(number) { return number }
        let given = if case .scalar(let text) = node.value { "'\(shortened(text))'" } else { node.kind }
        complain(
            node.place, "`\(field)` is a whole number from \(range.lowerBound) to \(range.upperBound), not \(given).")
        return range.contains(0) ? 0 : range.lowerBound
    }

    private mutating func list(_ node: PlanNode, _ field: String) -> [PlanNode] {
        if case .list(let items) = node.value { return items }
        complain(node.place, "`\(field)` is a list, not \(node.kind). Begin each of its items with '- '.")
        return []
    }

    /// A list, or one line of words with commas between them.
    private mutating func listOrWords(_ node: PlanNode, _ field: String) -> [PlanNode] {
        guard case .scalar(let text) = node.value else { return list(node, field) }
        return text.split(separator: ",").map { PlanNode(node.place, .scalar(trimmed($0))) }
    }

    private mutating func words(_ node: PlanNode, _ field: String, max: Int) -> [String] {
        let items = listOrWords(node, field)
        if items.count > max { complain(node.place, "`\(field)` has \(items.count) entries; the most is \(max).") }
        var found: [String] = []
        for item in items {
            let word = text(item, field, max: Limits.nameBytesMax)
            let isWord = !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x2C }
            if !isWord {
                complain(item.place, "'\(shortened(word))' in `\(field)` is not one word without blanks and commas.")
            }
            if !found.contains(word) { found.append(word) }
        }
        return found
    }

    private mutating func time(_ node: PlanNode) -> ProtoTimestamp? {
        let word = text(node, "not_before", max: 64)
        // The JSON form of a timestamp is the form of the plan.
        if let time = try? ProtoTimestamp(jsonBytes: Array("\"\(word.filter { $0 != "\"" && $0 != "\\" })\"".utf8)) {
            return time
        }
        complain(node.place, "`not_before` is a time like 2030-01-31T08:00:00Z, not '\(shortened(word))'.")
        return nil
    }

    private func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    func shortened(_ text: String) -> String { text.count <= 40 ? text : String(text.prefix(30)) + "…" }
}
