/// The top container: who may see what.
package struct Workspace: Sendable, Hashable {
    /// The workspace that always exists.
    package static let defaultName = "default"

    package var id: WorkspaceID
    package var name: String
    package var about: String
    package var version: Int
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(id: WorkspaceID, name: String, about: String, at now: Timestamp) {
        self.id = id
        self.name = name
        self.about = about
        version = 1
        createdAt = now
        updatedAt = now
    }
}
