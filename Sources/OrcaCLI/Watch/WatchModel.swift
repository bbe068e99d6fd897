package import OrcaAPI
import OrcaConnect

/// What `orca watch` shows: read anew after every burst of events, so that it is never wrong for long.
package struct WatchModel {
    package var project: String?
    package var counts: [String: Int32] = [:]
    package var working: [OrcaV1.Attempt] = []
    package var titles: [String: String] = [:]
    package var leases: [String: OrcaV1.Lease] = [:]
    package var agents: [OrcaV1.Agent] = []
    package var ready: [OrcaV1.Task] = []
    package var failed: [OrcaV1.Task] = []
    package var events: [OrcaV1.Event] = []

    package init() {}

    /// Rows asked for of each kind: more than any screen has.
    private static let rowsMax: Int32 = 100
    private static let eventsMax = 200

    /// How many there are: of more than were asked for, the projects' counts know.
    func count(of status: String, listed: Int) -> Int {
        listed < Int(Self.rowsMax) ? listed : max(listed, Int(counts[status] ?? 0))
    }

    /// Reads everything but the events.
    mutating func refresh(_ client: any OrcaClient, workspace: String) throws(APIError) {
        try refreshCounts(client, workspace)
        let dispatched = try tasks(client, workspace, .dispatched)
        failed = try tasks(client, workspace, .failed)
        titles = Dictionary(dispatched.map { ($0.ref, $0.title) }) { first, _ in first }
        var attempts = OrcaV1.ListAttemptsRequest()
        attempts.workspace = workspace
        attempts.outcome = .active
        attempts.limit = Self.rowsMax
        let refs = Set(titles.keys)
        working = try client.call(Operations.listAttempts, attempts).attempts
            .filter { project == nil || refs.contains($0.taskRef) }
            .sorted { ($0.agent, $0.taskRef) < ($1.agent, $1.taskRef) }
        var leases = OrcaV1.ListLeasesRequest()
        leases.workspace = workspace
        leases.project = project ?? ""
        leases.limit = Self.rowsMax
        self.leases = Dictionary(try client.call(Operations.listLeases, leases).leases.map { ($0.attempt, $0) }) {
            first, _ in first
        }
        var agents = OrcaV1.ListAgentsRequest()
        agents.workspace = workspace
        agents.limit = Self.rowsMax
        self.agents = try client.call(Operations.listAgents, agents).agents
        var ready = OrcaV1.ListReadyTasksRequest()
        ready.workspace = workspace
        ready.project = project ?? ""
        ready.limit = Self.rowsMax
        self.ready = try client.call(Operations.listReadyTasks, ready).tasks
    }

    private mutating func refreshCounts(_ client: any OrcaClient, _ workspace: String) throws(APIError) {
        let projects: [OrcaV1.Project]
        if let project {
            var request = OrcaV1.GetProjectRequest()
            request.workspace = workspace
            request.project = project
            projects = try client.call(Operations.getProject, request).project.map { [$0] } ?? []
        } else {
            var request = OrcaV1.ListProjectsRequest()
            request.workspace = workspace
            request.limit = 1000
            projects = try client.call(Operations.listProjects, request).projects
        }
        counts = [:]
        for project in projects { counts.merge(project.taskCounts, uniquingKeysWith: +) }
    }

    private func tasks(
        _ client: any OrcaClient, _ workspace: String, _ status: OrcaV1.Task.Status
    ) throws(APIError) -> [OrcaV1.Task] {
        var request = OrcaV1.ListTasksRequest()
        request.workspace = workspace
        request.project = project ?? ""
        request.status = [status]
        request.limit = Self.rowsMax
        return try client.call(Operations.listTasks, request).tasks
    }

    /// Takes in an event; returns whether it may have changed what else is shown.
    package mutating func take(_ event: OrcaV1.Event) -> Bool {
        events.append(event)
        if events.count > Self.eventsMax { events.removeFirst(events.count - Self.eventsMax) }
        return !event.type.hasPrefix("token.")
    }
}
