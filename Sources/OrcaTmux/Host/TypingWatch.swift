import OrcaSupport
import OrcaTerminal

/// Notices people who type: those who are attached, by the last key tmux had from them.
struct TypingWatch: Sendable {
    /// tmux tells whole seconds, so a key may be almost a second younger than it says.
    static let granularityMS: Int64 = 1_000
    static let format = "#{client_control_mode}|#{client_readonly}|#{client_activity}|#{pane_id}"
    static let command = "list-clients -F \(TmuxQuoting.word(format))"

    /// Milliseconds since 1970 of the last key in each pane that somebody looks at.
    func lastKeys(_ lines: [String]) -> [String: Int64] {
        var found: [String: Int64] = [:]
        for line in lines {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[0] == "0", fields[1] != "1", let seconds = Int64(fields[2]) else {
                continue
            }
            found[String(fields[3])] = max(found[String(fields[3])] ?? 0, seconds * 1_000)
        }
        return found
    }

    /// Whether the key is too young to type over.
    static func isTyping(_ lastKeyMS: Int64, now: Int64) -> Bool {
        now - lastKeyMS < TerminalLimits.typingQuietMS + granularityMS
    }
}
