import OrcaSupport

/// Installs, looks at and removes the hooks of one agent.
package struct HookInstaller: Sendable {
    package let agent: HookAgent
    package let scope: HookScope
    /// Full path of `orca`.
    let program: String
    let paths: HookPaths
    let records: String

    /// - Parameter stateDirectory: of Orca; what files were before is kept below it.
    package init(
        _ agent: HookAgent, _ scope: HookScope, program: String, paths: HookPaths, stateDirectory: String
    ) {
        self.agent = agent
        self.scope = scope
        self.program = program
        self.paths = paths
        records = stateDirectory + "/hooks"
    }

    var shelf: ChangeRecord.Shelf { ChangeRecord.Shelf(directory: records) }

    /// The command lines that the hooks run.
    package var commandLines: [String] {
        HookShape.of(agent)?.events.map { HookCommand.line(agent: agent, event: $0.name, program: program) } ?? []
    }

    /// What was done, or would be.
    package struct Change: Sendable, Hashable {
        package let path: String
        /// `nil` where there is no file.
        package let before: [UInt8]?
        package let after: [UInt8]?

        package var isChange: Bool { before != after }
    }

    /// Puts the hooks in beside what is there. A second time changes nothing.
    @discardableResult
    package func install(dryRun: Bool = false) throws(AgentError) -> Change {
        try change(dryRun: dryRun) { (file) throws(AgentError) in try added(to: file) }
    }

    /// Takes the hooks out. A file that nobody changed since gets its old bytes back, or goes.
    @discardableResult
    package func uninstall(dryRun: Bool = false) throws(AgentError) -> Change {
        let file = try ConfigFile(try paths.file(agent, scope))
        let record = try shelf.find(file.path)
        let after = try removed(from: file, record)
        let change = Change(path: file.path, before: file.bytes, after: after)
        if dryRun { return change }
        if agent == .codex { try CodexTrust(installer: self).revoke() }
        if change.isChange {
            if let after { try file.replace(with: after) } else { try file.remove(record?.folders ?? []) }
        }
        shelf.forget(file.path)
        return change
    }

    /// Whether the hooks are there, and as this version writes them.
    package func status() throws(AgentError) -> HookStatus {
        let file = try ConfigFile(try paths.file(agent, scope))
        var status = HookStatus(agent: agent, scope: scope, path: file.path)
        guard let bytes = file.bytes else { return status }
        do throws(AgentError) {
            let found = try look(at: bytes)
            status.state = found.entries == 0 ? .absent : found.isComplete ? .installed : .outdated
            if found.entries > 0 { status.trust = try trust(file) }
        } catch {
            status.state = .malformed
            status.problem = error.message
        }
        return status
    }

    // MARK: The two kinds of files

    func added(to file: ConfigFile) throws(AgentError) -> [UInt8] {
        if let shape = HookShape.of(agent) {
            let merge = HookMerge(shape: shape, program: program, path: file.path)
            return try merge.added(to: file.bytes ?? ConfigText.empty)
        }
        if let bytes = file.bytes, !OpenCodePlugin.isOurs(bytes) {
            throw AgentError(
                .foreignFile, "\(file.path) is not a file of Orca's; it is left alone. Move it away, then try again.")
        }
        return Array(OpenCodePlugin.text(program: program).utf8)
    }

    private func removed(from file: ConfigFile, _ record: ChangeRecord?) throws(AgentError) -> [UInt8]? {
        guard let bytes = file.bytes else { return nil }
        if let record, record.after == bytes { return record.before }
        guard let shape = HookShape.of(agent) else { return OpenCodePlugin.isOurs(bytes) ? nil : bytes }
        let rest = try HookMerge(shape: shape, program: program, path: file.path).removed(from: bytes)
        let isOnlyHeader = rest != bytes && isHeader(rest, shape)
        return isOnlyHeader && (record == nil || record?.before == nil) ? nil : rest
    }

    /// Whether nothing is left but what a file of ours began with.
    private func isHeader(_ bytes: [UInt8], _ shape: HookShape) -> Bool {
        // It was read without an error before.
        guard let members = (try? ConfigText(bytes))?.root.members else { return false }
        return members.allSatisfy { member in
            shape.header.contains { $0.name == member.name && $0.value == member.value.value }
        }
    }

    private func look(at bytes: [UInt8]) throws(AgentError) -> (entries: Int, isComplete: Bool) {
        if let shape = HookShape.of(agent) {
            return try HookMerge(shape: shape, program: program, path: "").look(at: bytes)
        }
        let isOurs = OpenCodePlugin.isOurs(bytes)
        return (isOurs ? 1 : 0, bytes == Array(OpenCodePlugin.text(program: program).utf8))
    }

    private func change(
        dryRun: Bool, _ edit: (ConfigFile) throws(AgentError) -> [UInt8]
    ) throws(AgentError) -> Change {
        let file = try ConfigFile(try paths.file(agent, scope))
        let after = try edit(file)
        let change = Change(path: file.path, before: file.bytes, after: after)
        if dryRun || !change.isChange { return change }
        let earlier = try shelf.find(file.path)
        let before = try original(file, earlier)
        let made = try file.replace(with: after)
        try shelf.keep(
            ChangeRecord(path: file.path, before: before, after: after, folders: made + (earlier?.folders ?? [])))
        return change
    }

    /// What an uninstall goes back to: the file without anything of ours.
    private func original(_ file: ConfigFile, _ earlier: ChangeRecord?) throws(AgentError) -> [UInt8]? {
        guard let bytes = file.bytes else { return nil }
        if let earlier, earlier.after == bytes { return earlier.before }
        return try look(at: bytes).entries == 0 ? bytes : try removed(from: file, earlier)
    }

    private func trust(_ file: ConfigFile) throws(AgentError) -> HookStatus.Trust {
        switch (agent, scope) {
        case (.codex, _): return try CodexTrust(installer: self).state(file)
        case (.gemini, .project), (.cursor, .project): return .asked
        default: return .notNeeded
        }
    }
}

/// What became of the hooks of one agent.
package struct HookStatus: Sendable, Hashable {
    package let agent: HookAgent
    package let scope: HookScope
    package let path: String
    package var state = State.absent
    package var trust = Trust.notNeeded
    package var problem: String?

    package enum State: String, Sendable, Hashable {
        case absent, installed, outdated, malformed
    }

    package enum Trust: String, Sendable, Hashable {
        case notNeeded = "not_needed"
        /// The agent asks the person when it sees the hooks in a project for the first time.
        case asked
        case trusted
        /// Codex skips such hooks, in `codex exec` without a word.
        case untrusted
        /// Trusted once, and changed since.
        case modified
    }
}
