import OrcaSupport

/// Tells an agent about `orca mcp`, looks whether it knows, and takes it back: beside what is there, in one step, and to the
/// byte where nobody changed the file since.
package struct MCPInstaller: Sendable {
    package typealias Change = HookInstaller.Change

    package let agent: MCPAgent
    package let scope: HookScope
    /// Variables of the person's environment that the program is given, where they are set: which server is theirs. No secrets.
    package static let variables = ["ORCA_HOME", "ORCA_URL", "ORCA_SOCKET"]

    /// Full path of `orca`, and the words behind it.
    let command: [String]
    let environment: [String: String]
    let paths: HookPaths
    private let shelf: ChangeRecord.Shelf

    /// - Parameter stateDirectory: of Orca; what files were before is kept below it.
    package init(
        _ agent: MCPAgent, _ scope: HookScope, command: [String], paths: HookPaths, stateDirectory: String
    ) {
        self.agent = agent
        self.scope = scope
        self.command = command
        environment = paths.environment.filter { Self.variables.contains($0.key) && !$0.value.isEmpty }
        self.paths = paths
        shelf = ChangeRecord.Shelf(directory: stateDirectory + "/mcp")
    }

    /// A second time changes nothing.
    @discardableResult
    package func install(dryRun: Bool = false) throws(AgentError) -> Change {
        let file = try ConfigFile(try paths.configuration(of: agent, scope))
        let form = form(file)
        let after = try form.added(to: file.bytes)
        let change = Change(path: file.path, before: file.bytes, after: after)
        if dryRun || !change.isChange { return change }
        let earlier = try shelf.find(file.path)
        let before = try original(file, form, earlier)
        let made = try file.replace(with: after)
        try shelf.keep(
            ChangeRecord(path: file.path, before: before, after: after, folders: made + (earlier?.folders ?? [])))
        return change
    }

    /// A file that was made for it goes.
    @discardableResult
    package func uninstall(dryRun: Bool = false) throws(AgentError) -> Change {
        let file = try ConfigFile(try paths.configuration(of: agent, scope))
        let record = try shelf.find(file.path)
        var after = file.bytes
        if let bytes = file.bytes {
            if let record, record.after == bytes {
                after = record.before
            } else {
                let rest = try form(file).removed(from: bytes)
                let wasMade = record.map { $0.before == nil } ?? false
                after = wasMade && rest != bytes && form(file).isEmpty(rest) ? nil : rest
            }
        }
        let change = Change(path: file.path, before: file.bytes, after: after)
        if dryRun { return change }
        if change.isChange {
            if let after { try file.replace(with: after) } else { try file.remove(record?.folders ?? []) }
        }
        shelf.forget(file.path)
        return change
    }

    package func status() throws(AgentError) -> MCPInstallation {
        let file = try ConfigFile(try paths.configuration(of: agent, scope))
        var status = MCPInstallation(agent: agent, scope: scope, path: file.path)
        guard let bytes = file.bytes else { return status }
        do throws(AgentError) {
            if let found = try form(file).found(in: bytes) {
                status.command = found.command
                status.state = found.isCurrent ? .installed : .outdated
            }
        } catch {
            status.state = error.code == .foreignFile ? .foreign : .malformed
            status.problem = error.message
        }
        return status
    }

    // MARK: The two kinds of files

    private func form(_ file: ConfigFile) -> any MCPConfigForm {
        agent == .codex
            ? MCPTableForm(command: command, environment: environment, path: file.path)
            : MCPObjectForm(
                agent: agent, scope: scope, command: command, environment: environment, project: paths.project,
                path: file.path)
    }

    /// What an uninstall goes back to: the file without anything of ours.
    private func original(
        _ file: ConfigFile, _ form: any MCPConfigForm, _ earlier: ChangeRecord?
    ) throws(AgentError) -> [UInt8]? {
        guard let bytes = file.bytes else { return nil }
        if let earlier, earlier.after == bytes { return earlier.before }
        return try form.found(in: bytes) == nil ? bytes : try form.removed(from: bytes)
    }
}

/// How one kind of configuration holds our entry. All of them refuse what they cannot read.
protocol MCPConfigForm {
    func added(to bytes: [UInt8]?) throws(AgentError) -> [UInt8]
    func removed(from bytes: [UInt8]) throws(AgentError) -> [UInt8]
    /// Our entry, and whether it is as it would be written now; `nil` when there is none. Throws `foreignFile` when it is
    /// somebody else's.
    func found(in bytes: [UInt8]) throws(AgentError) -> (command: [String], isCurrent: Bool)?
    /// Whether nothing is said in there.
    func isEmpty(_ bytes: [UInt8]) -> Bool
}

extension MCPConfigForm {
    func foreign(_ path: String) -> AgentError {
        AgentError(
            .foreignFile,
            "\(path) has a server '\(MCPAgent.serverName)' that is not this one; it is left alone. Rename it, then try again."
        )
    }

    func malformed(_ path: String, _ why: String) -> AgentError {
        AgentError(
            .malformedFile,
            "\(path) is not a configuration that can be changed safely: \(why). Mend it, then try again.")
    }
}

/// What became of it.
package struct MCPInstallation: Sendable, Hashable {
    package let agent: MCPAgent
    package let scope: HookScope
    package let path: String
    package var state = State.absent
    /// What the agent runs.
    package var command: [String]?
    package var problem: String?

    package enum State: String, Sendable, Hashable {
        case absent, installed
        /// Another place or other words than it would be installed with now.
        case outdated
        /// A server of the same name that is not ours.
        case foreign
        case malformed
    }
}
