import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal

/// Brings in what a finished task left: commits what its agent did not, notes branch and commit, and ends the worker
/// when its worktree is of no more use to it.
struct HarvestWork: Sendable {
    /// How long an agent that has reported its end may still tidy up.
    private static let idleWaitMS: Int64 = 30_000
    private static let lookMS: Int64 = 250

    let run: CoordinatorRun
    let task: WorkTask
    let runtime: Runtime
    let host: any TerminalHost
    let workforce: any Workforce

    func carryOut() async {
        do {
            guard let (record, terminal) = try await worker() else { return }
            await untilIdle(record.terminal)
            // In a worktree that all share nothing is anybody's alone.
            if terminal.worktree.isEmpty || terminal.worktree == run.settings.worktree { return }
            try await collect(record, terminal)
            await workforce.dismiss(record.terminal)
        } catch is CancellationError {
            // The server stops; the next one looks again.
        } catch {
            runtime.server.note(
                "\(run.id): what \(task.ref) left could not be brought in: \(String(reflecting: error))")
        }
    }

    private func worker() async throws -> (DispatchRecord, Terminal)? {
        try await runtime.store.read { store in
            guard let record = try DispatchMapping(store).newest(of: task), record.run == run.id,
                let terminal = try store.terminals.find(record.terminal)
            else { return nil }
            return (record, terminal)
        }
    }

    private func collect(_ record: DispatchRecord, _ terminal: Terminal) async throws {
        let place = try await workforce.workplace(terminal.worktree, in: run.workspace)
        let harvest = try await workforce.collect(place, message: "\(task.ref): \(task.title)")
        let input = RecordHarvest.Input(attempt: record.attempt, branch: harvest.branch, commit: harvest.commit)
        try await runtime.store.write { [runtime] tx in
            try RecordHarvest.run(input, in: tx, runtime.systemContext("RecordHarvest"))
        }
    }

    private func untilIdle(_ terminal: TerminalID) async {
        let deadline = runtime.clock.now.adding(milliseconds: Self.idleWaitMS)
        while runtime.clock.now < deadline, !Task.isCancelled {
            // One that has gone is as quiet as can be.
            guard let status = try? await host.status(terminal.text) else { return }
            if status.state != .working { return }
            await runtime.clock.sleep(milliseconds: Self.lookMS)
        }
    }
}

/// Merges a run's branches, as `orca merge` does; conflicts become tasks of the run.
struct RunMerge: Sendable {
    let run: CoordinatorRun
    let runtime: Runtime
    let workforce: any Workforce

    /// Whether everything finished is merged. A conflict that became a task is merged once that is done.
    func carryOut() async throws -> Bool {
        let (key, repository) = try await runtime.store.read { store in
            guard let project = try store.projects.find(run.project) else { return ("", "") }
            return (project.key, run.settings.repository.isEmpty ? project.repository : run.settings.repository)
        }
        guard !key.isEmpty, !repository.isEmpty else { return false }  // nothing was made in a repository
        let report = try await workforce.merge(
            key, in: run.workspace, repository: repository, base: run.settings.baseBranch)
        try await runtime.store.write { [runtime] tx in
            for ref in Set(report.resolutions) {
                guard let task = try tx.tasks.find(ref: ref, in: run.workspace), !task.status.isFinished,
                    try tx.runs.run(of: task.id) != run.id
                else { continue }
                try tx.put(task.id, into: run.id)
            }
            var mail = Notify.Input(
                workspace: run.workspace, from: run.id.text,
                to: run.coordinator.isEmpty ? run.id.text : run.coordinator,
                subject: report.isComplete ? "Run \(run.id): merged" : "Run \(run.id): not all could be merged")
            mail.type = .mergeReady
            mail.body = report.text
            _ = try Notify.run(mail, in: tx, runtime.systemContext("RunMerge"))
        }
        return report.isComplete
    }
}
