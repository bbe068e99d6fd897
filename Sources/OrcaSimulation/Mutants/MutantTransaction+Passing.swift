package import OrcaDomain
package import OrcaStore

// The verbs without a bug.
extension MutantTransaction {
    package func insert(_ workspace: Workspace) throws { try real.insert(workspace) }
    package func save(_ workspace: Workspace) throws { try real.save(workspace) }
    package func delete(_ id: WorkspaceID) throws { try real.delete(id) }
    package func insert(_ project: Project) throws { try real.insert(project) }
    package func save(_ project: Project) throws { try real.save(project) }
    package func takeNumber(in project: ProjectID) throws -> Int { try real.takeNumber(in: project) }
    package func setOfferPointer(_ agent: AgentID, of project: ProjectID) throws {
        try real.setOfferPointer(agent, of: project)
    }
    package func delete(_ id: ProjectID) throws { try real.delete(id) }
    package func save(_ body: TaskBody, of task: TaskID) throws { try real.save(body, of: task) }
    package func requirementRow(for requirement: Requirement) throws -> Int64 {
        try real.requirementRow(for: requirement)
    }
    package func delete(_ task: WorkTask) throws { try real.delete(task) }
    package func insert(_ dependency: Dependency) throws { try real.insert(dependency) }
    package func setPolicy(_ dependency: Dependency) throws { try real.setPolicy(dependency) }
    package func delete(_ dependency: Dependency) throws { try real.delete(dependency) }
    package func insert(_ attempt: Attempt) throws { try real.insert(attempt) }
    package func save(_ attempt: Attempt) throws { try real.save(attempt) }
    package func insert(_ lease: Lease) throws { try real.insert(lease) }
    package func save(_ lease: Lease) throws { try real.save(lease) }
    package func insert(_ agent: Agent) throws { try real.insert(agent) }
    package func save(_ agent: Agent) throws { try real.save(agent) }
    package func delete(_ id: AgentID) throws { try real.delete(id) }
    package func compactEvents(in workspace: WorkspaceID, keeping: Int64, limit: Int) throws -> Int {
        try real.compactEvents(in: workspace, keeping: keeping, limit: limit)
    }
    package func put(_ server: ServerRecord) throws { try real.put(server) }
    package func takeLead(_ node: String) throws -> Int64 { try real.takeLead(node) }
    package func forgetServer(_ node: String) throws { try real.forgetServer(node) }
    package func insert(_ token: AccessToken) throws { try real.insert(token) }
    package func save(_ token: AccessToken) throws { try real.save(token) }
    package func insert(_ terminal: Terminal) throws { try real.insert(terminal) }
    package func save(_ terminal: Terminal) throws { try real.save(terminal) }
    package func forgetTerminals(endedBefore time: Timestamp, limit: Int) throws -> Int {
        try real.forgetTerminals(endedBefore: time, limit: limit)
    }
    package func insert(_ repo: Repo) throws { try real.insert(repo) }
    package func save(_ repo: Repo) throws { try real.save(repo) }
    package func insert(_ worktree: Worktree) throws { try real.insert(worktree) }
    package func save(_ worktree: Worktree) throws { try real.save(worktree) }
    package func delete(_ worktree: Worktree) throws { try real.delete(worktree) }
    package func insert(_ record: DispatchRecord) throws { try real.insert(record) }
    package func save(_ record: DispatchRecord) throws { try real.save(record) }
    package func insert(_ run: CoordinatorRun) throws { try real.insert(run) }
    package func save(_ run: CoordinatorRun) throws { try real.save(run) }
    package func put(_ task: TaskID, into run: RunID) throws { try real.put(task, into: run) }
    package func deleteHeartbeats(before message: Message) throws { try real.deleteHeartbeats(before: message) }
    package func insert(_ question: Question) throws { try real.insert(question) }
    package func save(_ question: Question) throws { try real.save(question) }
    package func deleteMessages(of workspace: WorkspaceID) throws -> Int { try real.deleteMessages(of: workspace) }
    package func forgetMessages(readBefore time: Timestamp, limit: Int) throws -> Int {
        try real.forgetMessages(readBefore: time, limit: limit)
    }
    package func forgetReplies(before time: Timestamp, limit: Int) throws -> Int {
        try real.forgetReplies(before: time, limit: limit)
    }
}
