import OrcaAPI
import OrcaAgents
import OrcaSupport

/// `orca hooks install`
enum HookInstall {
    static var command: Command {
        Command(
            "install", "Add Orca's hooks to an agent's configuration.",
            flags: [
                HookCommands.agent, HookCommands.scope, HookCommands.dryRun,
                .toggle("trust", "Codex: record that you trust these hooks, and no others, in its config.toml."),
            ],
            discussion: """
                What is there stays, comments and permissions included; a second time changes nothing. A file that cannot be \
                read is refused and left alone.

                Codex skips hooks that its user has not trusted. Without --trust it asks when it starts; until then Orca \
                follows a Codex session by its terminal and its end-of-turn notification.
                """,
            examples: [
                .init("orca hooks install --agent claude", "For all my sessions of Claude Code."),
                .init("orca hooks install --agent codex --trust", "For Codex, trusted at once."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let installer = try HookCommands.installer(call)
        let dryRun = call.isOn("dry-run")
        let trusts = call.isOn("trust")
        guard !trusts || installer.agent == .codex else {
            throw .usage("--trust is for --agent codex: \(installer.agent.rawValue) keeps no list of trusted hooks.")
        }
        let change = try onAgentFiles { () throws(AgentError) in try installer.install(dryRun: dryRun) }
        var granted: HookInstaller.Change?
        if trusts, !dryRun {
            granted = try onAgentFiles { () throws(AgentError) in
                try CodexTrust(installer: installer).grant(dryRun: false)
            }
        }
        if call.isJSON { return HookCommands.write(HookCommands.json(change, installer, dryRun: dryRun), call) }
        if dryRun {
            call.context.out.write(change.after.map { String(decoding: $0, as: UTF8.self) } ?? "")
            call.note(change.isChange ? "\(change.path) would become this." : "\(change.path) is as it should be.")
            return
        }
        call.context.out.write(
            change.isChange ? "Installed: \(change.path)\n" : "Already installed: \(change.path)\n")
        if let granted, granted.isChange { call.context.out.write("Trusted in: \(granted.path)\n") }
        if trusts { showTrusted(installer, call) } else { try remindOfTrust(installer, call) }
    }

    /// What exactly was trusted.
    private static func showTrusted(_ installer: HookInstaller, _ call: Invocation) {
        for line in installer.commandLines { call.note("  \(TextWidth.inert(line))") }
    }

    private static func remindOfTrust(_ installer: HookInstaller, _ call: Invocation) throws(APIError) {
        let status = try onAgentFiles { () throws(AgentError) in try installer.status() }
        switch status.trust {
        case .untrusted, .modified:
            call.note("Codex skips them until you trust them: when it asks, or with --trust.")
        case .asked: call.note("The agent asks whether to trust the hooks of this project when it first sees them.")
        case .notNeeded, .trusted: break
        }
    }
}

/// `orca hooks uninstall`
enum HookUninstall {
    static var command: Command {
        Command(
            "uninstall", "Take Orca's hooks out of an agent's configuration again.",
            flags: [HookCommands.agent, HookCommands.scope, HookCommands.dryRun],
            discussion:
                "A file that nobody changed since gets its old bytes back; one that was made for the hooks goes.",
            examples: [.init("orca hooks uninstall --agent claude", "Claude Code is as it was.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let installer = try HookCommands.installer(call)
        let dryRun = call.isOn("dry-run")
        let change = try onAgentFiles { () throws(AgentError) in try installer.uninstall(dryRun: dryRun) }
        if call.isJSON { return HookCommands.write(HookCommands.json(change, installer, dryRun: dryRun), call) }
        let verb = dryRun ? "Would be removed from" : "Removed from"
        call.context.out.write(change.isChange ? "\(verb): \(change.path)\n" : "Not installed: \(change.path)\n")
    }
}
