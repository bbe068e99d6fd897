import OrcaAPI

/// `orca workspace list`
enum WorkspaceList {
    static var command: Command {
        Command("list", "List workspaces by name.", flags: Paging.flags, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.workspaces) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListWorkspacesResponse in
            var request = OrcaV1.ListWorkspacesRequest()
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listWorkspaces, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.workspaces.map { $0.name + "\n" }.joined() }
            var table = Table([.fixed("NAME"), .flexible("DESCRIPTION"), .fixed("ID")])
            for item in response.workspaces {
                table.add([.init(item.name, .strong), .init(item.description), .init(item.id, .faint)])
            }
            return call.text(table)
        }
    }
}
