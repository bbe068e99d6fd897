import OrcaAPI
import OrcaDomain

/// Who a command of the contract speaks for: the flag, else the terminal it runs in, else the active terminal of the
/// worktree around the working directory.
enum ContractIdentity {
    static let variable = "ORCA_TERMINAL_HANDLE"

    static func flag(_ name: String, _ help: String) -> Flag {
        .value(name, .text, "HANDLE", "\(help) $\(variable), else the active terminal of the worktree here.")
    }

    /// The handle; throws `no_active_terminal` when there is none to be found.
    static func resolve(_ call: ContractCall, flag: String) throws(APIError) -> String {
        if let known = known(call, flag: flag) { return known }
        do throws(APIError) {
            if let active = try TerminalPlace.active(call) { return active }
        } catch {
            // A server without terminals has no active one either.
            guard error.code == ErrorCode.terminalsUnavailable.rawValue else { throw error }
        }
        throw .contract(
            "no_active_terminal", .notFound, "no_active_terminal",
            next: ["Pass --\(flag) <terminal handle>; 'orca terminal list' shows the handles."])
    }

    /// Without asking the server: the flag or the environment.
    static func known(_ call: ContractCall, flag: String) -> String? {
        call.text(flag) ?? call.base.context.variable(variable)
    }
}
