import Glibc
import OrcaSupport
import OrcaTerminal

/// What runs in the foreground of a terminal, as the kernel has it.
struct ForegroundLook: Sendable, Hashable {
    var value: StateDetector.Foreground
    /// A known agent, by the name of its program.
    var agentKind: String?
    /// Somebody stopped a process of it: it goes on only when it is told to.
    var isStopped = false

    /// Processes of a terminal that are looked at.
    private static let processesMax = 256

    /// Looks at the terminal of the process that was started in it. `isShellRooted`: that process is a shell.
    static func of(_ root: Int32, isShellRooted: Bool, book: AgentRuleBook) -> ForegroundLook {
        guard let group = foregroundGroup(root), group > 0 else { return ForegroundLook(value: .unknown) }
        if group == root, isShellRooted, !hasChildInGroup(root) { return ForegroundLook(value: .shell) }
        return ForegroundLook(
            value: .program, agentKind: agent(group, book), isStopped: isAnyStopped(of: group, root: root))
    }

    private static func isAnyStopped(of group: Int32, root: Int32) -> Bool {
        var open = [root]
        var seen = 0
        while let pid = open.popLast(), seen < processesMax {
            seen += 1
            if let entry = ProcessTable.entry(pid), entry.group == group, entry.state == .stopped { return true }
            open += ProcessTable.children(of: pid)
        }
        return false
    }

    /// Field 8 of `/proc/<pid>/stat`, counted from after the name: tpgid.
    private static func foregroundGroup(_ pid: Int32) -> Int32? { field(pid, 5) }

    private static func field(_ pid: Int32, _ position: Int) -> Int32? {
        // A process that has just ended is in no foreground.
        guard let bytes = try? Files.read("/proc/\(pid)/stat", limit: 4_096),
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > position else { return nil }
        return Int32(String(decoding: fields[position], as: UTF8.self))
    }

    /// A shell without job control runs programs in its own group.
    private static func hasChildInGroup(_ root: Int32) -> Bool {
        ProcessTable.children(of: root).contains { ProcessTable.entry($0)?.group == root }
    }

    private static func agent(_ pid: Int32, _ book: AgentRuleBook) -> String? {
        // The leader of the group may have ended before the others.
        guard let bytes = try? Files.read("/proc/\(pid)/cmdline", limit: 64 << 10) else { return nil }
        let arguments = bytes.split(separator: 0).prefix(4).map { String(decoding: $0, as: UTF8.self) }
        return book.agent(ofArguments: Array(arguments))
    }
}
