import OrcaAPI

/// Lists that come in pages.
enum Paging {
    /// Rows asked for at once when all are wanted.
    static let pageRows: Int32 = 1000

    static let flags: [Flag] = [
        .value("limit", .integer(1...1000), "N", "At most this many."),
        .value("cursor", .text, "CURSOR", "Go on where the answer with this `nextCursor` ended."),
        .toggle("all", "All of them, page after page."),
    ]

    /// Asks for the page the flags name, or for all pages as if they were one.
    static func collect<Response, Row>(
        _ call: Invocation, cursor: WritableKeyPath<Response, String>, rows: WritableKeyPath<Response, [Row]>,
        _ fetch: (_ limit: Int32, _ cursor: String) throws(APIError) -> Response
    ) throws(APIError) -> Response {
        let isAll = call.isOn("all")
        var answer = try fetch(call.integer32("limit") ?? (isAll ? pageRows : 0), call.text("cursor") ?? "")
        while isAll, !answer[keyPath: cursor].isEmpty {
            let page = try fetch(call.integer32("limit") ?? pageRows, answer[keyPath: cursor])
            answer[keyPath: rows] += page[keyPath: rows]
            answer[keyPath: cursor] = page[keyPath: cursor]
        }
        if !call.isJSON, !answer[keyPath: cursor].isEmpty {
            call.note("There are more: add --all, or --cursor \(answer[keyPath: cursor])")
        }
        return answer
    }
}
