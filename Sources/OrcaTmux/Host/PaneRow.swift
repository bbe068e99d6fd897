import OrcaTerminal

/// One pane as `list-panes` tells it.
struct PaneRow: Sendable, Hashable {
    static let format =
        "#{pane_id}|#{window_id}|#{window_index}|#{pane_pid}|#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}|#{pane_pipe}|#{@orca_id}"

    let paneID: String
    let windowID: String
    let windowIndex: Int
    let pid: Int32
    let isDead: Bool
    let exit: TerminalExit
    let hasPipe: Bool
    /// Empty for a pane that is none of ours.
    let handle: String

    init?(_ line: String) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count == 9, fields[0].hasPrefix("%"), let index = Int(fields[2]), let pid = Int32(fields[3]) else {
            return nil
        }
        paneID = String(fields[0])
        windowID = String(fields[1])
        windowIndex = index
        self.pid = pid
        isDead = fields[4] == "1"
        if let signal = Int32(fields[6]) {
            exit = .signal(signal)
        } else if let code = Int32(fields[5]) {
            exit = .code(code)
        } else {
            exit = .lost
        }
        hasPipe = fields[7] == "1"
        handle = String(fields[8])
    }
}
