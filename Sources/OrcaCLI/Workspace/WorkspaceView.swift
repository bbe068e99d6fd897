import OrcaAPI

/// A workspace for people.
enum WorkspaceView {
    static func details(_ workspace: OrcaV1.Workspace?, _ call: Invocation) -> String {
        guard let workspace else { return "" }
        if call.isQuiet { return workspace.name + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("workspace", workspace.name, .strong)
        details.add("description", workspace.description)
        details.add("id", workspace.id)
        details.add("created", Clock.full(workspace.createdAt, now: now))
        return details.text(style: call.style)
    }
}
