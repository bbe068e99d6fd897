import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addTaskQueries() {
        read(Operations.getTask) { request, store, context in
            let task = try Self.task(request.workspace, request.task, store, context)
            return try .with { $0.task = try TaskMapping(store).message(task) }
        }
        read(Operations.listTasks) { request, store, context in
            let lookup = Lookup(store)
            let workspace = try lookup.workspace(request.workspace, for: context.actor)
            var filter = TaskFilter(workspace: workspace.id)
            if !request.project.isEmpty {
                filter.project = try lookup.project(request.project, in: workspace.id).id
            }
            filter.statuses = Set(
                try request.status.compactMap { try Words.optional($0, field: "status") as TaskStatus? })
            if !request.parent.isEmpty { filter.parent = try lookup.task(request.parent, in: workspace.id).id }
            filter.plan = request.plan
            filter.label = request.label
            let page = try store.tasks.page(filter, Cursor.page(limit: request.limit, cursor: request.cursor))
            return try .with {
                $0.tasks = try page.rows.map { try TaskMapping(store).message($0) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        read(Operations.listReadyTasks) { request, store, context in
            let lookup = Lookup(store)
            let workspace = try lookup.workspace(request.workspace, for: context.actor).id
            let project = request.project.isEmpty ? nil : try lookup.project(request.project, in: workspace)
            let agent = request.agent.isEmpty ? nil : try lookup.agent(request.agent, in: workspace)
            let limit = try Cursor.page(limit: request.limit, cursor: "").limit
            let tasks = try ClaimQueue(store: store, now: context.now).preview(
                in: workspace, only: project, for: agent, limit: limit)
            return try .with { $0.tasks = try tasks.map { try TaskMapping(store).message($0) } }
        }
        read(Operations.explainTask) { request, store, context in
            let task = try Self.task(request.workspace, request.task, store, context)
            let output = try ExplainTask.run(task, in: store, context)
            return try .with {
                $0.task = try TaskMapping(store).message(task)
                $0.summary = output.summary
                $0.reasons = output.reasons.map { OrcaV1.Reason($0) }
            }
        }
        read(Operations.getTaskGraph) { request, store, context in
            let (_, project) = try Self.find(request.workspace, request.project, store, context)
            return try Self.graph(of: project, in: store)
        }
        custom(Operations.waitTask, need: .read) { request, invocation in
            try await Self.waitForTask(request, invocation)
        }
    }

    private static func graph(of project: Project, in store: any StoreReader) throws -> OrcaV1.GetTaskGraphResponse {
        var filter = TaskFilter(workspace: project.workspace)
        filter.project = project.id
        let tasks = try store.tasks.page(filter, PageRequest(limit: Limits.graphTasksMax))
        guard tasks.next == nil else {
            throw DomainError(
                .limitExceeded,
                "\(project.key) has more than \(Limits.graphTasksMax) tasks; a graph of that is of no use. List them "
                    + "with 'orca task list' instead.",
                details: ["limit": String(Limits.graphTasksMax)])
        }
        let edges = try store.dependencies.edges(in: project.id, limit: Limits.graphTasksMax * 10)
        let refs = Dictionary(tasks.rows.map { ($0.id, $0.ref) }) { first, _ in first }
        return try .with {
            $0.tasks = try tasks.rows.map { try TaskMapping(store).message($0) }
            $0.edges = try edges.map { edge in
                try OrcaV1.GraphEdge.with {
                    $0.from = try refs[edge.dependsOn] ?? store.tasks.find(edge.dependsOn)?.ref ?? ""
                    $0.to = refs[edge.task] ?? ""
                    $0.policy = Words.api(edge.policy)
                }
            }
        }
    }

    private static func waitForTask(
        _ request: OrcaV1.WaitTaskRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.WaitTaskResponse {
        let look: @Sendable () async throws -> OrcaV1.WaitTaskResponse = {
            try await invocation.runtime.store.read { store in
                let task = try Self.task(request.workspace, request.task, store, invocation.context())
                return try .with {
                    $0.task = try TaskMapping(store).message(task)
                    $0.done = task.status.isFinished
                }
            }
        }
        let first = try await look()
        guard !first.done, request.waitMs > 0, let task = first.task else { return first }
        var filter = EventFilter(workspace: WorkspaceID(stored: task.workspace))
        filter.entity = task.id
        let poll = LongPoll(runtime: invocation.runtime, filter: filter, waitMS: Int64(request.waitMs))
        let done = try await poll.answer { () -> OrcaV1.WaitTaskResponse? in
            let now = try await look()
            return now.done ? now : nil
        }
        if let done { return done }
        return try await look()
    }
}
