import OrcaDomain
import OrcaRuntime
import OrcaStore

/// The server's own lines of `/metrics`: what is stored, in Prometheus' text format.
enum DaemonMetrics {
    private static let projectsMax = 1_000

    static func text(of runtime: Runtime) async -> String {
        await text(of: runtime.store) + clock(runtime.membership)
    }

    private static func clock(_ membership: Membership?) -> String {
        guard let membership else { return "" }
        return """
            # HELP orca_clock_ahead_seconds How far this machine's clock is ahead of the database's.
            # TYPE orca_clock_ahead_seconds gauge
            orca_clock_ahead_seconds \(Double(membership.clockAheadMS) / 1_000)

            """
    }

    private static func text(of store: any Store) async -> String {
        // A scrape of a failing store still gets the other metrics.
        let lines = try? await store.read { reader in
            var lines: [String] = []
            for workspace in try reader.workspaces.page(PageRequest(limit: projectsMax)).rows {
                lines += try Self.lines(of: workspace, reader)
            }
            return lines
        }
        guard let lines else { return "" }
        return """
            # HELP orca_tasks Tasks by status.
            # TYPE orca_tasks gauge
            # HELP orca_events_total Events of a workspace.
            # TYPE orca_events_total counter

            """ + lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of workspace: Workspace, _ reader: any StoreReader) throws -> [String] {
        var totals = TaskCounts()
        for project in try reader.projects.page(in: workspace.id, PageRequest(limit: projectsMax)).rows {
            let counts = try reader.projects.counts(project.id)
            for status in TaskStatus.allCases { totals.byStatus[status, default: 0] += counts[status] }
        }
        let name = workspace.name
        let events = try reader.events.lastSequence(in: workspace.id)
        return TaskStatus.allCases.map { status in
            "orca_tasks{workspace=\"\(name)\",status=\"\(status.rawValue)\"} \(totals[status])"
        } + ["orca_events_total{workspace=\"\(name)\"} \(events)"]
    }
}
