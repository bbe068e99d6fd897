/// What an agent must be to work on a task. Tasks with equal requirements share one row and one queue.
package struct Requirement: Sendable, Hashable {
    /// Sorted, without duplicates.
    package var tags: [String]
    package var capabilities: [CapabilityConstraint]
    /// Name of the only agent that may claim it; empty for any.
    package var assignee: String

    package init(tags: [String] = [], capabilities: [CapabilityConstraint] = [], assignee: String = "") {
        self.tags = Set(tags).sorted()
        self.capabilities = Set(capabilities).sorted { $0.text < $1.text }
        self.assignee = assignee
    }

    package static let none = Requirement()

    /// What an agent lacks, in the words of `explain`; empty when it qualifies.
    package func shortcomings(ofAgent name: String, tags agentTags: Set<String>, capabilities facts: [String: String])
        -> [Shortcoming]
    {
        var found: [Shortcoming] = []
        if !assignee.isEmpty, assignee != name { found.append(.assignedTo(assignee)) }
        let missing = tags.filter { !agentTags.contains($0) }
        if !missing.isEmpty { found.append(.missingTags(missing)) }
        for constraint in capabilities where !constraint.holds(for: facts) {
            found.append(.unmetCapability(constraint.text))
        }
        return found
    }

    package enum Shortcoming: Sendable, Hashable {
        case assignedTo(String)
        case missingTags([String])
        case unmetCapability(String)

        package var code: String {
            switch self {
            case .assignedTo: "assignee"
            case .missingTags: "tags"
            case .unmetCapability: "capability"
            }
        }

        package var sentence: String {
            switch self {
            case .assignedTo(let name): "it is assigned to \(name)"
            case .missingTags(let tags): "the agent lacks the tags \(tags.joined(separator: ", "))"
            case .unmetCapability(let text): "the agent does not meet \(text)"
            }
        }
    }
}
