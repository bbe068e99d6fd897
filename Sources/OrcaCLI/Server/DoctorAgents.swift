import Glibc
import OrcaAPI
import OrcaAgents
import OrcaConnect
import OrcaSupport

/// Which coding agents there are, and whether they know and report to Orca.
enum DoctorAgents {
    static func checks(_ call: Invocation) -> [DoctorCheck] {
        let found = installed(call)
        return [agents(found), loginShell(call)] + hooks(found, call) + skills(call)
    }

    /// Some agents (Codex is one) run commands in a login shell, which may set PATH anew: what a terminal puts first there
    /// is lost, and `orca` must be found all the same.
    private static func loginShell(_ call: Invocation) -> DoctorCheck {
        let name = "login shell"
        let shell = call.context.variable("SHELL") ?? "/bin/sh"
        let next =
            "install orca in a directory that it finds: ln -s \(ServerProgram.ownPath ?? "…/orca") /usr/local/bin/orca"
        do throws(APIError) {
            // A profile that waits for somebody must not keep us.
            let line = ["timeout", "5", shell, "-lc", "command -v orca"]
            let result = try call.context.host.run(line, directory: "/", input: [])
            let path = String(decoding: result.output, as: UTF8.self).trimmed
            guard result.code == 0, path.hasPrefix("/") else {
                return DoctorCheck(
                    name: name, verdict: .warning,
                    detail: "\(shell) -l finds no 'orca', nor will agents that run commands so (Codex does)", next: next
                )
            }
            // A file that cannot be resolved is not this program.
            guard (try? Paths.resolved(path)) == ServerProgram.ownPath else {
                return DoctorCheck(
                    name: name, verdict: .warning, detail: "for \(shell) -l 'orca' is \(path), another program",
                    next: next)
            }
            return DoctorCheck(name: name, verdict: .ok, detail: "\(shell) -l finds \(path)")
        } catch {
            return DoctorCheck(name: name, verdict: .warning, detail: error.message, next: "set $SHELL to a shell")
        }
    }

    /// The known agents in `PATH`, in the order of the catalogue.
    private static func installed(_ call: Invocation) -> [(agent: AgentProgram, path: String)] {
        let folders = (call.context.environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        var programs: Set<String> = []
        return AgentCatalogue.all.compactMap { agent in
            // Some agents are one program with different arguments.
            guard programs.insert(agent.executable).inserted else { return nil }
            for folder in folders {
                let path = "\(folder)/\(agent.executable)"
                if access(path, X_OK) == 0, !Files.isDirectory(path) { return (agent, path) }
            }
            return nil
        }
    }

    /// Those of `kinds` that have a program which is not in `PATH`.
    static func missing(_ kinds: [String], _ call: Invocation) -> [String] {
        let there = Set(installed(call).map(\.agent.executable))
        return kinds.filter { kind in
            guard let agent = AgentCatalogue.all.first(where: { $0.id == kind }) else { return false }
            return !there.contains(agent.executable)
        }
    }

    private static func agents(_ found: [(agent: AgentProgram, path: String)]) -> DoctorCheck {
        let names = found.map { "\($0.agent.id) (\($0.path))" }
        return DoctorCheck(
            name: "agents", verdict: .ok,
            detail: names.isEmpty ? "no known coding agent in PATH" : names.joined(separator: ", "))
    }

    /// One line for each agent that is there or has hooks.
    private static func hooks(_ found: [(agent: AgentProgram, path: String)], _ call: Invocation) -> [DoctorCheck] {
        let seen = HookTrace(call.context.places)
        return HookAgent.allCases.compactMap { agent in
            do throws(APIError) {
                let installer = try HookCommands.installer(agent, .user, call)
                let status = try onAgentFiles { () throws(AgentError) in try installer.status() }
                let isThere = found.contains { $0.agent.id == agent.rawValue }
                guard isThere || status.state != .absent else { return nil }
                return check(status, lastSeconds: seen.secondsAgo(agent))
            } catch {
                return DoctorCheck(name: "hooks of \(agent.rawValue)", verdict: .warning, detail: error.message)
            }
        }
    }

    private static func check(_ status: HookStatus, lastSeconds: Int64?) -> DoctorCheck {
        let name = "hooks of \(status.agent.rawValue)"
        let install = "orca hooks install --agent \(status.agent.rawValue)"
        let last = lastSeconds.map { ", last event \(DurationText.text(milliseconds: $0 * 1000)) ago" } ?? ""
        switch (status.state, status.trust) {
        case (.absent, _):
            return DoctorCheck(
                name: name, verdict: .ok, detail: "not installed; only sessions that Orca launches report\(last)")
        case (.outdated, _):
            return DoctorCheck(name: name, verdict: .warning, detail: "of another version\(last)", next: install)
        case (.malformed, _):
            return DoctorCheck(
                name: name, verdict: .warning, detail: status.problem ?? "\(status.path) cannot be read",
                next: "mend \(status.path)")
        case (.installed, .untrusted), (.installed, .modified):
            return DoctorCheck(
                name: name, verdict: .warning, detail: "installed, but not trusted: the agent skips them\(last)",
                next: install + " --trust")
        case (.installed, .notNeeded), (.installed, .asked), (.installed, .trusted):
            return DoctorCheck(name: name, verdict: .ok, detail: "installed in \(status.path)\(last)")
        }
    }

    /// Only those that are not as this version has them.
    private static func skills(_ call: Invocation) -> [DoctorCheck] {
        SkillAgent.allCases.compactMap { agent in
            let installer = SkillInstallation.installer(agent, .user, call)
            // Without a home there are no skills either; the hooks say so already.
            let old = Skill.all.filter { (try? installer.state($0)) == .outdated }
            guard !old.isEmpty else { return nil }
            return DoctorCheck(
                name: "skills of \(agent.rawValue)", verdict: .warning,
                detail: "of another version: \(old.map(\.name).joined(separator: ", "))",
                next: "orca skills install --agent \(agent.rawValue)")
        }
    }
}
