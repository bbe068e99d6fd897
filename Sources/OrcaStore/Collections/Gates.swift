package import OrcaDomain

package protocol GateCollection {
    func find(_ id: GateID) throws -> Gate?
    /// All of one task, oldest first.
    func all(of task: TaskID, limit: Int) throws -> [Gate]
    /// Newest first. The key of a page is `time/id`.
    func page(_ filter: GateFilter, _ request: PageRequest) throws -> Page<Gate>
    /// Open gates whose time was up at or before `now`, oldest first.
    func overdue(at now: Timestamp, limit: Int) throws -> [Gate]
    /// When the next open gate times out.
    func nextTimeout() throws -> Timestamp?
}

/// Which gates a list shows. Empty fields do not filter.
package struct GateFilter: Sendable {
    package var workspace: WorkspaceID
    package var status: Gate.Status?
    package var audience: Gate.Audience?
    package var run: RunID?

    package init(workspace: WorkspaceID) {
        self.workspace = workspace
    }

    package func admits(_ gate: Gate) -> Bool {
        gate.workspace == workspace && (status == nil || gate.status == status)
            && (audience == nil || gate.audience == audience) && (run == nil || gate.run == run)
    }
}

package protocol GateWriting {
    func insert(_ gate: Gate) throws
    func save(_ gate: Gate) throws
}
