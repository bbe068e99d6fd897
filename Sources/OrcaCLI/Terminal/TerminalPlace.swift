import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Which directory, worktree or terminal a command means.
struct TerminalPlace {
    /// Absolute.
    var directory: String
    /// Id of the worktree; empty when the directory is in none that is known.
    var worktree = ""

    static let terminalFlag = Flag.value(
        "terminal", .text, "HANDLE", "The terminal; else the newest one of the directory here.")
    static let worktreeFlag = Flag.value(
        "worktree", .text, "SELECTOR", "active, path:<directory> or id:<worktree>; else the directory here.")

    /// The place a worktree selector names; `nil` when none was given.
    static func named(_ call: ContractCall) throws(APIError) -> TerminalPlace? {
        guard let selector = call.text("worktree") else { return nil }
        switch selector {
        case "active", "current": return try active(call)
        case _ where selector.hasPrefix("path:"): return TerminalPlace(directory: String(selector.dropFirst(5)))
        case _ where selector.hasPrefix("/"): return TerminalPlace(directory: selector)
        default: break
        }
        let id = selector.hasPrefix("id:") ? String(selector.dropFirst(3)) : selector
        // The id of a worktree ends in its path: <repository>::<path>.
        guard let split = firstIndex(of: "::", in: id), id[split...].dropFirst(2).hasPrefix("/") else {
            var request = OrcaV1.GetWorktreeRequest()
            request.workspace = call.workspace
            request.worktree = selector
            let found = try call.call(Operations.getWorktree, request).worktree ?? .init()
            return TerminalPlace(directory: found.path, worktree: found.id)
        }
        return TerminalPlace(directory: String(id[split...].dropFirst(2)), worktree: id)
    }

    private static func firstIndex(of mark: String, in text: String) -> String.Index? {
        text.indices.first { text[$0...].hasPrefix(mark) }
    }

    /// The worktree around the working directory; the directory itself when it is in none that is known.
    private static func active(_ call: ContractCall) throws(APIError) -> TerminalPlace {
        let place = here(call)
        if !place.worktree.isEmpty { return place }
        do throws(APIError) {
            let found = try WorktreeHere.find(call)
            return TerminalPlace(directory: place.directory, worktree: found.id)
        } catch {
            guard error.code == "selector_not_found" || error.code == "unavailable" else { throw error }
            return place
        }
    }

    /// The working directory, and the worktree of the terminal this runs in when it is inside of it.
    static func here(_ call: ContractCall) -> TerminalPlace {
        var place = TerminalPlace(directory: call.base.context.workingDirectory)
        if let id = call.base.context.variable("ORCA_WORKTREE_ID"), let split = firstIndex(of: "::", in: id) {
            let root = String(id[split...].dropFirst(2))
            if place.directory == root || place.directory.hasPrefix(root + "/") { place.worktree = id }
        }
        return place
    }

    /// The terminal that `--terminal` names, else the active one of the directory here.
    static func terminal(_ call: ContractCall) throws(APIError) -> String {
        if let handle = call.text("terminal") { return handle }
        if let handle = try active(call) { return handle }
        throw .contract(
            "no_active_terminal", .notFound, "no_active_terminal",
            next: ["Pass --terminal <handle>; 'orca terminal list' shows the handles."])
    }

    /// The terminal that is nearest to the directory here, the newest of several; `nil` when there is none.
    static func active(_ call: ContractCall) throws(APIError) -> String? {
        var request = OrcaV1.ListTerminalsRequest()
        request.workspace = call.workspace
        let directory = call.base.context.workingDirectory
        let found = try call.call(Operations.listTerminals, request).terminals.filter { terminal in
            terminal.state != .exited && terminal.server == nil
                && (directory == terminal.directory || directory.hasPrefix(terminal.directory + "/")
                    || terminal.directory.hasPrefix(directory + "/"))
        }
        guard let nearest = found.max(by: { $0.directory.utf8.count < $1.directory.utf8.count }) else { return nil }
        return found.last { $0.directory == nearest.directory }?.handle
    }
}
