import OrcaDomain
import OrcaStore

/// Invariant 3: what was answered with success is there, and is there once.
struct AcknowledgedWrites {
    private var titles: Set<String> = []
    private var completions: [String: Int64] = [:]

    mutating func created(_ title: String) { titles.insert(title) }
    mutating func completed(_ ref: String, token: Int64) { completions[ref] = token }

    func check(_ world: EngineWorld) throws {
        let workspace = try world.workspace.id
        let tasks = try AllRows.of { try world.session.tasks.page(TaskFilter(workspace: workspace), $0) }
        var found: [String: Int] = [:]
        for task in tasks { found[task.title, default: 0] += 1 }
        for (title, count) in found where count > 1 { throw Violation(3, "'\(title)' was created \(count) times") }
        for title in titles where found[title] == nil {
            throw Violation(3, "the creation of '\(title)' was acknowledged, and it is not there")
        }
        for task in tasks {
            guard let token = completions[task.ref] else { continue }
            let attempt = try world.session.attempts.find(task: task.id, token: token)
            if attempt?.outcome != .succeeded {
                throw Violation(
                    3, "the completion of \(task.ref) by attempt \(token) was acknowledged, and is not there")
            }
        }
        try checkClaims(world, workspace)
    }

    /// A claim's key is its session: one key, one attempt.
    private func checkClaims(_ world: EngineWorld, _ workspace: WorkspaceID) throws {
        let attempts = try AllRows.of { try world.session.attempts.page(AttemptFilter(workspace: workspace), $0) }
        var seen: Set<String> = []
        for attempt in attempts where !attempt.session.isEmpty {
            if !seen.insert(attempt.session).inserted {
                throw Violation(3, "\(attempt.session) claimed twice, the second time \(attempt.taskRef)")
            }
        }
    }
}
