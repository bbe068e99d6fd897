package import OrcaDomain

package protocol WorkspaceCollection {
    func find(_ id: WorkspaceID) throws -> Workspace?
    func find(name: String) throws -> Workspace?
    /// By name.
    func page(_ request: PageRequest) throws -> Page<Workspace>
}

package protocol WorkspaceWriting {
    func insert(_ workspace: Workspace) throws
    /// Throws `StoreError.staleWrite` unless the stored version is `workspace.version - 1`.
    func save(_ workspace: Workspace) throws
    func delete(_ id: WorkspaceID) throws
}
