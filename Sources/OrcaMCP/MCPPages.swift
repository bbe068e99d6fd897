import OrcaProtobuf
import OrcaSupport

/// Lists, page by page.
extension MCPServer {
    /// Entries of one page, unless the server was made with another number.
    package static let pageEntries = 50

    /// The result of a list: the page that the request's cursor leads to.
    func page(_ name: String, _ entries: [JSONValue], _ request: MCPRequest) throws(RPCError) -> JSONValue {
        let start = try Self.start(name, request)
        guard start < max(1, entries.count) else { throw Self.badCursor }
        let end = min(entries.count, start + pageEntries)
        let page: JSONValue = .object([.init(name, .array(Array(entries[start..<end])))])
        guard end < entries.count else { return page }
        return page.adding(["nextCursor": .string(MCPKeeping.text(Array("\(name):\(end)".utf8)))])
    }

    /// Refuses a cursor before something is looked up.
    static func start(_ name: String, _ request: MCPRequest) throws(RPCError) -> Int {
        guard let cursor = request.parameters["cursor"], cursor != .null else { return 0 }
        guard let text = cursor.stringValue, let bytes = Base64.decode(text),
            let decoded = String(validating: bytes, as: UTF8.self), decoded.hasPrefix(name + ":"),
            let start = Int(decoded.dropFirst(name.count + 1)), start > 0
        else { throw badCursor }
        return start
    }

    private static let badCursor = RPCError(
        .invalidParameters, "This cursor was not given out here. Leave it out to begin with the first page.")
}
