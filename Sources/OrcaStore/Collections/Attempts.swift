package import OrcaDomain

package protocol AttemptCollection {
    func find(_ id: AttemptID) throws -> Attempt?
    func find(task: TaskID, token: Int64) throws -> Attempt?
    /// Newest first.
    func page(_ filter: AttemptFilter, _ request: PageRequest) throws -> Page<Attempt>
}

package struct AttemptFilter: Sendable {
    package var workspace: WorkspaceID
    package var task: TaskID?
    package var agent: AgentID?
    package var outcome: Attempt.Outcome?

    package init(workspace: WorkspaceID) {
        self.workspace = workspace
    }
}

package protocol AttemptWriting {
    func insert(_ attempt: Attempt) throws
    func save(_ attempt: Attempt) throws
}
