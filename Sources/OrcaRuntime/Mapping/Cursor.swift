import OrcaDomain
import OrcaProtobuf
import OrcaStore

/// Cursors are opaque to clients: the key of the last row, in base 64 behind a mark.
enum Cursor {
    static func page(limit: Int32, cursor: String) throws -> PageRequest {
        guard limit >= 0 else {
            throw DomainError(
                .invalidArgument, "limit is \(limit); give 0 (for \(Limits.pageRowsDefault)) to \(Limits.pageRowsMax).",
                details: ["field": "limit"])
        }
        let rows = limit == 0 ? Limits.pageRowsDefault : min(Int(limit), Limits.pageRowsMax)
        guard !cursor.isEmpty else { return PageRequest(limit: rows) }
        guard cursor.hasPrefix("c."), let bytes = Base64.decode(String(cursor.dropFirst(2))),
            let key = String(validating: bytes, as: UTF8.self)
        else {
            throw DomainError(
                .cursorInvalid, "The cursor is not one that a list answered. Begin again without it.",
                details: ["field": "cursor"])
        }
        return PageRequest(limit: rows, after: key)
    }

    static func text(_ next: String?) -> String {
        next.map { "c." + Base64.encode(Array($0.utf8)) } ?? ""
    }
}
