/// Why a terminal could not do what was asked.
package struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// No terminal has this handle, or it was closed.
        case stale = "terminal_handle_stale"
        /// Its program has ended.
        case exited = "terminal_exited"
        /// It ended while something was being done with it.
        case gone = "terminal_gone"
        /// The terminals' server does not answer or went away.
        case unavailable = "terminal_server_unavailable"
        /// The program that provides terminals is not installed, or too old.
        case missing = "tmux_missing"
        case tooOld = "tmux_too_old"
        /// What was asked makes no sense: a directory that is not there, text that is too long.
        case invalid = "invalid_argument"
        case limitReached = "terminal_limit_reached"
    }

    package let code: Code
    /// What happened, and what to do next.
    package let message: String
    /// What lies behind it, for the log.
    package let cause: String

    package init(_ code: Code, _ message: String, cause: String = "") {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { cause.isEmpty ? message : "\(message) (\(cause))" }

    package static func stale(_ handle: String) -> TerminalError {
        TerminalError(.stale, "There is no terminal \(handle) any more. 'orca terminal list' shows those there are.")
    }

    package static func exited(_ handle: String) -> TerminalError {
        TerminalError(
            .exited, "The program in terminal \(handle) has ended. 'orca terminal read' shows what it wrote last.")
    }

    package static func gone(_ handle: String) -> TerminalError {
        TerminalError(.gone, "Terminal \(handle) ended while it was being used. Nobody knows how much it took.")
    }
}
