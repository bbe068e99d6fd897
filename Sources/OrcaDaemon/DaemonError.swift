import OrcaAPI
import OrcaDomain
import OrcaHTTP
import OrcaRuntime
import OrcaStore
import OrcaSupport

/// Why a server did not start: one message, one exit code.
struct DaemonError: Error {
    var message: String
    var exitCode: Int32

    static func usage(_ message: String) -> DaemonError { DaemonError(message: message, exitCode: 2) }
    static func unavailable(_ message: String) -> DaemonError { DaemonError(message: message, exitCode: 6) }

    init(message: String, exitCode: Int32) {
        self.message = message
        self.exitCode = exitCode
    }

    init(anything error: any Error) {
        switch error {
        case let error as DaemonError: self = error
        case let error as HTTPServerError: self = .unavailable(error.description)
        case let error as SystemError: self = .unavailable("\(error).")
        default:
            let told = APIError(anything: error)
            self.init(message: told.message, exitCode: told.category.exitCode)
        }
    }
}
