package import OrcaDomain

package protocol RunCollection {
    func find(_ id: RunID) throws -> CoordinatorRun?
    /// Newest first. The key of a page is `time/id`.
    func page(in workspace: WorkspaceID, status: CoordinatorRun.Status?, _ request: PageRequest) throws
        -> Page<CoordinatorRun>
    /// All that are running, in every workspace.
    func allLive(limit: Int) throws -> [CoordinatorRun]
    /// All that are running in a workspace.
    func live(in workspace: WorkspaceID) throws -> [CoordinatorRun]
    /// The tasks of its scope, in the order of creation.
    func tasks(of run: RunID, limit: Int) throws -> [WorkTask]
    /// The run that a task belongs to.
    func run(of task: TaskID) throws -> RunID?
}

package protocol RunWriting {
    func insert(_ run: CoordinatorRun) throws
    /// Saves the row under its next version.
    func save(_ run: CoordinatorRun) throws
    /// Puts a task into the run's scope; a task belongs to the run that took it last.
    func put(_ task: TaskID, into run: RunID) throws
}
