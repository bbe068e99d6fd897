/// What can go wrong in a store itself. Refusals of the domain are `DomainError`s.
package enum StoreError: Error, Sendable, Equatable {
    /// Somebody else has it; `holder` says who, as far as it is known.
    case heldByOther(holder: String)
    /// Written by a newer version than this one.
    case schemaTooNew(found: Int, supported: Int)
    /// Not a database, or damaged.
    case corrupt(String)
    /// No room left on the device, or over quota.
    case full(String)
    /// The file system or its permissions do not allow writing.
    case readOnly(String)
    case cannotOpen(String)
    /// A row was changed between reading and writing it.
    case staleWrite(String)
    case closed
    /// The database cannot be reached now; nothing happened. It may work again in a moment.
    case unavailable(String)
    /// The connection was lost while a transaction was being committed, and nobody could be asked what became of it.
    case outcomeUnknown(String)
    /// More calls wait for a connection than may.
    case overloaded(String)
    /// What was to be stored cannot stand in this database.
    case unstorable(String)
    /// Anything else, with the engine's own words.
    case failed(String)
}
