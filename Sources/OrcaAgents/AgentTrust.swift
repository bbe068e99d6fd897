import OrcaSupport

/// Tells an agent that a worktree Orca made is to be trusted, so that it does not stop at its first question. Only ever
/// for such a worktree; the person's own directories are the person's decision.
package struct AgentTrust: Sendable {
    private let paths: HookPaths

    package init(environment: [String: String]) {
        paths = HookPaths(environment: environment, project: "")
    }

    /// What must be written; `nil` when the agent does not ask or trusts the directory already.
    /// - Parameter now: RFC 3339, for the agents that keep it.
    package func change(
        _ store: AgentProgram.TrustStore, worktree: String, now: String
    ) throws(AgentError) -> HookInstaller.Change? {
        let file = try ConfigFile(try self.file(store, worktree))
        let after: [UInt8]?
        switch store {
        case .codex: after = try codex(file, worktree)
        case .cursor: after = file.bytes == nil ? Self.cursor(worktree, now) : nil
        case .copilot: after = try copilot(file, worktree)
        }
        guard let after, after != file.bytes else { return nil }
        return HookInstaller.Change(path: file.path, before: file.bytes, after: after)
    }

    /// Writes it.
    package func grant(_ store: AgentProgram.TrustStore, worktree: String, now: String) throws(AgentError) {
        guard let change = try change(store, worktree: worktree, now: now), let after = change.after else { return }
        try ConfigFile(change.path).replace(with: after)
    }

    private func file(_ store: AgentProgram.TrustStore, _ worktree: String) throws(AgentError) -> String {
        switch store {
        case .codex: try paths.codexConfig()
        case .cursor: try paths.home() + "/.cursor/projects/" + Self.slug(worktree) + "/.workspace-trusted"
        case .copilot: try paths.folder("COPILOT_HOME", ".copilot") + "/config.json"
        }
    }

    private func codex(_ file: ConfigFile, _ worktree: String) throws(AgentError) -> [UInt8]? {
        var config = TOMLText(file.bytes ?? [])
        let table = "projects." + TOMLText.quoted(worktree)
        if config.hasTable(table) { return nil }
        guard !config.hasInlineTable("projects") else {
            throw AgentError(
                .malformedFile,
                "\(file.path) has its projects in one line; Codex will ask whether it may trust \(worktree).")
        }
        config.set("trust_level", to: "trusted", inTable: table)
        return config.bytes
    }

    private static func cursor(_ worktree: String, _ now: String) -> [UInt8] {
        JSONValue.object([
            JSONValue.Member("trustedAt", .string(now)), JSONValue.Member("workspacePath", .string(worktree)),
        ]).jsonBytes() + [0x0A]
    }

    /// Letters and digits, everything else as single hyphens.
    static func slug(_ path: String) -> String {
        path.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-")
    }

    /// Newer versions call the list `trustedFolders`, older ones `trusted_folders`.
    private func copilot(_ file: ConfigFile, _ worktree: String) throws(AgentError) -> [UInt8]? {
        do {
            let text = try ConfigText(file.bytes ?? ConfigText.empty)
            guard text.root.members != nil else { throw JSONError(.wrongType, "expected an object", at: 0) }
            guard let list = text.root["trustedFolders"] ?? text.root["trusted_folders"] else {
                return try text.adding("trustedFolders", .array([.string(worktree)]), to: text.root).bytes
            }
            guard let folders = list.elements else { throw JSONError(.wrongType, "expected a list", at: 0) }
            if folders.contains(where: { $0.string == worktree }) { return nil }
            return try text.appending(.string(worktree), to: list).bytes
        } catch {
            throw AgentError(
                .malformedFile,
                "\(file.path) cannot be read (\(error)); Copilot will ask whether it may trust \(worktree).")
        }
    }
}
