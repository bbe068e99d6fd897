package import OrcaDomain

package protocol LeaseCollection {
    /// The live lease of a task.
    func live(_ task: TaskID) throws -> Lease?
    func find(_ id: LeaseID) throws -> Lease?
    func held(by agent: AgentID, limit: Int) throws -> [Lease]
    /// By expiry.
    func page(_ filter: LeaseFilter, _ request: PageRequest) throws -> Page<Lease>
    /// The longest overdue first.
    func overdue(at now: Timestamp, limit: Int) throws -> [Lease]
    func nextExpiry() throws -> Timestamp?
}

package struct LeaseFilter: Sendable {
    package var workspace: WorkspaceID
    package var agent: AgentID?
    package var project: ProjectID?
    package var onlyOffers = false

    package init(workspace: WorkspaceID) {
        self.workspace = workspace
    }
}

package protocol LeaseWriting {
    /// Throws when the task has a live lease: the unique constraint behind "one winner".
    func insert(_ lease: Lease) throws
    func save(_ lease: Lease) throws
    func delete(_ lease: Lease) throws
    /// Moves every expiry to at least one time to live from now. Returns how many leases there are.
    func extendAll(from now: Timestamp) throws -> Int
}
