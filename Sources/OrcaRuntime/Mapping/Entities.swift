import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension OrcaV1.Workspace {
    init(_ workspace: Workspace) {
        self.init()
        id = workspace.id.text
        name = workspace.name
        description = workspace.about
        version = Int32(workspace.version)
        createdAt = ProtoTimestamp(workspace.createdAt)
        updatedAt = ProtoTimestamp(workspace.updatedAt)
    }
}

extension OrcaV1.Project {
    init(_ project: Project, counts: TaskCounts) {
        self.init()
        id = project.id.text
        workspace = project.workspace.text
        key = project.key
        name = project.name
        repository = project.repository
        baseBranch = project.baseBranch
        settings = OrcaV1.ProjectSettings(project.settings)
        for status in TaskStatus.allCases { taskCounts[status.rawValue] = Int32(counts[status]) }
        version = Int32(project.version)
        createdAt = ProtoTimestamp(project.createdAt)
        updatedAt = ProtoTimestamp(project.updatedAt)
    }
}

extension OrcaV1.ProjectSettings {
    init(_ settings: ProjectSettings) {
        self.init()
        leaseTtlMs = Int32(settings.leaseTTLMS)
        maxConcurrent = Int32(settings.concurrentMax)
        distribution = Words.api(settings.distribution)
        offerTtlMs = Int32(settings.offerTTLMS)
        allowedAgentTags = settings.allowedAgentTags
        adoptLateCompletions = settings.adoptsLateCompletions
        expiryCounts = settings.expiryCounts
        retry = OrcaV1.RetryPolicy(settings.retry)
    }

    /// What a client set replaces what was there; the rest stays.
    func applied(to old: ProjectSettings) throws -> ProjectSettings {
        var settings = old
        if leaseTtlMs != 0 { settings.leaseTTLMS = Int64(leaseTtlMs) }
        if maxConcurrent != 0 { settings.concurrentMax = Int(maxConcurrent) }
        settings.distribution = try Words.domain(distribution, or: old.distribution, field: "distribution")
        if offerTtlMs != 0 { settings.offerTTLMS = Int64(offerTtlMs) }
        if !allowedAgentTags.isEmpty { settings.allowedAgentTags = Set(allowedAgentTags).sorted() }
        settings.adoptsLateCompletions = adoptLateCompletions ?? old.adoptsLateCompletions
        settings.expiryCounts = expiryCounts ?? old.expiryCounts
        if let retry { settings.retry = retry.policy(standard: old.retry) }
        return settings
    }
}

extension OrcaV1.RetryPolicy {
    init(_ policy: RetryPolicy) {
        self.init()
        maxAttempts = Int32(policy.attemptsMax)
        backoffInitialMs = Int32(policy.backoffInitialMS)
        backoffMaxMs = Int32(policy.backoffMaxMS)
    }

    func policy(standard: RetryPolicy) -> RetryPolicy {
        RetryPolicy(
            attemptsMax: maxAttempts.nonZero ?? standard.attemptsMax,
            backoffInitialMS: backoffInitialMs.nonZero.map(Int64.init) ?? standard.backoffInitialMS,
            backoffMaxMS: backoffMaxMs.nonZero.map(Int64.init) ?? standard.backoffMaxMS)
    }
}

extension OrcaV1.Agent {
    init(_ agent: Agent, at now: Timestamp) {
        self.init()
        id = agent.id.text
        workspace = agent.workspace.text
        name = agent.name
        kind = Words.api(agent.kind)
        tool = agent.tool
        tags = agent.tags
        capabilities = agent.capabilities
        capacity = Int32(agent.capacity)
        host = agent.host
        status = Words.api(agent.status(at: now))
        activeLeases = Int32(agent.activeLeases)
        lastSeenAt = ProtoTimestamp(agent.lastSeenAt)
        version = Int32(agent.version)
        createdAt = ProtoTimestamp(agent.createdAt)
    }
}

extension OrcaV1.Token {
    init(_ token: AccessToken) {
        self.init()
        id = token.id.text
        name = token.name
        scope = Words.api(token.scope)
        attempt = token.attempt?.text ?? ""
        createdAt = ProtoTimestamp(token.createdAt)
        expiresAt = ProtoTimestamp(token.expiresAt)
        revokedAt = token.revokedAt.map { ProtoTimestamp($0) }
    }
}

extension OrcaV1.Event {
    init(_ event: Event) {
        self.init()
        sequence = event.sequence
        at = ProtoTimestamp(event.at)
        workspace = event.workspace.text
        type = event.type.rawValue
        entityKind = event.type.entityKind
        entityId = event.entityID
        actor = event.actor
        operation = event.operation
        requestId = event.requestID
        idempotencyKey = event.idempotencyKey
        // The engine wrote it as an object; a row that cannot be read shows as an empty one.
        data = (try? ProtoStruct(jsonBytes: Array(event.data.utf8))) ?? ProtoStruct()
    }
}
