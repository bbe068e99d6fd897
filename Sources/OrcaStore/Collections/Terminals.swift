package import OrcaDomain

package protocol TerminalCollection {
    func find(_ id: TerminalID) throws -> Terminal?
    /// All that have not ended, oldest first.
    func live(in workspace: WorkspaceID, limit: Int) throws -> [Terminal]
    /// All that have not ended, of every workspace; for whoever brings rows and panes in line.
    func allLive(limit: Int) throws -> [Terminal]
}

package protocol TerminalWriting {
    func insert(_ terminal: Terminal) throws
    /// Saves the row under its next version.
    func save(_ terminal: Terminal) throws
    /// Forgets terminals that ended before `time`, at most `limit` a call. Returns how many went.
    func forgetTerminals(endedBefore time: Timestamp, limit: Int) throws -> Int
}
