import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// Reads a list page by page, within bounds.
struct AllPages {
    let call: MethodCall

    init(_ call: MethodCall) { self.call = call }

    func rows(
        _ request: any ProtoMessage, _ perform: (any ProtoMessage) async throws -> any ProtoMessage
    ) async throws -> [JSONValue] {
        guard case .object(let asked) = try JSONValue(jsonBytes: request.jsonBytes()) else { return [] }
        let rest = asked.filter { $0.name != "cursor" && $0.name != "limit" }
        var rows: [JSONValue] = []
        var bytes = 0
        var cursor = ""
        for _ in 0..<ScriptLimits.pagesMax {
            let members = rest + [.init("limit", .integer(ScriptLimits.pageRows)), .init("cursor", .string(cursor))]
            let next = try call.method.operation.requestType.init(jsonBytes: JSONValue.object(members).jsonBytes())
            let answer = try await perform(next).jsonBytes()
            bytes += answer.count
            let page = try JSONValue(jsonBytes: answer)
            rows += Self.rows(page)
            guard rows.count <= ScriptLimits.rowsMax else { throw tooMuch("\(ScriptLimits.rowsMax) rows") }
            guard bytes <= ScriptLimits.rowBytesMax else { throw tooMuch("\(ScriptLimits.rowBytesMax >> 20) MiB") }
            cursor = page["nextCursor"]?.stringValue ?? ""
            if cursor.isEmpty { return rows }
        }
        throw tooMuch("\(ScriptLimits.pagesMax) pages")
    }

    private static func rows(_ page: JSONValue) -> [JSONValue] {
        guard case .object(let members) = page else { return [] }
        for member in members { if let rows = member.value.arrayValue { return rows } }
        return []
    }

    private func tooMuch(_ what: String) -> ScriptError {
        ScriptError(
            "limit_exceeded", "orca.\(call.method.name) has more than \(what).",
            hint: "Filter more, or go page by page: orca.\(call.method.name.dropLast(3))({…, cursor: page.nextCursor})."
        )
    }
}
