import Glibc
import OrcaSupport

/// The terminal around a process whose environment does not name it: some agents give their hooks only a few variables.
enum TerminalAround {
    /// Processes above this one that are looked at.
    private static let generationsMax = 16
    private static let names: Set<String> = [
        "HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
    ]

    /// The environment, with what an ancestor knows of its terminal and of the way to the server.
    static func environment(_ own: [String: String]) -> [String: String] {
        guard (own[ContractIdentity.variable] ?? "").isEmpty else { return own }
        var pid = getppid()
        for _ in 0..<generationsMax where pid > 1 {
            if let found = ProcessTable.environment(of: pid), found[ContractIdentity.variable] != nil {
                let wanted = found.filter { $0.key.hasPrefix("ORCA_") || names.contains($0.key) }
                return own.merging(wanted) { mine, _ in mine }
            }
            pid = ProcessTable.entry(pid)?.parent ?? 0
        }
        return own
    }
}
