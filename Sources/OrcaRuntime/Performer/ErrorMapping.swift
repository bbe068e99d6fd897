package import OrcaAPI
package import OrcaDomain
import OrcaProtobuf
import OrcaStore

extension APIError {
    /// What a caller is told about anything that was thrown below the API.
    package init(anything error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as DomainError: self.init(error)
        case let error as StoreError: self.init(error)
        case is CancellationError:
            self.init(
                DomainError(.canceled, "The call was given up before it was done. Send it again if it is still wanted.")
            )
        default:
            self.init(
                "internal", .internal,
                "Something went wrong inside the server; its log has the details ('orca logs').")
        }
    }

    package init(_ error: DomainError) {
        self.init(error.code.rawValue, error.code.category, error.message, details: error.details)
    }

    init(_ error: StoreError) {
        let code: ErrorCode
        let message: String
        switch error {
        case .heldByOther(let holder):
            (code, message) = (
                .storeBusy,
                "The store is in use by \(holder). Stop it ('orca stop' stops your server), or name another database."
            )
        case .schemaTooNew(let found, let supported):
            (code, message) = (
                .schemaTooNew,
                "The database has schema \(found); this version knows up to \(supported). Install a newer Orca."
            )
        case .corrupt(let what):
            (code, message) = (
                .storeCorrupt, "The database is damaged: \(what). Run 'orca doctor', or restore a backup."
            )
        case .full(let what):
            (code, message) = (
                .storeFull, "There is no room left to store this: \(what). Free some room and try again."
            )
        case .readOnly(let what):
            (code, message) = (
                .unavailable, "The database cannot be written: \(what). Check its permissions and file system."
            )
        case .cannotOpen(let what):
            (code, message) = (.unavailable, "The database cannot be opened: \(what).")
        case .staleWrite(let what):
            (code, message) = (.versionConflict, "Somebody else changed it at the same moment (\(what)). Try again.")
        case .closed:
            (code, message) = (.unavailable, "The server is stopping. Try again in a moment.")
        case .unavailable(let what):
            (code, message) = (.unavailable, "The database cannot be reached: \(what). Try again in a moment.")
        case .outcomeUnknown(let what):
            (code, message) = (
                .unavailable,
                "The connection to the database was lost while this was being committed (\(what)), so it may have been "
                    + "done or not. Repeat the call with the same idempotency key: it is then done once."
            )
        case .overloaded(let what):
            (code, message) = (.overloaded, "The database is busy: \(what). Try again in a moment.")
        case .unstorable(let what):
            (code, message) = (.invalidArgument, "This cannot be stored: \(what). Leave it out and try again.")
        case .failed(let what):
            (code, message) = (.internal, "The store failed: \(what). See 'orca logs'.")
        }
        self.init(code.rawValue, code.category, message)
    }
}
