package import OrcaDomain

package protocol DispatchCollection {
    func find(_ attempt: AttemptID) throws -> DispatchRecord?
    /// Whose prompt still has to get into this terminal, oldest first.
    func undelivered(to terminal: TerminalID) throws -> [DispatchRecord]
    /// The same of all terminals, for whoever starts anew; at most `limit`.
    func allUndelivered(limit: Int) throws -> [DispatchRecord]
    /// Dispatches whose attempt is live, at most `limit`.
    func live(limit: Int) throws -> [DispatchRecord]
    /// The dispatch that is being worked on in a terminal, if there is one.
    func live(in terminal: TerminalID) throws -> DispatchRecord?
}

package protocol DispatchWriting {
    func insert(_ record: DispatchRecord) throws
    func save(_ record: DispatchRecord) throws
}
