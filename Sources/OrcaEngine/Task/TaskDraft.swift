package import OrcaDomain

/// What somebody says about a task; the same for a single create and for a plan.
package struct TaskDraft: Sendable, Hashable {
    package var title: String
    package var spec = ""
    package var priority = 0
    package var tags: [String] = []
    package var capabilities: [String] = []
    package var assignee = ""
    package var labels: [String] = []
    package var notBefore: Timestamp?
    package var retry: RetryPolicy?
    package var contract: [ContractItem] = []
    package var context: [String: String] = [:]

    package init(title: String) {
        self.title = title
    }

    package func check() throws {
        guard title.contains(where: { !$0.isWhitespace }) else {
            throw DomainError(.invalidArgument, "A task needs a title.", details: ["field": "title"])
        }
        try Names.checkLength(title, max: Limits.titleBytesMax, field: "title")
        try Names.checkLength(spec, max: Limits.specBytesMax, field: "spec")
        guard (Limits.priorityMin...Limits.priorityMax).contains(priority) else {
            throw DomainError(
                .invalidArgument,
                "priority is \(priority); it must be between \(Limits.priorityMin) and \(Limits.priorityMax).",
                details: ["field": "priority"])
        }
        try AgentRules.check(tags: tags)
        try Names.checkCount(labels.count, max: Limits.labelsMax, field: "labels")
        for label in labels { try Names.checkWord(label, field: "labels") }
        if !assignee.isEmpty { try Names.checkAgent(assignee) }
        if let retry { try RetryRules.check(retry) }
        try checkContract()
        try checkContext()
    }

    private func checkContract() throws {
        try Names.checkCount(contract.count, max: Limits.contractItemsMax, field: "contract")
        for item in contract {
            switch item {
            case .command(let line):
                try Names.checkLength(line, max: Limits.textBytesMax, field: "contract")
                guard line.contains(where: { !$0.isWhitespace }) else {
                    throw DomainError(
                        .invalidArgument, "A command of a completion contract is empty.",
                        details: ["field": "contract"])
                }
            case .file(let path):
                try Names.checkLength(path, max: Limits.textBytesMax, field: "contract")
                let steps = path.split(separator: "/", omittingEmptySubsequences: false)
                guard !path.isEmpty, !path.hasPrefix("/"), !steps.contains("..") else {
                    throw DomainError(
                        .invalidArgument,
                        "'\(path.prefix(60))' in a completion contract must be a path below the checkout: relative, "
                            + "without '..'.",
                        details: ["field": "contract"])
                }
            }
        }
    }

    private func checkContext() throws {
        try Names.checkCount(context.count, max: Limits.contextEntriesMax, field: "context")
        for (key, value) in context {
            guard !key.isEmpty else {
                throw DomainError(.invalidArgument, "A context entry has no name.", details: ["field": "context"])
            }
            try Names.checkLength(key, max: Limits.contextKeyBytesMax, field: "context")
            try Names.checkLength(value, max: Limits.contextValueBytesMax, field: "context")
        }
    }

    package func requirement() throws -> Requirement {
        try Names.checkCount(capabilities.count, max: Limits.capabilitiesMax, field: "required_capabilities")
        let constraints = try capabilities.map { text in
            guard text.utf8.count <= Limits.nameBytesMax * 2, let constraint = CapabilityConstraint(text) else {
                throw DomainError(
                    .invalidArgument,
                    "'\(text.prefix(60))' is no capability; write 'gpu', 'os=linux' or 'memory_gb>=16'.",
                    details: ["field": "required_capabilities"])
            }
            return constraint
        }
        return Requirement(tags: tags, capabilities: constraints, assignee: assignee)
    }

    func body(inheriting inherited: [String: String]) -> TaskBody {
        TaskBody(
            spec: spec, labels: Set(labels).sorted(), contract: contract, context: context,
            inheritedContext: inherited)
    }
}
