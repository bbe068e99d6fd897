package import OrcaDomain

package protocol TaskCollection {
    func find(_ id: TaskID) throws -> WorkTask?
    func find(ref: String, in workspace: WorkspaceID) throws -> WorkTask?
    func find(plan: String, key: String, in project: ProjectID) throws -> WorkTask?
    func body(_ id: TaskID) throws -> TaskBody?
    func requirement(_ row: Int64) throws -> Requirement?
    /// In the order of creation.
    func page(_ filter: TaskFilter, _ request: PageRequest) throws -> Page<WorkTask>
    func children(of parent: TaskID) throws -> [WorkTask]

    /// The distinct requirements among queued tasks of a project. One index seek each.
    func queuedRequirements(in project: Project) throws -> [Int64]
    /// Projects of a workspace with queued tasks. One index seek each.
    func queuedProjects(in workspace: WorkspaceID) throws -> [ProjectID]
    /// The first queued tasks of one project and requirement: priority, then age.
    func queueHead(project: Project, requirement: Int64, limit: Int) throws -> [WorkTask]

    /// Ready tasks whose backoff ended at or before `now`, oldest first.
    func backoffEnded(at now: Timestamp, limit: Int) throws -> [TaskID]
    /// Pending tasks whose start time came at or before `now` and that wait for nothing else.
    func startDue(at now: Timestamp, limit: Int) throws -> [TaskID]
    /// When the next of either comes.
    func nextDue() throws -> Timestamp?
    func count() throws -> Int64
}

/// Which tasks a list shows. Empty fields do not filter.
package struct TaskFilter: Sendable {
    package var workspace: WorkspaceID
    package var project: ProjectID?
    package var statuses: Set<TaskStatus> = []
    package var parent: TaskID?
    package var plan = ""
    package var label = ""

    package init(workspace: WorkspaceID) {
        self.workspace = workspace
    }
}

package protocol TaskWriting {
    func insert(_ task: WorkTask, _ body: TaskBody) throws
    /// `before` is the row as it was read: counts and queue are kept by the difference.
    func save(_ task: WorkTask, before: WorkTask) throws
    func save(_ body: TaskBody, of task: TaskID) throws
    /// Finds or makes the shared row.
    func requirementRow(for requirement: Requirement) throws -> Int64
    func delete(_ task: WorkTask) throws
}
