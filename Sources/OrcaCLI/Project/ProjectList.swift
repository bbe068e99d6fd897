import OrcaAPI

/// `orca project list`
enum ProjectList {
    static var command: Command {
        Command("list", "List projects by key.", flags: Paging.flags, run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.projects) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListProjectsResponse in
            var request = OrcaV1.ListProjectsRequest()
            request.workspace = call.workspace
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listProjects, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.projects.map { $0.key + "\n" }.joined() }
            var table = Table([.fixed("KEY"), .flexible("NAME"), .flexible("TASKS"), .flexible("REPOSITORY")])
            for item in response.projects {
                table.add([
                    .init(item.key, .strong), .init(item.name), .init(ProjectView.counts(item)),
                    .init(item.repository, .faint),
                ])
            }
            return call.text(table)
        }
        if response.projects.isEmpty, !call.isJSON {
            call.note("No projects yet. Make one with 'orca project create KEY'.")
        }
    }
}
