/// How ready tasks find agents in a project.
package enum Distribution: String, Sendable, Hashable, CaseIterable {
    /// Agents pull; nothing is offered.
    case pull
    case roundRobin = "round_robin"
    case leastLoaded = "least_loaded"
    case capacity
    case manual
}

/// Picks the agent that is offered a task. Pure: the caller brings the candidates that qualify.
package struct OfferChoice: Sendable {
    package struct Candidate: Sendable, Hashable {
        package var id: AgentID
        package var name: String
        package var capacity: Int
        package var activeLeases: Int

        package init(id: AgentID, name: String, capacity: Int, activeLeases: Int) {
            self.id = id
            self.name = name
            self.capacity = capacity
            self.activeLeases = activeLeases
        }

        var freeSlots: Int { max(0, capacity - activeLeases) }
    }

    /// - Parameters:
    ///   - pointer: the agent that was offered something last under `round_robin`.
    ///   - assignee: the agent that the task names; what `manual` goes by.
    package static func pick(
        _ distribution: Distribution, from candidates: [Candidate], after pointer: AgentID?, assignee: String
    ) -> Candidate? {
        let free = candidates.filter { $0.freeSlots > 0 }.sorted { $0.id < $1.id }
        switch distribution {
        case .pull:
            return nil
        case .roundRobin:
            guard let pointer else { return free.first }
            return free.first { $0.id > pointer } ?? free.first
        case .leastLoaded:
            return free.min { ($0.activeLeases, $0.id) < ($1.activeLeases, $1.id) }
        case .capacity:
            return free.min { isRoomier($0, $1) }
        case .manual:
            return assignee.isEmpty ? nil : free.first { $0.name == assignee }
        }
    }

    /// A larger share of free slots first, compared without rounding; then more slots; then the lower id.
    private static func isRoomier(_ left: Candidate, _ right: Candidate) -> Bool {
        let leftShare = left.freeSlots * right.capacity
        let rightShare = right.freeSlots * left.capacity
        if leftShare != rightShare { return leftShare > rightShare }
        if left.freeSlots != right.freeSlots { return left.freeSlots > right.freeSlots }
        return left.id < right.id
    }
}
