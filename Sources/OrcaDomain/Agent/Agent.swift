/// Something that can do tasks: a coding agent, a script, a person.
package struct Agent: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case cli
        case human
        case orchestrator
        case runner
    }

    package enum Status: String, Sendable, Hashable, CaseIterable {
        case idle
        case online
        case busy
        case draining
        case offline
    }

    package var id: AgentID
    package var workspace: WorkspaceID
    package var name: String
    package var kind: Kind
    package var tool: String
    package var tags: [String]
    package var capabilities: [String: String]
    package var capacity: Int
    package var host: String
    package var isDraining: Bool
    package var activeLeases: Int
    package var lastSeenAt: Timestamp
    package var version: Int
    package var createdAt: Timestamp

    package init(id: AgentID, workspace: WorkspaceID, name: String, at now: Timestamp) {
        self.id = id
        self.workspace = workspace
        self.name = name
        kind = .cli
        tool = ""
        tags = []
        capabilities = [:]
        capacity = 1
        host = ""
        isDraining = false
        activeLeases = 0
        lastSeenAt = now
        version = 1
        createdAt = now
    }

    /// How long an agent counts as present after its last sign of life.
    package static let patienceMS: Int64 = 120_000

    package var freeSlots: Int { max(0, capacity - activeLeases) }

    package func status(at now: Timestamp) -> Status {
        if isDraining { return .draining }
        if lastSeenAt.adding(milliseconds: Self.patienceMS) < now { return .offline }
        if activeLeases == 0 { return .idle }
        return freeSlots == 0 ? .busy : .online
    }
}
