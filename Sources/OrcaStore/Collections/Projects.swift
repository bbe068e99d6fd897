package import OrcaDomain

package protocol ProjectCollection {
    func find(_ id: ProjectID) throws -> Project?
    func find(key: String, in workspace: WorkspaceID) throws -> Project?
    /// By key.
    func page(in workspace: WorkspaceID, _ request: PageRequest) throws -> Page<Project>
    func counts(_ id: ProjectID) throws -> TaskCounts
    /// Projects of all workspaces that offer their tasks to agents and have one to offer.
    func withOffersToMake(limit: Int) throws -> [Project]
}

package protocol ProjectWriting {
    func insert(_ project: Project) throws
    func save(_ project: Project) throws
    /// Takes the next task number: gap-free, because it is part of the transaction.
    func takeNumber(in project: ProjectID) throws -> Int
    func setOfferPointer(_ agent: AgentID, of project: ProjectID) throws
    /// Deletes it with its tasks, bodies, dependencies, attempts and leases.
    func delete(_ id: ProjectID) throws
}
