package import OrcaDomain
package import OrcaStore

/// Makes a project; its key gives its tasks readable refs.
package enum CreateProject: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var key: String
        package var name: String
        package var repository: String
        package var baseBranch: String
        package var settings: ProjectSettings

        package init(
            workspace: WorkspaceID, key: String, name: String = "", repository: String = "", baseBranch: String = "",
            settings: ProjectSettings = ProjectSettings()
        ) {
            self.workspace = workspace
            self.key = key
            self.name = name
            self.repository = repository
            self.baseBranch = baseBranch
            self.settings = settings
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Project {
        try Names.checkProjectKey(input.key)
        guard try tx.projects.find(key: input.key, in: input.workspace) == nil else {
            throw DomainError(
                .alreadyExists,
                "There is already a project '\(input.key)' in this workspace; see 'orca project show \(input.key)'.",
                details: ["project": input.key])
        }
        var project = Project(
            id: context.newID(), workspace: input.workspace, key: input.key,
            name: input.name.isEmpty ? input.key : input.name, at: context.now)
        project.repository = input.repository
        project.baseBranch = input.baseBranch
        project.settings = input.settings
        try ProjectRules.check(project)
        try tx.insert(project)
        try Ledger(tx, context).record(
            .projectCreated, workspace: project.workspace, entity: project.id.text,
            ["key": .text(project.key), "name": .text(project.name)])
        return project
    }
}

enum ProjectRules {
    static func check(_ project: Project) throws {
        try Names.checkLength(project.name, max: Limits.titleBytesMax, field: "name")
        try Names.checkLength(project.repository, max: Limits.textBytesMax, field: "repository")
        try Names.checkLength(project.baseBranch, max: Limits.textBytesMax, field: "base_branch")
        let settings = project.settings
        try LeaseTerms.check(ttlMS: settings.leaseTTLMS)
        try LeaseTerms.check(ttlMS: settings.offerTTLMS)
        try RetryRules.check(settings.retry)
        guard (0...1_000_000).contains(settings.concurrentMax) else {
            throw DomainError(
                .invalidArgument, "max_concurrent is \(settings.concurrentMax); give 0 (no limit) to 1000000.",
                details: ["field": "max_concurrent"])
        }
        try Names.checkCount(settings.allowedAgentTags.count, max: Limits.tagsMax, field: "allowed_agent_tags")
        for tag in settings.allowedAgentTags { try Names.checkWord(tag, field: "allowed_agent_tags") }
    }
}

enum RetryRules {
    static func check(_ policy: RetryPolicy) throws(DomainError) {
        guard (1...Limits.attemptsMax).contains(policy.attemptsMax) else {
            throw DomainError(
                .invalidArgument, "max_attempts is \(policy.attemptsMax); give 1 to \(Limits.attemptsMax).",
                details: ["field": "max_attempts"])
        }
        let day: Int64 = 86_400_000
        guard (0...day).contains(policy.backoffInitialMS), (0...day).contains(policy.backoffMaxMS) else {
            throw DomainError(
                .invalidArgument, "A backoff must be between 0 and \(day) ms (a day).", details: ["field": "retry"])
        }
    }
}
