package import OrcaDomain

package protocol AgentCollection {
    func find(_ id: AgentID) throws -> Agent?
    func find(name: String, in workspace: WorkspaceID) throws -> Agent?
    /// By name.
    func page(in workspace: WorkspaceID, _ request: PageRequest) throws -> Page<Agent>
    /// Agents seen at or after `since` that take work, by id.
    func present(in workspace: WorkspaceID, since: Timestamp, limit: Int) throws -> [Agent]
}

package protocol AgentWriting {
    func insert(_ agent: Agent) throws
    func save(_ agent: Agent) throws
    /// The cheap write of every call: a sign of life and a change to the number of leases.
    func touch(_ agent: AgentID, at now: Timestamp, leases delta: Int) throws
    func delete(_ id: AgentID) throws
}
