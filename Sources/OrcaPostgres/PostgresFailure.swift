import CPostgres
import OrcaStore

/// Turns what Postgres says into the port's errors. Only the primary message is passed on: the detail of an error holds
/// data.
enum PostgresFailure {
    static func error(_ result: OpaquePointer) -> StoreError {
        error(state: field(result, UInt8(ascii: "C")), words: field(result, UInt8(ascii: "M")))
    }

    private static func field(_ result: OpaquePointer, _ code: UInt8) -> String {
        PQresultErrorField(result, Int32(code)).map { String(cString: $0) } ?? ""
    }

    /// The connection is gone, or never came to be.
    static func lost(_ connection: OpaquePointer?) -> StoreError {
        let words = connection.map { String(cString: PQerrorMessage($0)) } ?? "out of memory"
        return .unavailable(oneLine(words))
    }

    /// What kept a connection from being made; some of it waiting does not help.
    static func refused(_ connection: OpaquePointer?) -> StoreError {
        let words = oneLine(connection.map { String(cString: PQerrorMessage($0)) } ?? "out of memory")
        // Before the first query libpq tells no codes, only the server's words.
        let isFinal = [
            "authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry",
            "certificate verify failed", "permission denied for database", "definition of service",
            "root certificate file",
        ]
        if words.contains("session is read-only") || words.contains("server is in hot standby mode") {
            return .readOnly("it is a read-only replica (\(words)). Give the address of the primary")
        }
        if words.contains("too many clients") || words.contains("remaining connection slots")
            || words.contains("too many connections")
        {
            return .unavailable("it has no connection left (\(words)); raise max_connections or run fewer servers")
        }
        if words.contains("database \""), words.contains("does not exist") {
            return .cannotOpen("\(words). Make it with 'createdb', or correct the name")
        }
        return isFinal.contains(where: words.contains) ? .cannotOpen(words) : .unavailable(words)
    }

    static func error(state: String, words: String) -> StoreError {
        switch state {
        case "53100": return .full(words)
        case "25006", "42501": return .readOnly(words)
        case "55P03": return .heldByOther(holder: "another server, which does not let go of its transaction")
        case "57014": return .unavailable("a statement took too long and was ended")
        case "40001", "40P01": return .unavailable("another transaction was in the way")
        case "54000": return .unstorable("a text is too long to be a key")
        default: break
        }
        switch state.prefix(2) {
        case "23": return .staleWrite(words)
        case "08", "53", "57": return .unavailable(words)
        case "28", "3D": return .cannotOpen(words)
        case "22": return .failed("Postgres error \(state)")  // its words hold the value
        case "XX" where state != "XX000": return .corrupt(words)
        default: return .failed("Postgres error \(state): \(words)")
        }
    }

    private static func oneLine(_ text: String) -> String {
        // The words become part of a sentence.
        var words = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces() }.joined(separator: "; ")
        while let last = words.last, "?.!".contains(last) { words.removeLast() }
        return words
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        drop { $0 == " " || $0 == "\t" }
    }
}
