import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension OrcaV1.Gate {
    init(_ gate: Gate) {
        self.init()
        id = gate.id.text
        workspace = gate.workspace.text
        task = gate.task.text
        taskRef = gate.taskRef
        question = gate.question
        options = gate.options
        audience = Words.api(gate.audience)
        status = Words.api(gate.status)
        resolution = gate.resolution
        defaultResolution = gate.fallback
        timeoutAt = gate.timeoutAt.map { ProtoTimestamp($0) }
        run = gate.run?.text ?? ""
        createdBy = gate.createdBy
        resolvedBy = gate.resolvedBy
        createdAt = ProtoTimestamp(gate.createdAt)
        resolvedAt = gate.resolvedAt.map { ProtoTimestamp($0) }
    }
}

extension OrcaV1.Dispatch {
    /// - Parameter attemptsMax: after how many consecutive failures the task gives up.
    init(_ record: DispatchRecord, _ attempt: Attempt, attemptsMax: Int) {
        self.init()
        id = DispatchRecord.shownID(of: record.attempt)
        workspace = record.workspace.text
        task = record.task.text
        taskRef = attempt.taskRef
        self.attempt = attempt.id.text
        token = attempt.token
        terminal = record.terminal.text
        coordinator = record.coordinator
        run = record.run?.text ?? ""
        let counted = attempt.outcome.countsAsFailure(expiryCounts: true)
        failureCount = Int32(record.failuresBefore + (counted ? 1 : 0))
        lastFailure = counted ? attempt.error : ""
        status = Self.status(attempt.outcome, isLast: counted && Int(failureCount) >= attemptsMax)
        prompt = Self.prompt(record.prompt)
        dispatchedAt = ProtoTimestamp(attempt.startedAt)
        completedAt = attempt.endedAt.map { ProtoTimestamp($0) }
        lastHeartbeatAt = record.heartbeatAt.map { ProtoTimestamp($0) }
    }

    private static func status(_ outcome: Attempt.Outcome, isLast: Bool) -> Status {
        switch outcome {
        case .active: .dispatched
        case .succeeded, .gated: .completed
        case .failed, .expired: isLast ? .circuitBroken : .failed
        case .released, .canceled: .failed
        }
    }

    private static func prompt(_ prompt: DispatchRecord.Prompt) -> Prompt {
        switch prompt {
        case .none: .none
        case .queued: .queued
        case .injecting: .injecting
        case .injected: .injected
        case .submitted: .submitted
        case .failed: .undeliverable
        }
    }
}

/// Dispatches with what it takes to show them.
struct DispatchMapping {
    let store: any StoreReader

    init(_ store: any StoreReader) {
        self.store = store
    }

    func message(_ record: DispatchRecord) throws -> OrcaV1.Dispatch {
        guard let attempt = try store.attempts.find(record.attempt), let task = try store.tasks.find(record.task) else {
            throw StoreError.corrupt("the attempt of the dispatch \(record.attempt) is missing")
        }
        let policy = try task.retry ?? store.projects.find(task.project)?.settings.retry ?? .standard
        return OrcaV1.Dispatch(record, attempt, attemptsMax: policy.attemptsMax)
    }

    /// The newest of a task.
    func newest(of task: WorkTask) throws -> DispatchRecord? {
        var filter = AttemptFilter(workspace: task.workspace)
        filter.task = task.id
        for attempt in try store.attempts.page(filter, PageRequest(limit: Limits.attemptsMax)).rows {
            if let record = try store.dispatches.find(attempt.id) { return record }
        }
        return nil
    }
}

extension OrcaV1.Run {
    init(_ run: CoordinatorRun, in store: any StoreReader, _ context: CommandContext) throws {
        self.init()
        id = run.id.text
        workspace = run.workspace.text
        project = try store.projects.find(run.project)?.key ?? ""
        spec = run.spec
        status = Words.api(run.status)
        phase = Words.api(run.phase)
        coordinator = run.coordinator
        settings = OrcaV1.RunSettings(run.settings)
        report = run.report
        var counts: [String: Int32] = [:]
        for task in try store.runs.tasks(of: run.id, limit: Limits.runTasksMax) {
            counts[task.status.rawValue, default: 0] += 1
        }
        taskCounts = counts
        createdBy = run.createdBy
        createdAt = ProtoTimestamp(run.createdAt)
        completedAt = run.completedAt.map { ProtoTimestamp($0) }
        if run.status == .running {
            server = try OrcaV1.ServerPlace(run.node, in: store, (context.node, context.now))
        }
    }
}

extension OrcaV1.RunSettings {
    init(_ settings: RunSettings) {
        self.init()
        maxConcurrent = Int32(settings.concurrentMax)
        agentKinds = settings.agentKinds
        worktree = settings.worktree
        repository = settings.repository
        baseBranch = settings.baseBranch
        planner = settings.planner
        approvePlan = settings.approvesPlan
        freshWorkers = !settings.reusesWorkers
        skipMerge = !settings.merges
        attemptTimeoutMs = settings.attemptTimeoutMS
        maxStaleCommits = Int32(settings.staleCommitsMax)
        workerTags = settings.workerTags
    }

    func settings() -> RunSettings {
        var settings = RunSettings()
        if maxConcurrent != 0 { settings.concurrentMax = Int(maxConcurrent) }
        settings.agentKinds = agentKinds
        settings.worktree = worktree
        settings.repository = repository
        settings.baseBranch = baseBranch
        settings.planner = planner
        settings.approvesPlan = approvePlan
        settings.reusesWorkers = !freshWorkers
        settings.merges = !skipMerge
        settings.attemptTimeoutMS = attemptTimeoutMs
        settings.workerTags = Set(workerTags).sorted()
        if maxStaleCommits != 0 { settings.staleCommitsMax = Int(maxStaleCommits) }
        return settings
    }
}
